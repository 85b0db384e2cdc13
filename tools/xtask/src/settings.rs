//! The settings that `up` checks before it starts anything: a component has no start at which it
//! could refuse a bad one, so every request would.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use domain::settings::{one_of, truth};
use domain::{
    BrokerUrl, NumberSetting, PasswordPeppers, RateLimits, ServiceUrl, SettingError,
    TrustedProxies, WebhookSecret, WebhookUrl,
};

use crate::keys::KeySet;

/// RFC 7518 section 3.2: a key for HS256 has at least as many bits as the hash.
const LEAST_SECRET_BYTES: usize = 32;

/// What `log_level` may be.
const LOG_LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];

/// What `email_verification` may be.
const EMAIL_VERIFICATION: [&str; 3] = ["on_request", "on_registration", "before_login"];

/// Checks those of `variables`, Spin variables by their names, that are set.
///
/// # Errors
/// If some are wrong; the text says of each what would be right, and repeats no secret.
pub(crate) fn check(variables: &BTreeMap<String, String>) -> Result<()> {
    let value = |name: &str| variables.get(name).map(String::as_str);
    let text = |name: &str| value(name).unwrap_or_default();
    let has_webhook = !text("webhook_url").is_empty();
    let allows_private = text("webhook_allow_private") == "true";
    let mut checks = vec![
        value("jwt_secret").map_or(Ok(()), |secret| check_secret("jwt_secret", secret)),
        check_keys(text("jwt_keys"), value("jwt_accept_hs256")),
        BrokerUrl::parse(text("mqtt_url")).map(|_| ()),
        PasswordPeppers::parse(text("password_peppers")).map(|_| ()),
        RateLimits::parse(text("rate_limits")).map(|_| ()),
        TrustedProxies::parse(text("trusted_proxies")).map(|_| ()),
        WebhookUrl::parse(text("webhook_url"), allows_private).map(|_| ()),
    ];
    if !text("internal_secret").is_empty() {
        checks.push(check_secret("internal_secret", text("internal_secret")));
    }
    if has_webhook {
        checks.push(WebhookSecret::parse(text("webhook_secret")).map(|_| ()));
    }
    if let Some(level) = value("log_level") {
        checks.push(one_of("log_level", level, &LOG_LEVELS).map(|_| ()));
    }
    if let Some(mode) = value("email_verification") {
        checks.push(one_of("email_verification", mode, &EMAIL_VERIFICATION).map(|_| ()));
    }
    for name in [
        "template_service_url",
        "breached_passwords_url",
        "public_url",
    ] {
        checks.push(ServiceUrl::parse(name, text(name)).map(|_| ()));
    }
    for setting in NumberSetting::ALL {
        if let Some(number) = value(setting.name()) {
            checks.push(setting.parse(number).map(|_| ()));
        }
    }
    let errors: Vec<_> = checks
        .into_iter()
        .filter_map(|check| check.err().map(|error| error.to_string()))
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    bail!(errors.join("\n"))
}

/// Checks the keys that sign tokens, and that tokens are signed by what is accepted.
fn check_keys(keys: &str, accept_hs256: Option<&str>) -> Result<(), SettingError> {
    let accepts_secret = accept_hs256.map_or(Ok(true), |text| truth("jwt_accept_hs256", text))?;
    let keys =
        KeySet::parse(keys).map_err(|error| SettingError::new("jwt_keys", format!("{error:#}")))?;
    if keys.active().is_none() && !accepts_secret {
        let explanation = "must have an active key while jwt_accept_hs256 is false";
        return Err(SettingError::new("jwt_keys", explanation));
    }
    Ok(())
}

