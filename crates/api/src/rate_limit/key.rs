//! What the strict limits count, and the keys that it is counted under: all there are. While Redis can't
//! count, a key is `rate_limits.key` in PostgreSQL, and `unlock.sql` and the function `erase_user`, which
//! forget some of them, have their forms, too.

use std::fmt;

use domain::{RateLimits, UserId, WindowLimit};

use crate::account_token::Purpose;
use crate::digest::sha256_hex;

/// What is counted, of whom. An address is as [`Client::rate_key`](crate::Client::rate_key) has it; an
/// e-mail address is in lower case, and need not be anybody's.
#[derive(Clone, Copy, Debug)]
pub enum LimitKey<'a> {
    /// Registrations from an address.
    Registration(&'a str),
    /// Logins to the account of an e-mail address.
    Login(&'a str),
    /// Logins to the account of an e-mail address, from an address that is known to be its owner's.
    LoginAt(&'a str, &'a str),
    /// Logins from an address.
    LoginAddress(&'a str),
    /// Logins from an address that have failed: for [`permit`](super::permit) and
    /// [`note_failure`](super::note_failure).
    LoginFailures(&'a str),
    /// Tries of a user's password by himself: at changing it and wherever else it is asked for, together.
    PasswordChange(UserId),
    /// Messages with a token to an e-mail address.
    Recovery(Purpose, &'a str),
    /// Requests for such messages, and uses of what is in them, from an address.
    RecoveryAddress(&'a str),
    /// Codes that are tried for an e-mail address.
    RecoveryCode(&'a str),
    /// Exports of a user.
    Export(UserId),
    /// Tokens for services, from an address.
    ServiceToken(&'a str),
}

impl fmt::Display for LimitKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Registration(address) => write!(f, "registration:{address}"),
            Self::Login(email) => write!(f, "login:{}", hidden(email)),
            Self::LoginAt(email, address) => write!(f, "login:{}:{address}", hidden(email)),
            Self::LoginAddress(address) => write!(f, "login_address:{address}"),
            Self::LoginFailures(address) => write!(f, "login_failures:{address}"),
            Self::PasswordChange(user) => write!(f, "password_change:{user}"),
            Self::Recovery(purpose, email) => {
                write!(f, "recovery:{}:{}", purpose.as_str(), hidden(email))
            }
            Self::RecoveryAddress(address) => write!(f, "recovery_address:{address}"),
            Self::RecoveryCode(email) => write!(f, "recovery_code:{}", hidden(email)),
            Self::Export(user) => write!(f, "export:{user}"),
            Self::ServiceToken(address) => write!(f, "service_token:{address}"),
        }
    }
}

/// The hash of an e-mail address, so that Redis and its logs hold none.
fn hidden(email: &str) -> String {
    sha256_hex(email)
}

/// A strict limit: how it is called, and on what.
#[derive(Clone, Copy, Debug)]
pub(super) struct StrictLimit {
    /// Its name in the headers and in the variable `rate_limits`.
    pub(super) name: &'static str,
    /// How many attempts are allowed in which time.
    pub(super) limit: WindowLimit,
    /// What is limited, in the words of the refusal: "login attempts".
    pub(super) attempts: &'static str,
}

impl LimitKey<'_> {
    /// The limit of what is counted, as `limits` has it.
    pub(super) fn limit(self, limits: &RateLimits) -> StrictLimit {
        const LOGIN: &str = "login attempts";
        const RECOVERY: &str = "account recovery attempts";
        let (name, limit, attempts) = match self {
            Self::Registration(_) => ("registration", limits.registration, "registration attempts"),
            Self::Login(_) | Self::LoginAt(..) => ("login", limits.login, LOGIN),
            Self::LoginAddress(_) => ("login_address", limits.login_address, LOGIN),
            Self::LoginFailures(_) => ("login_failures", limits.login_failures, LOGIN),
            Self::PasswordChange(_) => (
                "password_change",
                limits.password_change,
                "password change attempts",
            ),
            Self::Recovery(..) => ("recovery", limits.recovery, RECOVERY),
            Self::RecoveryAddress(_) => ("recovery_address", limits.recovery_address, RECOVERY),
            Self::RecoveryCode(_) => ("recovery_code", limits.recovery_code, RECOVERY),
            Self::Export(_) => ("export", limits.export, "exports"),
            Self::ServiceToken(_) => ("service_token", limits.service_token, "token requests"),
        };
        StrictLimit {
            name,
            limit,
            attempts,
        }
    }
}
