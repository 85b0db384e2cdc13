//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::config::number;
use api::internal::InternalSecret;
use api::{Access, ApiError, App, Events};
use domain::NumberSetting;

use crate::health::Probes;

/// The state of this component.
#[derive(Debug)]
pub(crate) struct Ops {
    access: Access,
    /// The outbox, and whom it delivers to.
    pub(crate) events: Events,
    /// How the servers stand, as of a moment ago.
    pub(crate) probes: Probes,
    internal_secret: InternalSecret,
    /// For how many days the audit trail is kept.
    pub(crate) audit_retention_days: u32,
}

impl Ops {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub(crate) async fn open() -> Result<Self, ApiError> {
        let access = Access::open().await?;
        Ok(Self {
            events: Events::open(&access).await?,
            probes: Probes::default(),
            internal_secret: InternalSecret::read().await?,
            audit_retention_days: number(NumberSetting::AUDIT_RETENTION_DAYS).await?,
            access,
        })
    }
}

impl Deref for Ops {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<App> for Ops {
    fn as_ref(&self) -> &App {
        self.access.as_ref()
    }
}

impl AsRef<InternalSecret> for Ops {
    fn as_ref(&self) -> &InternalSecret {
        &self.internal_secret
    }
}
