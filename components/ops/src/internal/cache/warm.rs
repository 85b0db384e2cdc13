//! `POST /internal/cache/warm`: after Redis was emptied, fills it with the documents of whoever was active
//! within the last hour, before they ask for them all at once. A timer calls it, say every minute.

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::internal::InternalCaller;
use api::{ApiError, Success};
use axum::extract::State;
use domain::UserId;
use futures_util::future::join_all;
use serde::Serialize;
use store::user_cache::{CachedDocument, Change};
use store::{RedisError, Row};

use super::progress::Progress;
use crate::internal::unhurried;
use crate::state::Ops;

/// How long it begins with pages; the last one must be cached before the deadline.
const LONGEST: Duration = Duration::from_secs(20);

/// How many sessions one statement looks at.
const PAGE: u64 = 500;

/// How many users Redis is told of at once.
const AT_ONCE: usize = 16;

/// What was done.
#[derive(Debug, Serialize)]
pub(crate) struct Warmed {
    /// Users whose documents are cached now.
    users: usize,
    /// Whether the cache is warm; false if the time was up, or Redis away, before.
    complete: bool,
}

pub(crate) async fn warm(
    State(app): State<Arc<Ops>>,
    _: InternalCaller,
) -> Result<Success<Warmed>, ApiError> {
    let warmed = unhurried(cache_all(&app)).await?;
    Ok(Success::ok("Cache warmed", warmed))
}

async fn cache_all(app: &Ops) -> Result<Warmed, ApiError> {
    let until = Instant::now() + LONGEST;
    let mut users = 0;
    let mut reached = Progress::read(&app.redis).await;
    while let Ok(progress) = reached
        && progress != Progress::END
        && Instant::now() < until
    {
        let page = Page::before(app, progress).await?;
        reached = page.cache(app).await;
        if reached.is_ok() {
            users += page.users.len();
        }
    }
    let complete = matches!(reached, Ok(Progress::END));
    Ok(Warmed { users, complete })
}

/// Some sessions, the newest first, and whose they are.
struct Page {
    /// Where it ends.
    end: Progress,
    /// Who of them was active, with his documents.
    users: Vec<(UserId, [Change; 2])>,
}

impl Page {
    /// What follows `progress`, from no replica: what is older than what Redis held must not be kept there.
    async fn before(app: &Ops, progress: Progress) -> Result<Self, ApiError> {
        let rows = app
            .database
            .statement(include_str!("warm.sql"))
            .bind(progress.session())
            .bind(PAGE)
            .many()
            .await?;
        let mut page = Self {
            end: Progress::END,
            users: Vec::with_capacity(rows.len()),
        };
        for row in &rows {
            page.end = Progress::at(row.get("last_session")?);
            if let Some(user) = row.get("user_id")? {
                page.users.push((user, documents(row)?));
            }
        }
        Ok(page)
    }

    /// Tells Redis of it; answers how far that brings it.
    async fn cache(&self, app: &Ops) -> Result<Progress, RedisError> {
        for users in self.users.chunks(AT_ONCE) {
            let told = users
                .iter()
                .map(|(user, documents)| app.cache.apply(*user, documents));
            for told in join_all(told).await {
                told?;
            }
        }
        self.end.write(&app.redis).await?;
        Ok(self.end)
    }
}

/// The documents of a row's user, as of his version.
fn documents(row: &Row) -> Result<[Change; 2], ApiError> {
    let version = row.get("version")?;
    let document = |document, column| {
        Ok::<_, ApiError>(Change::Document {
            document,
            version,
            value: Some(row.get(column)?),
        })
    };
    Ok([
        document(CachedDocument::User, "user_document")?,
        document(CachedDocument::Preferences, "preferences_document")?,
    ])
}
