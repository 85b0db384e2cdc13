//! `/api/v1/users/push-tokens`: the devices on which the caller is reached.

mod create;
mod deactivate_all;
mod delete;
mod get;
mod list;
mod update;

pub(crate) use create::create;
pub(crate) use deactivate_all::deactivate_all;
pub(crate) use delete::delete;
pub(crate) use get::get;
pub(crate) use list::list;
pub(crate) use update::update;

use api::ApiError;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::{PushTokenId, UserId};
use store::Row;
use store::user_cache::{CachedDocument, Change};

use crate::state::Users;

/// What a 404 calls the object.
const PUSH_TOKEN: &str = "Push token";

/// The fields that `fields` can ask for.
const FIELDS: &[&str] = &[
    "id",
    "token_type",
    "platform",
    "device_id",
    "device_name",
    "is_active",
    "last_used",
    "created_at",
    "updated_at",
];

/// The identifier in a URL; a malformed one is as good as an unknown one.
pub(crate) struct Id(PushTokenId);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        segment
            .ok()
            .and_then(|Path(id)| PushTokenId::parse(&id).ok())
            .map(Self)
            .ok_or(ApiError::NotFound(PUSH_TOKEN))
    }
}

/// Tells of a change of the push tokens of `user`: Redis, that the user object is out of date, since
/// it counts them, and whom the events go to.
async fn tell(app: &Users, user: UserId, version: u64) {
    app.cache
        .apply_or_note(user, vec![Change::outdated(CachedDocument::User, version)])
        .await;
    app.events.deliver_soon([user]);
}

/// The same for the caller and for the user from whom a push token has come over to him.
async fn tell_both(app: &Users, caller: UserId, row: &Row) -> Result<(), ApiError> {
    tell(app, caller, row.get("version")?).await;
    let previous_owner: Option<UserId> = row.get("previous_owner")?;
    if let Some((owner, version)) = previous_owner.zip(row.get("previous_owner_version")?) {
        tell(app, owner, version).await;
    }
    Ok(())
}