fn check_secret(name: &'static str, secret: &str) -> Result<(), SettingError> {
    if secret.len() >= LEAST_SECRET_BYTES {
        return Ok(());
    }
    let explanation = format!(
        "must have at least {LEAST_SECRET_BYTES} bytes. Without SPIN_VARIABLE_{}, `cargo xtask up` \
         makes one and keeps it in .env",
        name.to_ascii_uppercase()
    );
    Err(SettingError::new(name, explanation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(variables: &[(&str, &str)]) -> String {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables = variables.iter().map(owned).collect();
        check(&variables).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn what_is_not_set_or_right_passes() {
        assert_eq!(complaint(&[]), "");
        let secret = "x".repeat(32);
        let right = [
            ("jwt_secret", secret.as_str()),
            ("internal_secret", ""),
            ("mqtt_url", "mqtt://me:pass@mq.example:1883"),
            ("webhook_url", "https://hooks.example.com/hook"),
            ("webhook_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("public_url", "https://users.example.com"),
            ("event_refusals", "5"),
            ("an_unknown_one", "?"),
        ];
        assert_eq!(complaint(&right), "");
    }

    #[test]
    fn what_is_wrong_is_named_with_what_would_be_right() {
        for (name, value, expected) in [
            (
                "jwt_secret",
                "secret",
                "must have at least 32 bytes. Without SPIN_VARIABLE_JWT_SECRET, `cargo xtask up` makes \
                 one and keeps it in .env",
            ),
            (
                "internal_secret",
                "secret",
                "must have at least 32 bytes. Without SPIN_VARIABLE_INTERNAL_SECRET, `cargo xtask up` \
                 makes one and keeps it in .env",
            ),
            (
                "mqtt_url",
                "mqtt://me:secret@mq.example",
                "must look like mqtt://user:password@host:port",
            ),
            (
                "jwt_keys",
                "[]",
                "must be empty, or as `cargo xtask keys` writes it",
            ),
            ("jwt_accept_hs256", "no", "must be one of true, false"),
            (
                "password_peppers",
                "secret",
                "must be id:secret with commas between: 1 to 8 letters, digits and -_. as id, at least \
                 32 printable characters of ASCII as secret",
            ),
            ("rate_limits", "[]", "the value must be a JSON object"),
            (
                "trusted_proxies",
                "10.0.0.0/99",
                "\"10.0.0.0/99\" is no network; write them like 10.0.0.0/8, separated by commas",
            ),
            (
                "template_service_url",
                "templates:8000",
                "must look like http://host:port or https://host, with a path if need be, and without \
                 user, query and fragment",
            ),
            (
                "breached_passwords_url",
                "https://list.example/?range=",
                "must look like http://host:port or https://host, with a path if need be, and without \
                 user, query and fragment",
            ),
            (
                "public_url",
                "users.example.com",
                "must look like http://host:port or https://host, with a path if need be, and without \
                 user, query and fragment",
            ),
            (
                "log_level",
                "verbose",
                "must be one of debug, info, warn, error",
            ),
            (
                "event_refusals",
                "0",
                "must be a whole number from 1 to 1000",
            ),
            (
                "max_hashes",
                "many",
                "must be a whole number from 1 to 10000",
            ),
        ] {
            assert_eq!(
                complaint(&[(name, value)]),
                format!("setting {name}: {expected}")
            );
        }
    }

    #[test]
    fn a_webhook_needs_a_url_and_a_secret_that_fit() {
        let secret = ("webhook_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let allowed = ("webhook_allow_private", "true");
        let public = ("webhook_url", "https://hooks.example.com/hook");
        let private = ("webhook_url", "http://127.0.0.1:8080/hook");
        assert_eq!(complaint(&[private, secret, allowed]), "");
        assert_eq!(
            complaint(&[private, secret]),
            "setting webhook_url: leads to a private host, which webhook_allow_private = true allows"
        );
        assert_eq!(
            complaint(&[("webhook_url", "http://hooks.example.com"), secret, allowed]),
            "setting webhook_url: must be https, since it leads to a public host"
        );
        assert_eq!(
            complaint(&[public, ("webhook_secret", "secret")]),
            "setting webhook_secret: must be whsec_ and the base64 of 24 to 64 bytes"
        );
    }

    #[test]
    fn tokens_are_signed_by_what_is_accepted() {
        assert_eq!(
            complaint(&[("jwt_accept_hs256", "false")]),
            "setting jwt_keys: must have an active key while jwt_accept_hs256 is false"
        );
        let mut keys = KeySet::default();
        keys.generate([1; 32]).unwrap();
        keys.promote(None).unwrap();
        let keys = keys.to_string();
        assert_eq!(
            complaint(&[("jwt_keys", &keys), ("jwt_accept_hs256", "false")]),
            ""
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = [("public_url", "?"), ("event_refusals", "?")];
        assert_eq!(complaint(&wrong).lines().count(), 2);
    }
}
