//! The limits of how often something may be done, as `RateLimit-Policy` names them.

use domain::{RateLimits, WindowLimit};

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Of a user, a service or else an address, for everything.
    General,
    /// Of an address.
    Registration,
    /// Of an account.
    Login,
    /// Of an address.
    LoginAddress,
    /// Of an address.
    LoginFailures,
    /// Of a user.
    PasswordChange,
    /// Of an e-mail address.
    Recovery,
    /// Of an address.
    RecoveryAddress,
    /// Of an e-mail address.
    RecoveryCode,
    /// Of a user.
    Export,
    /// Of an address.
    ServiceToken,
}

impl Limit {
    /// What is limited, and the numbers unless the setting `rate_limits` has others.
    pub(crate) fn sentence(self) -> String {
        let limits = RateLimits::default();
        let window = |name, limit: WindowLimit, what| {
            let WindowLimit { limit, window } = limit;
            format!("Limit `{name}`: {limit} {what} in {window} seconds.")
        };
        match self {
            Self::General => format!(
                "Limit `general`: {} requests a second of a user, a service or else an address, and up to {} at once.",
                limits.general.rate, limits.general.burst
            ),
            Self::Registration => window("registration", limits.registration, "of an address"),
            Self::Login => window("login", limits.login, "at an account"),
            Self::LoginAddress => window("login_address", limits.login_address, "of an address"),
            Self::LoginFailures => window(
                "login_failures",
                limits.login_failures,
                "failures of an address, each further one doubles the wait,",
            ),
            Self::PasswordChange => window("password_change", limits.password_change, "of a user"),
            Self::Recovery => window("recovery", limits.recovery, "messages to an e-mail address"),
            Self::RecoveryAddress => {
                window("recovery_address", limits.recovery_address, "of an address")
            }
            Self::RecoveryCode => window(
                "recovery_code",
                limits.recovery_code,
                "codes for an e-mail address",
            ),
            Self::Export => window("export", limits.export, "of a user"),
            Self::ServiceToken => window("service_token", limits.service_token, "of an address"),
        }
    }
}
