//! What a sweep removes, each with its statement.

use api::ApiError;

use super::{Swept, accounts, push_tokens};
use crate::state::Ops;

/// A kind of what is kept no longer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Remnant {
    /// Push tokens that were not seen for long.
    PushTokens,
    /// Slots of deliveries that are long over.
    DeliverySlots,
    /// Dead letters that nobody has replayed.
    OldDeadLetters,
    /// Dead letters of users who have erased their account.
    DeadLettersOfErasedUsers,
    /// Events for a destination that the settings name no more.
    UndeliverableEvents,
    /// Counts of attempts that count no more.
    RateLimits,
    /// Sessions that have expired.
    Sessions,
    /// The part of the audit trail that was kept for long enough.
    AuditLog,
    /// Accounts whose owners have asked for their erasure.
    Accounts,
    /// Tokens for an address that have expired.
    AccountTokens,
    /// Events that carry such a token.
    ExpiredEvents,
    /// What was kept of requests that may be sent again.
    IdempotencyKeys,
    /// Refresh tokens of the service before this one that have expired.
    LegacyRefreshTokens,
}

impl Remnant {
    /// All of them.
    pub(super) const ALL: [Self; 13] = [
        Self::PushTokens,
        Self::DeliverySlots,
        Self::OldDeadLetters,
        Self::DeadLettersOfErasedUsers,
        Self::UndeliverableEvents,
        Self::RateLimits,
        Self::Sessions,
        Self::AuditLog,
        Self::Accounts,
        Self::AccountTokens,
        Self::ExpiredEvents,
        Self::IdempotencyKeys,
        Self::LegacyRefreshTokens,
    ];

    /// Removes `most` of them, or all if there are less; answers how many.
    pub(super) async fn remove(self, app: &Ops, most: u64) -> Result<u64, ApiError> {
        let statement = |text| app.database.statement(text).bind(most);
        let statement =
            match self {
                Self::PushTokens => return push_tokens::remove(app, most).await,
                Self::DeliverySlots => statement(include_str!("delivery_slots.sql")),
                Self::OldDeadLetters => statement(include_str!("old_dead_letters.sql")),
                Self::DeadLettersOfErasedUsers => {
                    statement(include_str!("dead_letters_of_erased_users.sql"))
                }
                Self::UndeliverableEvents => statement(include_str!("undeliverable_events.sql"))
                    .bind(app.events.destinations()),
                Self::RateLimits => statement(include_str!("rate_limits.sql")),
                Self::Sessions => statement(include_str!("sessions.sql")),
                Self::AuditLog => statement(include_str!("audit_log.sql"))
                    .bind(u64::from(app.audit_retention_days)),
                Self::Accounts => return accounts::remove(app, most).await,
                Self::AccountTokens => statement(include_str!("account_tokens.sql")),
                Self::ExpiredEvents => statement(include_str!("expired_events.sql")),
                Self::IdempotencyKeys => statement(include_str!("idempotency_keys.sql")),
                Self::LegacyRefreshTokens => statement(include_str!("legacy_refresh_tokens.sql")),
            };
        Ok(statement.one().await?.get("number")?)
    }

    /// Where they are counted.
    pub(super) fn counter(self, swept: &mut Swept) -> &mut u64 {
        match self {
            Self::PushTokens => &mut swept.push_tokens,
            Self::DeliverySlots => &mut swept.delivery_slots,
            Self::OldDeadLetters | Self::DeadLettersOfErasedUsers => &mut swept.dead_letters,
            Self::UndeliverableEvents => &mut swept.undeliverable_events,
            Self::RateLimits => &mut swept.rate_limits,
            Self::Sessions => &mut swept.sessions,
            Self::AuditLog => &mut swept.audit_log,
            Self::Accounts => &mut swept.accounts,
            Self::AccountTokens => &mut swept.account_tokens,
            Self::ExpiredEvents => &mut swept.expired_events,
            Self::IdempotencyKeys => &mut swept.idempotency_keys,
            Self::LegacyRefreshTokens => &mut swept.legacy_refresh_tokens,
        }
    }
}
