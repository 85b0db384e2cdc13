//! `/api/v1/admin/users/{id}/roles/{role}`: the roles of a user.

mod grant;
mod revoke;

pub(crate) use grant::grant;
pub(crate) use revoke::revoke;

use api::ApiError;
use api::staff::permission::RolesWrite;
use domain::RoleName;

use crate::act::UserAct;
use crate::state::Admin;

/// There is no such role, or it is the one that everybody has.
const ROLE: ApiError = ApiError::NotFound("Role");

/// Runs the statement `sql` for the role that the URL names. What a user may do is looked up with each
/// of his requests, so there is nobody to be told.
async fn change(app: &Admin, act: &UserAct<RolesWrite>, sql: &'static str) -> Result<(), ApiError> {
    let role = RoleName::parse(act.segment("role")).map_err(|_| ROLE)?;
    let row = act.statement(app, sql).bind(role.as_str()).one().await?;
    if row.get("is_role")? {
        Ok(())
    } else {
        Err(ROLE)
    }
}
