//! Checks of the service's own settings that can fail before the first request.
//!
//! A component has no start of its own: under plain `spin up` a weak secret only shows when every
//! request answers 503. Whoever starts the development host is told at once.

use std::collections::HashMap;

use anyhow::ensure;
use domain::RateLimits;

/// The shortest secret for HMAC with SHA-256, in bytes (RFC 7518, section 3.2).
const MINIMUM_SECRET: usize = 32;

/// Refuses a secret that is too short, and `rate_limits` that the components would refuse. The empty
/// `internal_secret` closes the routes that it is for, and for the empty `unsubscribe_secret`
/// `jwt_secret` stands in. Applications without these variables pass.
pub(crate) fn check(variables: &HashMap<String, String>) -> anyhow::Result<()> {
    if let Some(secret) = variables.get("jwt_secret") {
        ensure!(
            secret.len() >= MINIMUM_SECRET,
            "the variable \"jwt_secret\" must be at least {MINIMUM_SECRET} bytes long"
        );
    }
    for name in ["internal_secret", "unsubscribe_secret"] {
        if let Some(secret) = variables.get(name) {
            ensure!(
                secret.is_empty() || secret.len() >= MINIMUM_SECRET,
                "the variable {name:?} must be at least {MINIMUM_SECRET} bytes long, or empty"
            );
        }
    }
    if let Some(limits) = variables.get("rate_limits") {
        RateLimits::parse(limits)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(name: &str, value: &str) -> bool {
        check(&[(name.to_owned(), value.to_owned())].into()).is_ok()
    }

    #[test]
    fn a_secret_needs_32_bytes() {
        assert!(accepts("jwt_secret", &"x".repeat(32)));
        assert!(!accepts("jwt_secret", &"x".repeat(31)));
        assert!(!accepts("jwt_secret", ""));
        for optional in ["internal_secret", "unsubscribe_secret"] {
            assert!(accepts(optional, &"x".repeat(32)));
            assert!(!accepts(optional, &"x".repeat(31)));
            assert!(accepts(optional, ""));
        }
    }

    #[test]
    fn rate_limits_are_what_the_components_take() {
        for value in ["", "{}", r#"{"login": {"limit": 10, "window": 300}}"#] {
            assert!(accepts("rate_limits", value), "{value:?} was refused");
        }
        for value in ["[]", "{", r#"{"logins": {}}"#, r#"{"login": {"limit": 0}}"#] {
            assert!(!accepts("rate_limits", value), "{value:?} was accepted");
        }
    }

    #[test]
    fn other_applications_pass() {
        assert!(accepts("anything", ""));
    }
}
