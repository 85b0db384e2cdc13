//! The settings: Spin variables, read once for each instance.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use domain::settings::{self, truth};
use domain::{
    NumberSetting, PasswordPeppers, RateLimits, ServiceUrl, SettingError, TrustedProxies,
};
use store::{Database, Redis};
use telemetry::Level;

use crate::credentials::Settings;
use crate::error::ApiError;
use crate::random;

/// Settings that every component has. docs/operations/settings.md says what each is for.
#[derive(Debug)]
pub struct Config {
    /// `database_url`, `database_replica_urls`
    pub database: Database,
    /// `redis_url`
    pub redis: Redis,
    /// `trusted_proxies`
    pub trusted_proxies: TrustedProxies,
    /// `request_deadline_ms`
    pub deadline: Duration,
    /// `cors_origins`
    pub cors_origins: Vec<String>,
    /// `log_level`
    pub log_level: Level,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the first setting that is missing or wrong.
    pub async fn read() -> Result<Self, ApiError> {
        Ok(Self {
            database: Database::new(
                text("database_url").await?,
                list(&text("database_replica_urls").await?),
                random::fraction,
            ),
            redis: Redis::new(text("redis_url").await?),
            trusted_proxies: TrustedProxies::parse(&text("trusted_proxies").await?)?,
            deadline: Duration::from_millis(
                whole_number("request_deadline_ms", 100..=25_000)
                    .await?
                    .into(),
            ),
            cors_origins: list(&text("cors_origins").await?),
            log_level: log_level(&text("log_level").await?)?,
        })
    }
}

/// The least level of lines that are written.
fn log_level(text: &str) -> Result<Level, SettingError> {
    let word = settings::one_of("log_level", text, &Level::ALL.map(Level::as_str))?;
    let level = Level::ALL.into_iter().find(|level| level.as_str() == word);
    Ok(level.unwrap_or(Level::Info))
}

/// What `text` lists, with commas or spaces between.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' '])
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Reads `rate_limits`.
///
/// # Errors
/// [`ApiError::Misconfigured`] says what is wrong with it.
pub async fn rate_limits() -> Result<RateLimits, ApiError> {
    let value = text("rate_limits").await?;
    Ok(RateLimits::parse(&value)?)
}

/// Reads what a keyring is made of.
///
/// # Errors
/// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
pub async fn token_settings() -> Result<Settings, ApiError> {
    let non_empty = |value: String| Some(value).filter(|value| !value.is_empty());
    Ok(Settings {
        secret: text("jwt_secret").await?,
        accept_secret: truth("jwt_accept_hs256", &text("jwt_accept_hs256").await?)?,
        keys: non_empty(text("jwt_keys").await?),
        issuer: non_empty(text("jwt_issuer").await?),
        audience: non_empty(text("jwt_audience").await?),
        access_lifetime: number(NumberSetting::ACCESS_TOKEN_LIFETIME).await?,
        refresh_lifetime: number(NumberSetting::REFRESH_TOKEN_LIFETIME).await?,
    })
}

/// Reads `password_peppers`.
///
/// # Errors
/// [`ApiError::Misconfigured`] says what is wrong with it, and no secret.
pub async fn password_peppers() -> Result<PasswordPeppers, ApiError> {
    Ok(PasswordPeppers::parse(&text("password_peppers").await?)?)
}

/// The whole number that `setting` is.
///
/// # Errors
/// [`ApiError::Misconfigured`] if it is missing, no such number, or out of range.
pub async fn number(setting: NumberSetting) -> Result<u32, ApiError> {
    let value = text(setting.name()).await?;
    Ok(setting.parse(&value)?)
}

/// The variable `name` as a whole number from `range`.
///
/// # Errors
/// [`ApiError::Misconfigured`] if it is missing, no such number, or out of range.
pub async fn whole_number(name: &'static str, range: RangeInclusive<u32>) -> Result<u32, ApiError> {
    Ok(settings::whole_number(name, &text(name).await?, range)?)
}

/// The variable `name` as one of `words`.
///
/// # Errors
/// [`ApiError::Misconfigured`] if it is missing or none of them.
pub async fn one_of(name: &'static str, words: &[&'static str]) -> Result<&'static str, ApiError> {
    Ok(settings::one_of(name, &text(name).await?, words)?)
}

/// The variable `name` as the URL of another service; nothing if it is empty.
///
/// # Errors
/// [`ApiError::Misconfigured`] if it is missing or no such URL.
pub async fn service_url(name: &'static str) -> Result<Option<ServiceUrl>, ApiError> {
    Ok(ServiceUrl::parse(name, &text(name).await?)?)
}

/// The variable `name`.
///
/// # Errors
/// [`ApiError::Misconfigured`] if it can't be read.
pub(crate) async fn text(name: &str) -> Result<String, ApiError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads variables"
    )]
    spin_sdk::variables::get(name)
        .await
        .map_err(|_| misconfigured(name, &"it can't be read"))
}

impl From<SettingError> for ApiError {
    fn from(error: SettingError) -> Self {
        misconfigured(error.name(), &error)
    }
}

/// An error that names the setting, never its value.
pub(crate) fn misconfigured(name: &str, problem: &dyn std::fmt::Display) -> ApiError {
    ApiError::Misconfigured(Arc::from(format!("variable {name}: {problem}")))
}
