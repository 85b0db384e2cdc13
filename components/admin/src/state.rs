//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::config::number;
use api::{Access, ApiError, App, Events};
use domain::NumberSetting;

/// The state of this component.
#[derive(Debug)]
pub(crate) struct Admin {
    access: Access,
    /// Whom changes are told to, and what waits for them.
    pub(crate) events: Events,
    /// Seconds that a token for a new password is good for.
    pub(crate) reset_token_lifetime: u32,
}

impl Admin {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub(crate) async fn open() -> Result<Self, ApiError> {
        let access = Access::open().await?;
        Ok(Self {
            reset_token_lifetime: number(NumberSetting::RESET_TOKEN_LIFETIME).await?,
            events: Events::open(&access).await?,
            access,
        })
    }
}

impl Deref for Admin {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<Access> for Admin {
    fn as_ref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<App> for Admin {
    fn as_ref(&self) -> &App {
        self.access.as_ref()
    }
}
