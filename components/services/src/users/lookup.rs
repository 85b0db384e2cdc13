//! `POST /api/v1/services/users/lookup`: up to 500 users in one call and one statement.

use std::sync::Arc;

use api::service_caller::permission::UsersRead;
use api::{ApiError, Body, CurrentService, Document, Success};
use axum::extract::State;
use domain::UserLookup;
use serde::Serialize;
use store::{DatabaseError, Freshness, Row};

use crate::state::Services;

/// What became of the users that were asked for.
#[derive(Debug, Serialize)]
pub(crate) struct LookedUp {
    /// Those that there are, in the order in which they were asked for.
    users: Document,
    /// The identifiers or e-mail addresses of those that there are not, in this order too.
    missing: Vec<String>,
}

pub(crate) async fn lookup(
    State(app): State<Arc<Services>>,
    _: CurrentService<UsersRead>,
    body: Body,
) -> Result<Success<LookedUp>, ApiError> {
    let row = read(&app, UserLookup::parse(&body)?).await?;
    let found = LookedUp {
        users: Document::from_row(&row, "users")?,
        missing: row.get("missing")?,
    };
    Ok(Success::ok("Users looked up successfully", found))
}

async fn read(app: &Services, lookup: UserLookup) -> Result<Row, DatabaseError> {
    let (ids, emails) = asked(lookup);
    app.database
        .read(include_str!("lookup.sql"), Freshness::Recent)
        .bind(ids)
        .bind(emails)
        .one()
        .await
}

/// The identifiers and the e-mail addresses that are asked for.
fn asked(lookup: UserLookup) -> (Vec<String>, Vec<String>) {
    match lookup {
        UserLookup::Ids(ids) => (ids.iter().map(ToString::to_string).collect(), Vec::new()),
        UserLookup::Emails(emails) => {
            let emails = emails.iter().map(|email| email.as_str().to_owned());
            (Vec::new(), emails.collect())
        }
    }
}
