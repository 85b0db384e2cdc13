//! How often clients may call: setting `rate_limits`, and the header field that tells them
//! (`RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10).

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::settings::SettingError;

const SETTING: &str = "rate_limits";

/// Calls that a strict limit may count: each takes a place in Redis.
const LIMITS: RangeInclusive<u32> = 1..=1_000_000;

/// Seconds of a strict limit's window: at most a week.
const WINDOWS: RangeInclusive<u32> = 1..=604_800;

/// Calls a second, and calls at once, of the general limit.
const RATES: RangeInclusive<u32> = 1..=10_000_000;

/// A strict limit: never more than `limit` calls in any `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowLimit {
    /// Most calls in a window.
    pub limit: u32,
    /// The window, in seconds.
    pub window: u32,
}

/// A smooth limit: `burst` calls at once, which come back at `rate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BurstLimit {
    /// Calls a second.
    pub rate: u32,
    /// Most calls at once.
    pub burst: u32,
}

/// All limits: setting `rate_limits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Registrations of an address.
    pub registration: WindowLimit,
    /// Logins to an account, from all addresses that are not known to be its owner's; and the same
    /// from each that is.
    pub login: WindowLimit,
    /// Logins of an address.
    pub login_address: WindowLimit,
    /// Logins of an address that may fail, before it has to wait for each.
    pub login_failures: WindowLimit,
    /// Password changes of a user.
    pub password_change: WindowLimit,
    /// Messages with a token, to an e-mail address.
    pub recovery: WindowLimit,
    /// Requests for such messages, and uses of what is in them, of an address.
    pub recovery_address: WindowLimit,
    /// Six-digit codes that are tried for an e-mail address.
    pub recovery_code: WindowLimit,
    /// Exports of a user.
    pub export: WindowLimit,
    /// Tokens for services, of an address.
    pub service_token: WindowLimit,
    /// Everything else, of a user or a service or else of an address.
    pub general: BurstLimit,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            registration: WindowLimit {
                limit: 5,
                window: 3600,
            },
            login: WindowLimit {
                limit: 10,
                window: 300,
            },
            login_address: WindowLimit {
                limit: 100,
                window: 300,
            },
            login_failures: WindowLimit {
                limit: 30,
                window: 3600,
            },
            password_change: WindowLimit {
                limit: 10,
                window: 3600,
            },
            recovery: WindowLimit {
                limit: 5,
                window: 3600,
            },
            recovery_address: WindowLimit {
                limit: 50,
                window: 3600,
            },
            recovery_code: WindowLimit {
                limit: 10,
                window: 86_400,
            },
            export: WindowLimit {
                limit: 5,
                window: 3600,
            },
            service_token: WindowLimit {
                limit: 600,
                window: 300,
            },
            general: BurstLimit {
                rate: 1000,
                burst: 2000,
            },
        }
    }
}

impl RateLimits {
    /// Reads changes of the defaults from JSON, for example
    /// `{"registration": {"limit": 5, "window": 3600}, "general": {"rate": 1000, "burst": 2000}}`.
    /// What is left out keeps its default; an empty text changes nothing.
    ///
    /// # Errors
    /// The first key that is unknown or has a value out of bounds.
    pub fn parse(json: &str) -> Result<Self, SettingError> {
        let mut limits = Self::default();
        if json.trim().is_empty() {
            return Ok(limits);
        }
        let document = serde_json::from_str(json)
            .map_err(|error| SettingError::new(SETTING, format!("is not JSON: {error}")))?;
        for (name, value) in object("the value", &document)? {
            match name.as_str() {
                "registration" => limits.registration.change(name, value)?,
                "login" => limits.login.change(name, value)?,
                "login_address" => limits.login_address.change(name, value)?,
                "login_failures" => limits.login_failures.change(name, value)?,
                "password_change" => limits.password_change.change(name, value)?,
                "recovery" => limits.recovery.change(name, value)?,
                "recovery_address" => limits.recovery_address.change(name, value)?,
                "recovery_code" => limits.recovery_code.change(name, value)?,
                "export" => limits.export.change(name, value)?,
                "service_token" => limits.service_token.change(name, value)?,
                "general" => limits.general.change(name, value)?,
                _ => return Err(unknown(name)),
            }
        }
        Ok(limits)
    }
}

impl WindowLimit {
    /// The `RateLimit-Policy` item of this limit under `name`.
    pub fn policy_header(self, name: &str) -> String {
        format!("\"{name}\";q={};w={}", self.limit, self.window)
    }

    fn change(&mut self, name: &str, value: &Value) -> Result<(), SettingError> {
        for (key, value) in object(name, value)? {
            let path = format!("{name}.{key}");
            match key.as_str() {
                "limit" => self.limit = number(&path, value, LIMITS)?,
                "window" => self.window = number(&path, value, WINDOWS)?,
                _ => return Err(unknown(&path)),
            }
        }
        Ok(())
    }
}

