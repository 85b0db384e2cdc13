//! The way to a destination for one delivery: it tries events, and learns whether anybody is there.

use std::time::Instant;

use store::outbox::{Failure, Outcome, Stream, WaitingEvent};

use super::rabbitmq::RabbitMq;
use super::webhook::Webhook;

/// So many users' events in a row that can't be delivered, and the destination is taken to be away.
/// One could be an event that it can't bear.
const AWAY_AFTER: u32 = 3;

/// An event that did not reach its destination.
#[derive(Debug)]
pub(super) struct Undelivered {
    pub(super) reason: Reason,
    /// What went wrong; no part of the event.
    pub(super) error: String,
}

/// Why an event did not reach its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// There was no answer, or one that says nothing of the event.
    Unreachable,
    /// The destination refused it.
    Refused,
    /// It can't be sent at all.
    Unsendable,
}

/// A way to a destination.
#[derive(Debug)]
pub(super) struct Way<'a> {
    transport: Transport<'a>,
    unreachable_in_a_row: u32,
}

#[derive(Debug)]
pub(super) enum Transport<'a> {
    RabbitMq(RabbitMq<'a>),
    Webhook(&'a Webhook),
}

impl<'a> Way<'a> {
    pub(super) fn by(transport: Transport<'a>) -> Self {
        Self {
            transport,
            unreachable_in_a_row: 0,
        }
    }

    /// Whether nobody seems to be there.
    pub(super) fn is_away(&self) -> bool {
        self.unreachable_in_a_row >= AWAY_AFTER
    }

    /// Whether the last event that was tried found nobody.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.unreachable_in_a_row > 0
    }

    /// Delivers the events of `streams` until it is `until`; each user's in their order, up to the first
    /// that fails.
    pub(super) async fn deliver(
        &mut self,
        streams: Vec<Stream>,
        until: Instant,
        most_refusals: u32,
    ) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(streams.len());
        for stream in streams {
            let outcome = self.deliver_stream(stream, until, most_refusals).await;
            if outcome.delivered() > 0 {
                // Somebody is there, so what went before failed for itself.
                outcomes.iter_mut().for_each(Outcome::count_as_refusal);
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    async fn deliver_stream(
        &mut self,
        stream: Stream,
        until: Instant,
        most_refusals: u32,
    ) -> Outcome {
        let mut delivered = 0;
        for event in stream.events() {
            if self.is_away() || Instant::now() >= until {
                break;
            }
            let Err(Undelivered { reason, error }) = self.try_event(event).await else {
                delivered += 1;
                continue;
            };
            let id = event.id;
            let refusals = match reason {
                Reason::Unreachable => 0,
                Reason::Refused => 1,
                Reason::Unsendable => most_refusals,
            };
            let failure = Failure {
                id,
                refusals,
                error,
            };
            return stream.outcome(delivered, Some(failure));
        }
        stream.outcome(delivered, None)
    }

    async fn try_event(&mut self, event: &WaitingEvent) -> Result<(), Undelivered> {
        let answer = match &mut self.transport {
            Transport::RabbitMq(rabbitmq) => rabbitmq.deliver(event).await,
            Transport::Webhook(webhook) => webhook.deliver(event).await,
        };
        match &answer {
            Err(undelivered) if undelivered.reason == Reason::Unreachable => {
                self.unreachable_in_a_row += 1;
            }
            _ => self.unreachable_in_a_row = 0,
        }
        answer
    }
}
