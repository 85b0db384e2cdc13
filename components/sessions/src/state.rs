//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::config::number;
use api::{Access, ApiError, App};
use domain::NumberSetting;

/// The state of this component.
#[derive(Debug)]
pub(crate) struct Sessions {
    access: Access,
    /// How long the refresh token before the current one is honoured, in seconds; 0 for never.
    pub(crate) refresh_reuse_interval: u32,
    /// How long a refresh token is good for, in seconds.
    pub(crate) refresh_token_lifetime: u32,
    /// The longest life of a session, in seconds.
    pub(crate) session_max_lifetime: u32,
    /// How many live sessions a user may have.
    #[expect(clippy::struct_field_names, reason = "the name of the setting")]
    pub(crate) sessions_per_user: u32,
}

impl Sessions {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub(crate) async fn open() -> Result<Self, ApiError> {
        Ok(Self {
            access: Access::open().await?,
            refresh_reuse_interval: number(NumberSetting::REFRESH_REUSE_INTERVAL).await?,
            refresh_token_lifetime: number(NumberSetting::REFRESH_TOKEN_LIFETIME).await?,
            session_max_lifetime: number(NumberSetting::SESSION_MAX_LIFETIME).await?,
            sessions_per_user: number(NumberSetting::SESSIONS_PER_USER).await?,
        })
    }
}

impl Deref for Sessions {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<Access> for Sessions {
    fn as_ref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<App> for Sessions {
    fn as_ref(&self) -> &App {
        self.access.as_ref()
    }
}
