//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::{Access, ApiError, App, Events, UnsubscribeLinks};

/// The state of this component.
#[derive(Debug)]
pub(crate) struct Users {
    access: Access,
    /// Whom changes are told to.
    pub(crate) events: Events,
    /// What knows unsubscribe links again.
    pub(crate) unsubscribe_links: UnsubscribeLinks,
}

impl Users {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub(crate) async fn open() -> Result<Self, ApiError> {
        let access = Access::open().await?;
        Ok(Self {
            events: Events::open(&access).await?,
            unsubscribe_links: UnsubscribeLinks::open().await?,
            access,
        })
    }
}

impl Deref for Users {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<Access> for Users {
    fn as_ref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<App> for Users {
    fn as_ref(&self) -> &App {
        self.access.as_ref()
    }
}
