//! The audit trail: where an act comes from, and acts that have no statement of their own. What changes
//! something writes its row in the statement of the change; docs/audit.md lists all acts.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use domain::{ServiceAccountId, UserId};
use http::request::Parts;
use serde_json::{Value, json};
use store::DatabaseError;
use store::time_limit::within;
use telemetry::{Level, LogLine};
use uuid::Uuid;

use crate::app::App;
use crate::client::Client;
use crate::context::Context;
use crate::error::ApiError;

/// How long a refusal may wait for its row.
const PATIENCE: Duration = Duration::from_millis(500);

/// From where an act comes: the client's address, what it calls itself, and the request.
#[derive(Clone, Debug)]
pub struct AuditOrigin {
    request_id: String,
    text: String,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not proved who he is.
    Anonymous,
    /// A user.
    User(UserId),
    /// Another service.
    Service(ServiceAccountId),
}

/// An act that has no statement of its own.
#[derive(Clone, Debug)]
pub struct Act {
    action: &'static str,
    outcome: &'static str,
    actor: Actor,
    subject: Option<Uuid>,
    details: Value,
}

impl AuditOrigin {
    /// What a statement that writes a row is given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The identifier of the request.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Writes down an act that may not go on without.
    ///
    /// # Errors
    /// [`DatabaseError`]: the act is not to be done.
    pub async fn record(&self, app: &App, act: &Act) -> Result<(), DatabaseError> {
        app.database
            .statement(include_str!("audit.sql"))
            .bind(self.text())
            .bind(act.actor.kind())
            .bind(act.actor.id())
            .bind(act.action)
            .bind(act.outcome)
            .bind(act.subject)
            .bind(act.details.to_string())
            .many()
            .await
            .map(drop)
    }

    /// Writes down an attempt that is refused. The refusal stands even if that fails; the log tells
    /// then that a row is missing.
    pub async fn record_refusal(&self, app: &App, act: &Act) {
        let problem = match within(PATIENCE, self.record(app, act)).await {
            Some(Ok(())) => return,
            Some(Err(error)) => error.to_string(),
            None => format!("no answer within {PATIENCE:?}"),
        };
        LogLine::new(Level::Error, "a refusal is missing in the audit trail")
            .with("request_id", self.request_id.as_str())
            .with("action", act.action)
            .with("error", problem)
            .write();
    }
}

impl Actor {
    fn kind(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User(_) => "user",
            Self::Service(_) => "service",
        }
    }

    fn id(self) -> Option<Uuid> {
        match self {
            Self::Anonymous => None,
            Self::User(id) => Some(id.as_uuid()),
            Self::Service(id) => Some(id.as_uuid()),
        }
    }
}

impl Act {
    /// What `actor` does.
    pub fn done(action: &'static str, actor: Actor) -> Self {
        Self {
            action,
            outcome: "success",
            actor,
            subject: None,
            details: json!({}),
        }
    }

    /// What `actor` tries in vain.
    pub fn refused(action: &'static str, actor: Actor) -> Self {
        Self {
            outcome: "failure",
            ..Self::done(action, actor)
        }
    }

    /// The same, done to a user or a service account; to nobody if the one that is meant is not known.
    #[must_use]
    pub fn to(self, subject: Option<Uuid>) -> Self {
        Self { subject, ..self }
    }

    /// The same with `details`, an object: no secret, token, password or e-mail address belongs there.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

impl<S: AsRef<App> + Send + Sync> FromRequestParts<Arc<S>> for AuditOrigin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, ApiError> {
        let app: &App = state.deref().as_ref();
        let context = Context::of(parts)?;
        let client = Client::of(&parts.headers, &app.config.trusted_proxies);
        Ok(Self::new(&client, context.request_id()))
    }
}

impl AuditOrigin {
    fn new(client: &Client, request_id: &str) -> Self {
        let origin = json!({
            "address": client.address(),
            "user_agent": client.user_agent,
            "request_id": request_id,
        });
        Self {
            request_id: request_id.to_owned(),
            text: origin.to_string(),
        }
    }
}
