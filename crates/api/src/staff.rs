//! The calling user where more is asked for than his own account: whether his roles permit it.
//!
//! What they permit is asked of PostgreSQL's primary with each request, so that a role that was taken
//! away, or a session that was ended, counts at once. Nothing of it is cached, and the token's `scope`
//! is not looked at.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::{SessionId, StaffPermission, UserId};
use http::request::Parts;
use serde_json::json;

use crate::app::{Access, App};
use crate::audit::{Act, Actor, AuditOrigin};
use crate::caller::CurrentUser;
use crate::error::{ApiError, Unauthenticated};

/// The permission that a route needs, as a type: `CurrentStaff<permission::UsersRead>`.
pub trait Needed: Send + Sync {
    /// The permission.
    const PERMISSION: StaffPermission;
}

/// A type for each permission that a route may need.
pub mod permission {
    use domain::StaffPermission;

    use super::Needed;

    macro_rules! needed {
        ($($name:ident)*) => {$(
            #[doc = concat!("The route needs [`StaffPermission::", stringify!($name), "`].")]
            #[derive(Debug)]
            pub struct $name;

            impl Needed for $name {
                const PERMISSION: StaffPermission = StaffPermission::$name;
            }
        )*};
    }

    needed! {
        UsersRead
        UsersVerify
        UsersUnlock
        PasswordsReset
        SessionsEnd
        UsersActivate
        UsersDelete
        RolesRead
        RolesWrite
        ServicesRead
        ServicesWrite
        AuditRead
        DeadLettersRead
        DeadLettersReplay
    }
}

/// A user who is signed in and whose roles permit `P`.
#[derive(Debug)]
pub struct CurrentStaff<P> {
    /// The user.
    pub id: UserId,
    /// What his roles permit in all.
    permissions: Vec<String>,
    needed: PhantomData<P>,
}

impl<P> CurrentStaff<P> {
    /// Whether his roles permit this, too.
    pub fn may(&self, permission: StaffPermission) -> bool {
        permits(&self.permissions, permission)
    }
}

impl<S, P> FromRequestParts<Arc<S>> for CurrentStaff<P>
where
    S: AsRef<Access> + AsRef<App> + Send + Sync,
    P: Needed,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, ApiError> {
        let caller: CurrentUser = CurrentUser::from_request_parts(parts, state).await?;
        let app: &App = state.deref().as_ref();
        let permissions = permissions(app, caller.id, caller.session).await?;
        if !permits(&permissions, P::PERMISSION) {
            // Who has no role at all is everybody; the request log has him.
            if !permissions.is_empty() {
                let origin = AuditOrigin::from_request_parts(parts, state).await?;
                let act = Act::refused("authz_fail", Actor::User(caller.id))
                    .with(json!({"permission": P::PERMISSION.as_str()}));
                origin.record_refusal(app, &act).await;
            }
            return Err(ApiError::NotPermitted(P::PERMISSION));
        }
        Ok(Self {
            id: caller.id,
            permissions,
            needed: PhantomData,
        })
    }
}

/// What the roles of `user` permit. Not read from a replica, which may be behind.
async fn permissions(app: &App, user: UserId, session: SessionId) -> Result<Vec<String>, ApiError> {
    let row = app
        .database
        .statement(include_str!("staff.sql"))
        .bind(session)
        .bind(user)
        .optional()
        .await?
        .ok_or(Unauthenticated::InvalidAccessToken)?;
    Ok(row.get("permissions")?)
}

fn permits(permissions: &[String], permission: StaffPermission) -> bool {
    permissions.iter().any(|name| name == permission.as_str())
}
