//! The rules one by one, and that the documentation has the same.

use serde_json::json;

use super::*;
use crate::delivery::quiet_hours::QuietHours;
use crate::time_of_day::TimeOfDay;

mod properties;

const DOCUMENTATION: &str = include_str!("../../../../../docs/delivery.md");

/// A user in Lagos who takes everything, with quiet hours and a limit of 3.
fn willing() -> Facts {
    let time = |text| TimeOfDay::parse(text).ok();
    Facts {
        account: Account::Active,
        channel_enabled: true,
        category_enabled: true,
        quiet_hours: QuietHours::new(time("22:00"), time("07:00")),
        time_zone: "Africa/Lagos".into(),
        frequency_limit: 3,
        slots_taken: 0,
        next_slot_at: None,
    }
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn noon() -> Timestamp {
    time("2026-05-01T11:00:00Z")
}

fn night() -> Timestamp {
    time("2026-05-01T22:10:05.25Z")
}

/// What the last rule found that was looked at.
fn last_code(decision: &Decision) -> &'static str {
    decision.reasons.last().unwrap().code.as_str()
}

#[test]
fn an_allowed_message_has_passed_every_rule() {
    let decision = decide(&willing(), Channel::Email, Category::System, noon());
    assert!(decision.takes_slot);
    assert_eq!(
        json!(decision),
        json!({
            "outcome": "allow",
            "until": null,
            "next_slot_at": null,
            "reasons": [
                {
                    "rule": "account",
                    "verdict": "passed",
                    "code": "account_active",
                    "text": "The account exists and is active.",
                },
                {
                    "rule": "channel_switch",
                    "verdict": "passed",
                    "code": "channel_on",
                    "text": "The user takes e-mails.",
                },
                {
                    "rule": "category_switch",
                    "verdict": "passed",
                    "code": "category_on",
                    "text": "The user takes system e-mails.",
                },
                {
                    "rule": "quiet_hours",
                    "verdict": "passed",
                    "code": "quiet_hours_outside",
                    "text": "It is 12:00:00 in Africa/Lagos, outside the quiet hours from 22:00:00 to 07:00:00.",
                },
                {
                    "rule": "frequency_limit",
                    "verdict": "passed",
                    "code": "frequency_limit_below",
                    "text": "0 of at most 3 e-mails went out in the last 24 hours.",
                },
            ],
        })
    );
}

#[test]
fn a_message_at_night_waits_for_the_morning() {
    let decision = decide(&willing(), Channel::Push, Category::Transactional, night());
    assert!(!decision.takes_slot);
    let answer = json!(decision);
    assert_eq!(answer["outcome"], "defer");
    assert_eq!(answer["until"], "2026-05-02T06:00:00.000000Z");
    assert_eq!(
        answer["reasons"][3],
        json!({
            "rule": "quiet_hours",
            "verdict": "decided",
            "code": "quiet_hours_inside",
            "text": "It is 23:10:05 in Africa/Lagos, within the quiet hours from 22:00:00 to 07:00:00.",
        })
    );
    assert_eq!(answer["reasons"].as_array().unwrap().len(), 4);
}

#[test]
fn security_waits_for_nothing_and_is_not_counted() {
    let facts = Facts {
        slots_taken: 3,
        ..willing()
    };
    let decision = decide(&facts, Channel::Email, Category::Security, night());
    assert_eq!(decision.outcome, Outcome::Allow);
    assert!(!decision.takes_slot);
    let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(
        codes[3..],
        [
            ReasonCode::QuietHoursIgnored,
            ReasonCode::FrequencyLimitIgnored
        ]
    );
}

#[test]
fn what_the_user_switched_off_is_dropped_even_if_it_is_about_security() {
    let off = [
        (
            Facts {
                account: Account::Missing,
                ..willing()
            },
            "account_missing",
        ),
        (
            Facts {
                account: Account::Inactive,
                ..willing()
            },
            "account_inactive",
        ),
        (
            Facts {
                channel_enabled: false,
                category_enabled: false,
                ..willing()
            },
            "channel_off",
        ),
        (
            Facts {
                category_enabled: false,
                ..willing()
            },
            "category_off",
        ),
    ];
    for (facts, code) in off {
        for category in Category::ALL {
            for now in [noon(), night()] {
                let decision = decide(&facts, Channel::Push, category, now);
                assert_eq!(decision.outcome, Outcome::Drop, "{code}");
                assert_eq!(last_code(&decision), code);
                assert!(!decision.takes_slot);
            }
        }
    }
}

#[test]
fn the_limit_leaves_exactly_its_number_of_slots() {
    let next_slot_at = Some(time("2026-05-01T15:00:00Z"));
    let at_noon = |slots_taken, category| {
        let facts = Facts {
            slots_taken,
            next_slot_at: next_slot_at.filter(|_| slots_taken >= 3),
            ..willing()
        };
        decide(&facts, Channel::Email, category, noon())
    };
    for category in [
        Category::Marketing,
        Category::Transactional,
        Category::System,
    ] {
        let decision = at_noon(2, category);
        assert_eq!(decision.outcome, Outcome::Allow);
        assert!(decision.takes_slot);
    }
    for slots_taken in [3, 4] {
        assert_eq!(
            at_noon(slots_taken, Category::Marketing).outcome,
            Outcome::Drop
        );
        let digest = at_noon(slots_taken, Category::Transactional);
        assert_eq!(digest.outcome, Outcome::Digest { next_slot_at });
        assert_eq!(
            at_noon(slots_taken, Category::System).outcome,
            digest.outcome
        );
        assert_eq!(last_code(&digest), "frequency_limit_reached");
        assert_eq!(json!(digest)["next_slot_at"], "2026-05-01T15:00:00.000000Z");
        assert_eq!(
            digest.reasons.last().unwrap().text,
            format!("{slots_taken} of at most 3 e-mails went out in the last 24 hours.")
        );
    }
}

#[test]
fn a_limit_of_zero_is_none_and_takes_no_slot() {
    let facts = Facts {
        frequency_limit: 0,
        slots_taken: 1_000,
        ..willing()
    };
    let decision = decide(&facts, Channel::Email, Category::Marketing, noon());
    assert_eq!(decision.outcome, Outcome::Allow);
    assert!(!decision.takes_slot);
    assert_eq!(last_code(&decision), "frequency_limit_none");
}

#[test]
fn an_unknown_time_zone_counts_as_utc() {
    let facts = Facts {
        time_zone: "Mars/Olympus".into(),
        ..willing()
    };
    let decision = decide(
        &facts,
        Channel::Email,
        Category::System,
        time("2026-05-01T22:00:00Z"),
    );
    let until = time("2026-05-02T07:00:00Z");
    assert_eq!(decision.outcome, Outcome::Defer { until });
    assert_eq!(
        decision.reasons.last().unwrap().text,
        "It is 22:00:00 in UTC, within the quiet hours from 22:00:00 to 07:00:00."
    );
}

#[test]
fn the_documentation_lists_each_reason_code() {
    let documented: Vec<Vec<&str>> = DOCUMENTATION
        .lines()
        .skip_while(|line| *line != "## Reason codes")
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            line.split('|')
                .map(|cell| cell.trim().trim_matches('`'))
                .collect()
        })
        .collect();
    let documented: Vec<_> = documented
        .iter()
        .map(|cells| (cells[1], cells[2], cells[3]))
        .collect();
    let known =
        ReasonCode::ALL.map(|code| (code.as_str(), code.rule().as_str(), code.verdict().as_str()));
    assert_eq!(documented, known);
}
