//! A token that is good for nothing but a change of the account that it is of.

use api::audit::{Act, Actor};
use api::{ApiError, AuditOrigin, Context};
use domain::AccountProof;
use store::Row;

use super::{Found, Purpose, find};
use crate::state::Auth;
use crate::tell::tell;

/// Has `sql` make the change that `proof` of a token for `purpose` allows, and tells of it.
///
/// The statement's parameters are the token's row, the user, the destinations of events and the origin;
/// it answers no row if the token is not good any more, and else what [`tell`] reads.
///
/// # Errors
/// What [`AccountProof::refusal`] says if the token is not good: that `action` is refused is written
/// down; [`ApiError::Database`].
pub(crate) async fn redeem(
    app: &Auth,
    context: &Context,
    origin: &AuditOrigin,
    proof: &AccountProof,
    purpose: Purpose,
    action: &'static str,
    sql: &'static str,
) -> Result<(), ApiError> {
    let found = find(app, proof, purpose).await?;
    let changed = match &found {
        Some(found) => change(app, found, origin, sql).await?,
        None => None,
    };
    let (Some(found), Some(changed)) = (found, changed) else {
        let act = Act::refused(action, Actor::Anonymous);
        origin.record_refusal(app, &act).await;
        return Err(proof.refusal().into());
    };
    context.note_user(found.user);
    tell(app, found.user, &changed).await
}

/// No row if the token is not good any more.
async fn change(
    app: &Auth,
    found: &Found,
    origin: &AuditOrigin,
    sql: &'static str,
) -> Result<Option<Row>, ApiError> {
    Ok(app
        .database
        .statement(sql)
        .bind(found.id)
        .bind(found.user)
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?)
}
