//! The rules of delivery, for whatever preferences and times.

use domain::delivery::{Account, Category, Channel, Facts, Outcome, QuietHours, decide};
use domain::{TimeOfDay, Timestamp};

/// Microseconds of the years from 1970 to 2100.
const YEARS: i64 = 130 * 365 * 86_400 * 1_000_000;

/// What a day has of minutes.
const MINUTES: u16 = 24 * 60;

/// The time of day that is so many minutes after midnight, or later by days.
fn time_of_day(minutes: u16) -> TimeOfDay {
    let minutes = minutes % MINUTES;
    let text = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    TimeOfDay::parse(&text).expect("a time of day")
}

/// Account, switches; quiet hours; zone; limit, slots taken, when the next is free; now.
type Known = (
    u8,
    bool,
    bool,
    Option<(u16, u16)>,
    String,
    [u32; 2],
    Option<i64>,
    i64,
);

#[test]
fn a_decision_waits_for_what_comes_and_counts_what_goes_out() {
    bolero::check!().with_type::<Known>().for_each(|known| {
        let (account, channel_enabled, category_enabled, quiet, zone, slots, next, now) = known;
        let time =
            |microseconds: i64| Timestamp::from_unix_microseconds(microseconds.rem_euclid(YEARS));
        let now = time(*now);
        let facts = Facts {
            account: [Account::Active, Account::Inactive, Account::Missing]
                [usize::from(account % 3)],
            channel_enabled: *channel_enabled,
            category_enabled: *category_enabled,
            quiet_hours: quiet.and_then(|(start, end)| {
                QuietHours::new(Some(time_of_day(start)), Some(time_of_day(end)))
            }),
            time_zone: zone.clone(),
            frequency_limit: slots[0],
            slots_taken: slots[1],
            next_slot_at: next.map(time),
        };
        for channel in Channel::ALL {
            for category in Category::ALL {
                let decision = decide(&facts, channel, category, now);
                assert!(!decision.reasons.is_empty());
                assert!(!decision.takes_slot || decision.outcome == Outcome::Allow);
                if let Outcome::Defer { until } = decision.outcome {
                    assert!(until > now, "{facts:?}");
                }
            }
        }
    });
}
