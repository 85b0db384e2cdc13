//! The rules, in their order. `docs/delivery.md` has them as a table.

use super::decision::{Decision, Outcome};
use super::facts::{Account, Facts};
use super::kinds::{Category, Channel};
use super::reason::{Reason, ReasonCode};
use super::zone::Zone;
use crate::timestamp::Timestamp;

#[cfg(test)]
mod tests;

/// Decides whether a message of `category` may go out on `channel` at `now`.
///
/// The slots of `facts` must have been counted at `now`, too.
pub fn decide(facts: &Facts, channel: Channel, category: Category, now: Timestamp) -> Decision {
    let message = Message {
        facts,
        channel,
        category,
        now,
    };
    let rules = [
        Message::account,
        Message::channel_switch,
        Message::category_switch,
        Message::quiet_hours,
        Message::frequency_limit,
    ];
    let mut reasons = Vec::with_capacity(rules.len());
    let decided = rules.into_iter().find_map(|rule| {
        let Finding { reason, outcome } = rule(&message);
        reasons.push(reason);
        outcome
    });
    Decision {
        outcome: decided.unwrap_or(Outcome::Allow),
        takes_slot: reasons
            .iter()
            .any(|reason| reason.code == ReasonCode::FrequencyLimitBelow),
        reasons,
    }
}

/// What is to be decided about.
struct Message<'a> {
    facts: &'a Facts,
    channel: Channel,
    category: Category,
    now: Timestamp,
}

/// What a rule found, and the outcome if that settles it.
struct Finding {
    reason: Reason,
    outcome: Option<Outcome>,
}

fn passed(code: ReasonCode, text: impl Into<String>) -> Finding {
    let text = text.into();
    Finding {
        reason: Reason { code, text },
        outcome: None,
    }
}

fn decided(code: ReasonCode, text: impl Into<String>, outcome: Outcome) -> Finding {
    Finding {
        outcome: Some(outcome),
        ..passed(code, text)
    }
}

impl Message<'_> {
    fn account(&self) -> Finding {
        match self.facts.account {
            Account::Active => passed(
                ReasonCode::AccountActive,
                "The account exists and is active.",
            ),
            Account::Inactive => decided(
                ReasonCode::AccountInactive,
                "The account is not active.",
                Outcome::Drop,
            ),
            Account::Missing => decided(
                ReasonCode::AccountMissing,
                "There is no such account.",
                Outcome::Drop,
            ),
        }
    }

    fn channel_switch(&self) -> Finding {
        let messages = self.channel.noun();
        if self.facts.channel_enabled {
            let text = format!("The user takes {messages}.");
            passed(ReasonCode::ChannelOn, text)
        } else {
            let text = format!("The user has switched off all {messages}.");
            decided(ReasonCode::ChannelOff, text, Outcome::Drop)
        }
    }

    fn category_switch(&self) -> Finding {
        let (category, messages) = (self.category.as_str(), self.channel.noun());
        if self.facts.category_enabled {
            let text = format!("The user takes {category} {messages}.");
            passed(ReasonCode::CategoryOn, text)
        } else {
            let text = format!("The user has switched off {category} {messages}.");
            decided(ReasonCode::CategoryOff, text, Outcome::Drop)
        }
    }

    fn quiet_hours(&self) -> Finding {
        if self.category == Category::Security {
            return passed(
                ReasonCode::QuietHoursIgnored,
                "Security messages do not wait for the end of quiet hours.",
            );
        }
        let Some(quiet_hours) = self.facts.quiet_hours else {
            return passed(
                ReasonCode::QuietHoursNone,
                "The user has set no quiet hours.",
            );
        };
        let zone = Zone::named(&self.facts.time_zone);
        let clock = zone.clock(self.now).in_whole_seconds();
        match quiet_hours.end_after(self.now, &zone) {
            None => passed(
                ReasonCode::QuietHoursOutside,
                format!("It is {clock} in {zone}, outside the quiet hours {quiet_hours}."),
            ),
            Some(until) => decided(
                ReasonCode::QuietHoursInside,
                format!("It is {clock} in {zone}, within the quiet hours {quiet_hours}."),
                Outcome::Defer { until },
            ),
        }
    }

    fn frequency_limit(&self) -> Finding {
        if self.category == Category::Security {
            return passed(
                ReasonCode::FrequencyLimitIgnored,
                "Security messages do not count towards the limit.",
            );
        }
        let (limit, taken) = (self.facts.frequency_limit, self.facts.slots_taken);
        if limit == 0 {
            return passed(ReasonCode::FrequencyLimitNone, "The user has set no limit.");
        }
        let messages = self.channel.noun();
        let text = format!("{taken} of at most {limit} {messages} went out in the last 24 hours.");
        if taken < limit {
            passed(ReasonCode::FrequencyLimitBelow, text)
        } else if self.category == Category::Marketing {
            decided(ReasonCode::FrequencyLimitReached, text, Outcome::Drop)
        } else {
            let next_slot_at = self.facts.next_slot_at;
            let outcome = Outcome::Digest { next_slot_at };
            decided(ReasonCode::FrequencyLimitReached, text, outcome)
        }
    }
}
