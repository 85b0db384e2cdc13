//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::config::{number, service_url};
use api::{Access, ApiError, App, Events, UnsubscribeLinks};
use domain::{NumberSetting, ServiceUrl};
use outbound::TemplateService;

/// The state of this component.
#[derive(Debug)]
pub(crate) struct Services {
    access: Access,
    /// Whom changes are told to.
    pub(crate) events: Events,
    /// Where people reach this service; nothing while that is not set.
    pub(crate) public_url: Option<ServiceUrl>,
    /// How long a service's token is good for, in seconds.
    pub(crate) service_token_lifetime: u32,
    /// The template service.
    pub(crate) templates: TemplateService,
    /// What signs unsubscribe links.
    pub(crate) unsubscribe_links: UnsubscribeLinks,
}

impl Services {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub(crate) async fn open() -> Result<Self, ApiError> {
        let access = Access::open().await?;
        let template_service = service_url("template_service_url").await?;
        Ok(Self {
            service_token_lifetime: number(NumberSetting::SERVICE_TOKEN_LIFETIME).await?,
            templates: TemplateService::new(template_service, &access.redis),
            events: Events::open(&access).await?,
            unsubscribe_links: UnsubscribeLinks::open().await?,
            public_url: service_url("public_url").await?,
            access,
        })
    }
}

impl Deref for Services {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<Access> for Services {
    fn as_ref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<App> for Services {
    fn as_ref(&self) -> &App {
        self.access.as_ref()
    }
}
