//! What an instance keeps between requests: settings, keys and the ways to its servers.

use std::ops::Deref;
use std::time::Duration;

use domain::{RateLimits, SessionId};
use store::user_cache::Change;
use store::{Database, FailureDelays, RateLimiter, Redis, ServiceCache, UserCache};
use telemetry::Clock;

use crate::config::{self, Config};
use crate::credentials::{Keyring, SettingsError};
use crate::error::ApiError;

/// What the handlers of a component build on. Nothing in it belongs to one request.
#[derive(Debug)]
pub struct App {
    /// The settings that every component has.
    pub config: Config,
    /// PostgreSQL.
    pub database: Database,
    /// Redis.
    pub redis: Redis,
    /// What Redis holds of users.
    pub cache: UserCache,
    /// Counts attempts.
    pub rate_limiter: RateLimiter,
    /// Counts failures.
    pub failure_delays: FailureDelays,
    /// The time.
    pub clock: Clock,
}

impl App {
    /// Reads the settings that every component has.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub async fn open() -> Result<Self, ApiError> {
        let config = Config::read().await?;
        config.log_level.set_least();
        let database = config.database.clone();
        let redis = config.redis.clone();
        Ok(Self {
            cache: UserCache::new(redis.clone(), database.clone()),
            failure_delays: FailureDelays::new(redis.clone()),
            rate_limiter: RateLimiter::new(redis.clone(), database.clone()),
            clock: Clock,
            config,
            database,
            redis,
        })
    }
}

impl AsRef<App> for App {
    fn as_ref(&self) -> &App {
        self
    }
}

/// An [`App`] that knows its callers: what issues and verifies tokens, and limits who comes.
#[derive(Debug)]
pub struct Access {
    app: App,
    /// What Redis holds of services.
    pub service_cache: ServiceCache,
    /// The keys.
    pub keyring: Keyring,
    /// For how long the end of a session is remembered: as long as an access token lives.
    revocations_kept: Duration,
    /// The limits.
    pub rate_limits: RateLimits,
}

impl Access {
    /// Reads the settings of tokens and limits too, and parses the keys.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub async fn open() -> Result<Self, ApiError> {
        let settings = config::token_settings().await?;
        let keyring = Keyring::open(&settings).map_err(|error| match error {
            SettingsError::WeakSecret(text) => config::misconfigured("jwt_secret", &text),
            SettingsError::InvalidKeys(text) => config::misconfigured("jwt_keys", &text),
        })?;
        let app = App::open().await?;
        Ok(Self {
            service_cache: ServiceCache::new(app.redis.clone()),
            app,
            keyring,
            revocations_kept: Duration::from_secs(settings.access_lifetime.into()),
            rate_limits: config::rate_limits().await?,
        })
    }

    /// What Redis is to know of `sessions`, which have ended.
    pub fn revoked(&self, sessions: Vec<SessionId>) -> Vec<Change> {
        sessions
            .into_iter()
            .map(|session| Change::Revoked(session, self.revocations_kept))
            .collect()
    }
}

impl Deref for Access {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl AsRef<App> for Access {
    fn as_ref(&self) -> &App {
        &self.app
    }
}

impl AsRef<Self> for Access {
    fn as_ref(&self) -> &Self {
        self
    }
}
