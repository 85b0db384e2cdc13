//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::config::whole_number;
use api::{Access, ApiError, App};

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
            refresh_reuse_interval: whole_number("refresh_reuse_interval", 0..=300).await?,
            refresh_token_lifetime: whole_number("refresh_token_lifetime", 1..=31_536_000).await?,
            session_max_lifetime: whole_number("session_max_lifetime", 60..=315_360_000).await?,
            sessions_per_user: whole_number("sessions_per_user", 1..=100_000).await?,
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
