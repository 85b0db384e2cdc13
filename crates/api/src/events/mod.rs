//! Events: from the outbox to the destinations that the settings name.
//!
//! A change's statement writes its events. Once the answer is out, the instance delivers them; what
//! is left, because a destination was away or the instance ended, the internal route delivers.

mod delivery;
mod destination;
mod publisher;
mod rabbitmq;
mod way;
mod webhook;

use std::sync::Arc;

use domain::{BrokerUrl, NumberSetting};
use store::{Mqtt, Outbox};

use crate::app::App;
use crate::config;
use crate::error::ApiError;

pub use delivery::Delivered;
use destination::Destination;
use webhook::Webhook;

/// The outbox and its destinations.
#[derive(Clone, Debug)]
pub struct Events(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    outbox: Outbox,
    destinations: Vec<Arc<Destination>>,
    most_refusals: u32,
}

impl Events {
    /// Reads who is to be told.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is wrong.
    pub async fn open(app: &App) -> Result<Self, ApiError> {
        let broker = BrokerUrl::parse(&config::text("mqtt_url").await?)?;
        let rabbitmq = broker.map(|url| Destination::rabbitmq(Mqtt::new(url)));
        let webhook = Webhook::open().await?.map(Destination::webhook);
        Ok(Self(Arc::new(Shared {
            outbox: Outbox::new(app.database.clone()),
            destinations: rabbitmq.into_iter().chain(webhook).map(Arc::new).collect(),
            most_refusals: config::number(NumberSetting::EVENT_REFUSALS).await?,
        })))
    }

    /// The names of the destinations: what a statement that writes events is given.
    pub fn destinations(&self) -> Vec<String> {
        let names = self
            .0
            .destinations
            .iter()
            .map(|destination| destination.name());
        names.map(str::to_owned).collect()
    }

    /// The outbox.
    pub fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }
}
