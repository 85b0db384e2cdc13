//! `POST /api/v1/services/push-tokens/feedback`: what a push provider answered about a token. A dead
//! one is deactivated.

use std::sync::Arc;

use api::service_caller::permission;
use api::{ApiError, AuditOrigin, Body, CurrentService, Success};
use axum::extract::State;
use domain::{FeedbackTarget, PushFeedback, ServiceAccountId, Timestamp, TokenVerdict, UserId};
use serde::Serialize;
use store::Row;
use store::user_cache::{CachedDocument, Change};

use crate::state::Services;

/// What a 404 calls the object.
const PUSH_TOKEN: &str = "Push token";

/// What became of the token.
#[derive(Debug, Serialize)]
pub(crate) struct Judged {
    deactivated: bool,
    reason: String,
}

pub(crate) async fn feedback(
    State(app): State<Arc<Services>>,
    caller: CurrentService<permission::PushTokensFeedback>,
    origin: AuditOrigin,
    body: Body,
) -> Result<Success<Judged>, ApiError> {
    let feedback = PushFeedback::parse(&body)?;
    let judged = match feedback.verdict() {
        TokenVerdict::Alive(reason) => Judged {
            deactivated: false,
            reason,
        },
        TokenVerdict::Dead => deactivate(&app, &feedback, caller.id, &origin).await?,
    };
    Ok(Success::ok("Feedback taken", judged))
}

async fn deactivate(
    app: &Services,
    feedback: &PushFeedback,
    reporter: ServiceAccountId,
    origin: &AuditOrigin,
) -> Result<Judged, ApiError> {
    let row = write(app, feedback, reporter, origin)
        .await?
        .ok_or(ApiError::NotFound(PUSH_TOKEN))?;
    let owner: Option<UserId> = row.get("owner")?;
    let Some((owner, version)) = owner.zip(row.get("version")?) else {
        let reason = if row.get("was_active")? {
            "The token was registered after that."
        } else {
            "The token is not active."
        };
        return Ok(Judged {
            deactivated: false,
            reason: reason.into(),
        });
    };
    let outdated = Change::outdated(CachedDocument::User, version);
    app.cache.apply_or_note(owner, vec![outdated]).await;
    app.events.deliver_soon([owner]);
    Ok(Judged {
        deactivated: true,
        reason: "The provider delivers to it no more.".into(),
    })
}

async fn write(
    app: &Services,
    feedback: &PushFeedback,
    reporter: ServiceAccountId,
    origin: &AuditOrigin,
) -> Result<Option<Row>, ApiError> {
    let (id, token) = match &feedback.target {
        FeedbackTarget::Id(id) => (Some(*id), None),
        FeedbackTarget::Token(token) => (None, Some(token.expose_secret())),
    };
    Ok(app
        .database
        .statement(include_str!("feedback.sql"))
        .bind(id)
        .bind(token)
        .bind(feedback.observed_at.map(Timestamp::unix_microseconds))
        .bind(app.events.destinations())
        .bind(reporter)
        .bind(origin.text())
        .optional()
        .await?)
}
