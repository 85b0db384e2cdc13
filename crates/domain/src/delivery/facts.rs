//! What a decision has to know of a user.

use super::quiet_hours::QuietHours;
use crate::timestamp::Timestamp;

/// Whether there is an account to write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// No user has the id.
    Missing,
    /// The account is switched off.
    Inactive,
    /// The account is in use.
    Active,
}

/// What is known of a user, for one channel and one category.
///
/// Of a user that is missing nothing else counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether there is an account to write to.
    pub account: Account,
    /// The user's switch of the channel: `email_enabled` or `push_enabled`.
    pub channel_enabled: bool,
    /// His switch of the category on the channel: `email_marketing` and its kin.
    pub category_enabled: bool,
    /// When he wants to be left alone; see [`QuietHours::new`].
    pub quiet_hours: Option<QuietHours>,
    /// His time zone as the profile holds it. A name that is not known means UTC.
    pub time_zone: String,
    /// Most messages on the channel in any 24 hours; 0: no limit.
    pub frequency_limit: u32,
    /// How many slots were taken on the channel in the 24 hours before now.
    pub slots_taken: u32,
    /// When fewer slots than the limit will be taken: 24 hours after the slot was taken that is the
    /// `slots_taken - frequency_limit + 1`th from the oldest. `None` below the limit.
    pub next_slot_at: Option<Timestamp>,
}
