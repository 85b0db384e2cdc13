//! `/api/v1/services/revoke`.

use domain::{ErrorCode, ServicePermission};
use serde_json::Value;

use super::introspect::presented_token;
use crate::answer::Answer;
use crate::caller::Caller;
use crate::operation::Operation;
use crate::schema::null;
use crate::tag::Tag;

pub(super) fn post() -> Operation {
    Operation::new(
        "post",
        "/api/v1/services/revoke",
        "revokeToken",
        Tag::Services,
        Caller::Service(ServicePermission::TokensRevoke),
    )
    .says(
        "End the session that a user's token belongs to",
        "Either of its tokens ends both (RFC 7009). What is no token, or has ended already, is answered the same. A service's \
         token can't be revoked by itself: 400.",
    )
    .takes(presented_token())
    .refuses(&[ErrorCode::UnsupportedTokenType])
    .answers(Answer::new(
        200,
        "It is not good any more.",
        "Token revoked",
        null(),
        Value::Null,
    ))
}
