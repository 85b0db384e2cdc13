//! What the routes under `/api/v1/admin/service-accounts` ask for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::permission::ServicePermission;
use crate::reason::Reason;
use crate::service_name::ServiceName;
use crate::values::{integer, parsed};

/// A service account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewServiceAccount {
    /// Its name, which is its `client_id`.
    pub name: ServiceName,
    /// What it may do.
    pub permissions: Vec<ServicePermission>,
    /// Why.
    pub reason: Reason,
}

/// What a service account may do from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePermissions {
    /// All that it may do.
    pub permissions: Vec<ServicePermission>,
    /// Why.
    pub reason: Reason,
}

/// The wish for a new secret of a service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRotation {
    /// For how many seconds the old secrets work on.
    pub grace_seconds: u64,
    /// Why.
    pub reason: Reason,
}

impl NewServiceAccount {
    /// Reads the request.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let name = input.required("name", parsed(ServiceName::parse));
        let permissions = input.required("permissions", permissions);
        let reason = Reason::read(&mut input);
        input.finish(|| {
            Some(Self {
                name: name?,
                permissions: permissions?,
                reason: reason?,
            })
        })
    }
}

impl ServicePermissions {
    /// Reads the request.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let permissions = input.required("permissions", permissions);
        let reason = Reason::read(&mut input);
        input.finish(|| {
            Some(Self {
                permissions: permissions?,
                reason: reason?,
            })
        })
    }
}

impl SecretRotation {
    /// Most seconds for which an old secret works on: a month.
    pub const LONGEST_GRACE: i64 = 2_678_400;

    /// Reads the request; without `grace_seconds` the old secrets end at once.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let grace = input.optional("grace_seconds", integer(0, Self::LONGEST_GRACE));
        let reason = Reason::read(&mut input);
        input.finish(|| {
            Some(Self {
                grace_seconds: grace.unwrap_or_default().unsigned_abs(),
                reason: reason?,
            })
        })
    }
}

/// The names of permissions, each once.
fn permissions(value: &Value) -> Parsed<Vec<ServicePermission>> {
    let names = value.as_array().filter(|names| !names.is_empty());
    let names = names.ok_or("Must be a list of permissions, one at least.")?;
    let permissions: BTreeSet<ServicePermission> = names
        .iter()
        .map(|name| {
            let name = name.as_str().unwrap_or_default();
            name.parse::<ServicePermission>()
                .map_err(|error| error.to_string())
        })
        .collect::<Result<_, _>>()?;
    Ok(permissions.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn an_account_has_a_name_and_permissions() {
        let account = NewServiceAccount::parse(&json!({
            "name": "push-service",
            "permissions": ["preferences:read", "users:read", "users:read"],
            "reason": "A new neighbour.",
        }))
        .unwrap();
        assert_eq!(account.name.as_str(), "push-service");
        assert_eq!(
            account.permissions,
            [
                ServicePermission::UsersRead,
                ServicePermission::PreferencesRead
            ]
        );
    }

    #[test]
    fn all_that_is_wrong_is_named() {
        let body = json!({"name": "Push Service", "permissions": ["admin:users:read"]});
        let errors = errors_of(NewServiceAccount::parse(&body));
        assert!(errors["name"][0].as_str().unwrap().contains("lower-case"));
        let text = errors["permissions"][0].as_str().unwrap();
        assert!(
            text.starts_with("\"admin:users:read\" is no permission"),
            "{text}"
        );
        assert_eq!(errors["reason"][0], "This field is required.");
        for permissions in [json!([]), json!("users:read"), json!([1])] {
            let body = json!({"permissions": permissions, "reason": "x"});
            assert!(ServicePermissions::parse(&body).is_err());
        }
    }

    #[test]
    fn old_secrets_end_at_once_unless_a_grace_is_given() {
        let rotation = SecretRotation::parse(&json!({"reason": "x"})).unwrap();
        assert_eq!(rotation.grace_seconds, 0);
        let body = json!({"reason": "x", "grace_seconds": 60});
        assert_eq!(SecretRotation::parse(&body).unwrap().grace_seconds, 60);
        for grace in [json!(-1), json!(2_678_401), json!("soon")] {
            let body = json!({"reason": "x", "grace_seconds": grace});
            let errors = errors_of(SecretRotation::parse(&body));
            assert!(errors["grace_seconds"].is_array());
        }
    }
}
