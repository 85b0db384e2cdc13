//! Who is calling.

use std::sync::Arc;

use anyhow::Result;
use http::HeaderMap;
use uuid::Uuid;

use crate::app::App;
use crate::cache::Change;

/// A user who is signed in, with the document that was asked for, if it is cached.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) id: Uuid,
    pub(crate) cached: Option<String>,
}

impl Caller {
    /// Verifies the token and, in one round trip, the session; reads a document along with it.
    ///
    /// # Errors
    /// If he is not signed in.
    pub(crate) async fn of(
        app: &Arc<App>,
        headers: &HeaderMap,
        document: Option<&str>,
    ) -> Result<Self> {
        let token = app.bearer(headers, "access")?;
        let user = token.user_id;
        let session = format!("us:{{{user}}}:session:{}", token.sid);
        let mut others = keys_of_session(session);
        others.push(format!("us:{{{user}}}:user"));
        others.extend(document.map(|document| format!("us:{{{user}}}:{document}")));
        let limit = format!("us:{{{user}}}:limit:general");
        let seen = app.look_up(&limit, &others).await?;
        if !seen.is_live {
            let sql = include_str!("../../../../crates/api/src/caller.sql");
            app.row(sql, &[&token.sid, &user]).await?;
            tell_later(app, user, Change::Live(token.sid));
        }
        Ok(Self {
            id: user,
            cached: seen.document,
        })
    }
}

/// The keys of a session: its state, and who asks for that.
pub(crate) fn keys_of_session(state: String) -> Vec<String> {
    let asked = format!("{state}:asked");
    vec![state, asked]
}

/// Tells Redis after the answer.
pub(crate) fn tell_later(app: &Arc<App>, user: Uuid, change: Change) {
    let app = app.clone();
    tokio::spawn(async move {
        // It is told again at the next request.
        let _ = app.tell(user, &[change]).await;
    });
}
