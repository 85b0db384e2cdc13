//! Whether a message may go out to a user now: the rules of `docs/delivery.md`.
//!
//! [`decide`] is pure: what is known of the user and the time are arguments.

mod decision;
mod facts;
mod idempotency_key;
mod kinds;
mod quiet_hours;
mod reason;
mod request;
mod rules;
mod zone;

pub use decision::{Decision, Outcome};
pub use facts::{Account, Facts};
pub use idempotency_key::IdempotencyKey;
pub use kinds::{Category, Channel};
pub use quiet_hours::QuietHours;
pub use reason::{Reason, ReasonCode, Rule, Verdict};
pub use request::{DeliveryBatch, DeliveryRequest, ExplainRequest};
pub use rules::decide;
