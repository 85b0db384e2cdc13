//! Events: from the outbox to the destinations that the settings name.
//!
//! A change's statement writes its events. Once the answer is out, the instance delivers them; what
//! is left, because a destination was away or the instance ended, the internal route delivers.

mod delivery;
mod publisher;
mod rabbitmq;
mod webhook;

use std::sync::Arc;

use domain::BrokerUrl;
use store::{Mqtt, Outbox};

use crate::app::App;
use crate::config;
use crate::error::ApiError;

pub use delivery::Delivered;
use webhook::Webhook;

/// The outbox and its destinations.
#[derive(Clone, Debug)]
pub struct Events(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    outbox: Outbox,
    destinations: Vec<Destination>,
    most_refusals: u32,
}

/// Somebody who is told of what happens.
#[derive(Debug)]
enum Destination {
    /// RabbitMQ's exchange `user.events`.
    RabbitMq(Mqtt),
    /// Whoever receives webhooks.
    Webhook(Webhook),
}

impl Destination {
    /// The name in the outbox.
    fn name(&self) -> &'static str {
        match self {
            Self::RabbitMq(_) => "rabbitmq",
            Self::Webhook(_) => "webhook",
        }
    }
}

impl Events {
    /// Reads who is to be told.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is wrong.
    pub async fn open(app: &App) -> Result<Self, ApiError> {
        let broker = BrokerUrl::parse(&config::text("mqtt_url").await?)?;
        let rabbitmq = broker.map(|url| Destination::RabbitMq(Mqtt::new(url)));
        let webhook = Webhook::open().await?.map(Destination::Webhook);
        Ok(Self(Arc::new(Shared {
            outbox: Outbox::new(app.database.clone()),
            destinations: rabbitmq.into_iter().chain(webhook).collect(),
            most_refusals: config::whole_number("event_refusals", 1..=1_000).await?,
        })))
    }

    /// The names of the destinations: what a statement that writes events is given.
    pub fn destinations(&self) -> Vec<String> {
        let names = self.0.destinations.iter().map(Destination::name);
        names.map(str::to_owned).collect()
    }

    /// The outbox.
    pub fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }
}
