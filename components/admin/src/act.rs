//! Something that is done to a user: who does it, to whom and why, and that he may.

use std::sync::Arc;

use api::audit::{Act, Actor};
use api::staff::Needed;
use api::{ApiError, AuditOrigin, Body, CurrentStaff};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use domain::{Reason, StaffPermission, UserId};
use serde_json::json;
use store::user_cache::Change;
use store::{Row, Statement};

use crate::state::Admin;
use crate::users::USER;

/// An act that needs the permission `P`, done to the user `{id}` of the URL.
///
/// Nobody does anything to himself here, so that nobody raises himself, and to users with a role only
/// who may [`StaffPermission::StaffWrite`].
pub(crate) struct UserAct<P> {
    /// To whom.
    pub(crate) subject: UserId,
    /// His e-mail address, in lower case, as it was when that was looked at.
    pub(crate) email: String,
    caller: CurrentStaff<P>,
    origin: AuditOrigin,
    reason: Reason,
    segments: Vec<(String, String)>,
}

impl<P> UserAct<P> {
    /// What stands in the URL for `name`.
    pub(crate) fn segment(&self, name: &str) -> &str {
        segment(&self.segments, name)
    }

    /// The statement of the act, with its first parameters bound: `$1` to whom, `$2` from where, `$3`
    /// who, `$4` why. It writes the row of the audit trail.
    pub(crate) fn statement<'a>(&self, app: &'a Admin, sql: &'static str) -> Statement<'a> {
        app.database
            .statement(sql)
            .bind(self.subject)
            .bind(self.origin.text())
            .bind(self.caller.id)
            .bind(self.reason.as_str())
    }

    /// Tells of what the statement has done, as its `row` says: Redis, which documents are out of date
    /// since which `version` and which sessions have ended, and whom the events go to.
    pub(crate) async fn tell(&self, app: &Admin, row: &Row) -> Result<(), ApiError> {
        let version: Option<u64> = row.get("version")?;
        let mut changes = version.map(Change::all_outdated).unwrap_or_default();
        changes.extend(app.revoked(row.get("ended_sessions")?));
        app.cache.apply_or_note(self.subject, changes).await;
        app.events.deliver_soon([self.subject]);
        Ok(())
    }
}

impl<P: Needed> FromRequest<Arc<Admin>> for UserAct<P> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<Admin>) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let caller = CurrentStaff::<P>::from_request_parts(&mut parts, app).await?;
        let segments = segments(&mut parts, app).await;
        let subject = UserId::parse(segment(&segments, "id")).map_err(|_| USER)?;
        let origin = AuditOrigin::from_request_parts(&mut parts, app).await?;
        let email = permit(app, &caller, subject, &origin).await?;
        let body = Body::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self {
            subject,
            email,
            caller,
            origin,
            reason: Reason::parse(&body)?,
            segments,
        })
    }
}

/// The e-mail address of `subject`, if `caller` may do anything to him; that he may not since `subject` has
/// a role is written down.
async fn permit<P>(
    app: &Admin,
    caller: &CurrentStaff<P>,
    subject: UserId,
    origin: &AuditOrigin,
) -> Result<String, ApiError> {
    if caller.id == subject {
        return Err(ApiError::OwnAccount);
    }
    let row = app
        .database
        .statement(include_str!("users/subject.sql"))
        .bind(subject)
        .optional()
        .await?
        .ok_or(USER)?;
    let needed = StaffPermission::StaffWrite;
    if row.get("is_staff")? && !caller.may(needed) {
        let act = Act::refused("authz_fail", Actor::User(caller.id))
            .to(Some(subject.as_uuid()))
            .with(json!({"permission": needed.as_str()}));
        origin.record_refusal(app, &act).await;
        return Err(ApiError::NotPermitted(needed));
    }
    Ok(row.get("email")?)
}

async fn segments(parts: &mut Parts, app: &Arc<Admin>) -> Vec<(String, String)> {
    let Ok(parameters) = RawPathParams::from_request_parts(parts, app).await else {
        return Vec::new();
    };
    let texts = parameters
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    texts.collect()
}

fn segment<'a>(segments: &'a [(String, String)], name: &str) -> &'a str {
    segments
        .iter()
        .find(|(known, _)| known == name)
        .map_or("", |(_, value)| value)
}