impl BurstLimit {
    /// The `RateLimit-Policy` item of this limit under `name`: the burst, and the seconds in which
    /// all of it comes back.
    pub fn policy_header(self, name: &str) -> String {
        format!(
            "\"{name}\";q={};w={}",
            self.burst,
            self.burst.div_ceil(self.rate)
        )
    }

    fn change(&mut self, name: &str, value: &Value) -> Result<(), SettingError> {
        for (key, value) in object(name, value)? {
            let path = format!("{name}.{key}");
            match key.as_str() {
                "rate" => self.rate = number(&path, value, RATES)?,
                "burst" => self.burst = number(&path, value, RATES)?,
                _ => return Err(unknown(&path)),
            }
        }
        Ok(())
    }
}

fn object<'a>(name: &str, value: &'a Value) -> Result<&'a Map<String, Value>, SettingError> {
    value
        .as_object()
        .ok_or_else(|| SettingError::new(SETTING, format!("{name} must be a JSON object")))
}

fn number(path: &str, value: &Value, range: RangeInclusive<u32>) -> Result<u32, SettingError> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (least, most) = range.into_inner();
            let explanation = format!("{path} must be a whole number from {least} to {most}");
            SettingError::new(SETTING, explanation)
        })
}

fn unknown(path: &str) -> SettingError {
    SettingError::new(SETTING, format!("{path:?} is no known key"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_left_out_keeps_its_default() {
        for json in ["", " ", "{}", r#"{"login": {}}"#] {
            assert_eq!(RateLimits::parse(json), Ok(RateLimits::default()));
        }
        let changed = r#"{"registration": {"limit": 50}, "login": {"limit": 1, "window": 2},
            "login_address": {"window": 4}, "login_failures": {"limit": 8}, "password_change": {"limit": 6},
            "recovery": {"limit": 2}, "recovery_address": {"limit": 3}, "recovery_code": {"limit": 4},
            "export": {"limit": 1}, "service_token": {"window": 9}, "general": {"rate": 7, "burst": 8}}"#;
        let expected = RateLimits {
            registration: WindowLimit {
                limit: 50,
                window: 3600,
            },
            login: WindowLimit {
                limit: 1,
                window: 2,
            },
            login_address: WindowLimit {
                limit: 100,
                window: 4,
            },
            login_failures: WindowLimit {
                limit: 8,
                window: 3600,
            },
            password_change: WindowLimit {
                limit: 6,
                window: 3600,
            },
            recovery: WindowLimit {
                limit: 2,
                window: 3600,
            },
            recovery_address: WindowLimit {
                limit: 3,
                window: 3600,
            },
            recovery_code: WindowLimit {
                limit: 4,
                window: 86_400,
            },
            export: WindowLimit {
                limit: 1,
                window: 3600,
            },
            service_token: WindowLimit {
                limit: 600,
                window: 9,
            },
            general: BurstLimit { rate: 7, burst: 8 },
        };
        assert_eq!(RateLimits::parse(changed), Ok(expected));
    }

    #[test]
    fn a_bad_key_or_value_is_named() {
        for (json, text) in [
            (
                "{",
                "is not JSON: EOF while parsing an object at line 1 column 1",
            ),
            ("[]", "the value must be a JSON object"),
            (r#"{"logins": {}}"#, "\"logins\" is no known key"),
            (r#"{"login": 5}"#, "login must be a JSON object"),
            (
                r#"{"login": {"rate": 5}}"#,
                "\"login.rate\" is no known key",
            ),
            (
                r#"{"general": {"limit": 5}}"#,
                "\"general.limit\" is no known key",
            ),
            (
                r#"{"login": {"limit": 0}}"#,
                "login.limit must be a whole number from 1 to 1000000",
            ),
            (
                r#"{"login": {"window": 1.5}}"#,
                "login.window must be a whole number from 1 to 604800",
            ),
            (
                r#"{"general": {"rate": -1}}"#,
                "general.rate must be a whole number from 1 to 10000000",
            ),
            (
                r#"{"general": {"burst": "9"}}"#,
                "general.burst must be a whole number from 1 to 10000000",
            ),
        ] {
            let error = RateLimits::parse(json).unwrap_err();
            assert_eq!(error.to_string(), format!("setting rate_limits: {text}"));
        }
    }

    #[test]
    fn policies_have_the_drafts_form() {
        let limits = RateLimits::default();
        assert_eq!(limits.login.policy_header("login"), r#""login";q=10;w=300"#);
        assert_eq!(
            limits.general.policy_header("general"),
            r#""general";q=2000;w=2"#
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(json in any::<String>()) {
            let _ = RateLimits::parse(&json);
        }
    }
}
