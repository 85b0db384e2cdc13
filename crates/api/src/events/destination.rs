//! Somebody who is told of what happens.

use std::sync::{Mutex, MutexGuard, PoisonError};

use store::Mqtt;

use super::publisher::Queue;
use super::rabbitmq::RabbitMq;
use super::way::{Transport, Way};
use super::webhook::Webhook;

/// A destination of events, and what this instance has for it.
#[derive(Debug)]
pub(super) struct Destination {
    kind: Kind,
    queue: Mutex<Queue>,
}

#[derive(Debug)]
enum Kind {
    /// RabbitMQ's exchange `user.events`.
    RabbitMq(Mqtt),
    /// Whoever receives webhooks.
    Webhook(Webhook),
}

impl Destination {
    pub(super) fn rabbitmq(mqtt: Mqtt) -> Self {
        Self::of(Kind::RabbitMq(mqtt))
    }

    pub(super) fn webhook(webhook: Webhook) -> Self {
        Self::of(Kind::Webhook(webhook))
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind,
            queue: Mutex::default(),
        }
    }

    /// The name in the outbox.
    pub(super) fn name(&self) -> &'static str {
        match &self.kind {
            Kind::RabbitMq(_) => "rabbitmq",
            Kind::Webhook(_) => "webhook",
        }
    }

    /// A way to it.
    pub(super) fn way(&self) -> Way<'_> {
        Way::by(match &self.kind {
            Kind::RabbitMq(mqtt) => Transport::RabbitMq(RabbitMq::new(mqtt)),
            Kind::Webhook(webhook) => Transport::Webhook(webhook),
        })
    }

    /// What this instance has written for it.
    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
