//! The rules, and what each of them may find.

use serde::{Serialize, Serializer};

/// What is looked at, in this order; the first rule that decides ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Whether the account exists and is active.
    Account,
    /// The user's switch of the channel.
    ChannelSwitch,
    /// The user's switch of the category on the channel.
    CategorySwitch,
    /// Whether the user's clock shows a time at which he wants to be left alone.
    QuietHours,
    /// How many messages went out on the channel in the last 24 hours.
    FrequencyLimit,
}

impl Rule {
    /// All rules, in their order.
    pub const ALL: [Self; 5] = [
        Self::Account,
        Self::ChannelSwitch,
        Self::CategorySwitch,
        Self::QuietHours,
        Self::FrequencyLimit,
    ];

    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ChannelSwitch => "channel_switch",
            Self::CategorySwitch => "category_switch",
            Self::QuietHours => "quiet_hours",
            Self::FrequencyLimit => "frequency_limit",
        }
    }
}

/// What a rule says to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has nothing against it.
    Passed,
    /// It does not apply.
    Skipped,
    /// It settles the matter.
    Decided,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Skipped, Self::Decided];

    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Decided => "decided",
        }
    }
}

/// What a rule found, for programs. The words never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonCode {
    /// The account exists and is active.
    AccountActive,
    /// No user has the id.
    AccountMissing,
    /// The account is switched off.
    AccountInactive,
    /// The user takes messages on the channel.
    ChannelOn,
    /// The user takes no messages on the channel.
    ChannelOff,
    /// The user takes messages of the category on the channel.
    CategoryOn,
    /// The user takes no messages of the category on the channel.
    CategoryOff,
    /// Security messages do not wait.
    QuietHoursIgnored,
    /// The user has set none.
    QuietHoursNone,
    /// The user's clock shows another time of day.
    QuietHoursOutside,
    /// The user's clock shows a time within.
    QuietHoursInside,
    /// Security messages are not counted.
    FrequencyLimitIgnored,
    /// The limit is 0.
    FrequencyLimitNone,
    /// A slot is free.
    FrequencyLimitBelow,
    /// All slots are taken.
    FrequencyLimitReached,
}

impl ReasonCode {
    /// All codes, in the order of the rules.
    pub const ALL: [Self; 15] = [
        Self::AccountActive,
        Self::AccountMissing,
        Self::AccountInactive,
        Self::ChannelOn,
        Self::ChannelOff,
        Self::CategoryOn,
        Self::CategoryOff,
        Self::QuietHoursIgnored,
        Self::QuietHoursNone,
        Self::QuietHoursOutside,
        Self::QuietHoursInside,
        Self::FrequencyLimitIgnored,
        Self::FrequencyLimitNone,
        Self::FrequencyLimitBelow,
        Self::FrequencyLimitReached,
    ];

    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountActive => "account_active",
            Self::AccountMissing => "account_missing",
            Self::AccountInactive => "account_inactive",
            Self::ChannelOn => "channel_on",
            Self::ChannelOff => "channel_off",
            Self::CategoryOn => "category_on",
            Self::CategoryOff => "category_off",
            Self::QuietHoursIgnored => "quiet_hours_ignored",
            Self::QuietHoursNone => "quiet_hours_none",
            Self::QuietHoursOutside => "quiet_hours_outside",
            Self::QuietHoursInside => "quiet_hours_inside",
            Self::FrequencyLimitIgnored => "frequency_limit_ignored",
            Self::FrequencyLimitNone => "frequency_limit_none",
            Self::FrequencyLimitBelow => "frequency_limit_below",
            Self::FrequencyLimitReached => "frequency_limit_reached",
        }
    }

    /// The rule that finds it.
    pub fn rule(self) -> Rule {
        match self {
            Self::AccountActive | Self::AccountMissing | Self::AccountInactive => Rule::Account,
            Self::ChannelOn | Self::ChannelOff => Rule::ChannelSwitch,
            Self::CategoryOn | Self::CategoryOff => Rule::CategorySwitch,
            Self::QuietHoursIgnored
            | Self::QuietHoursNone
            | Self::QuietHoursOutside
            | Self::QuietHoursInside => Rule::QuietHours,
            Self::FrequencyLimitIgnored
            | Self::FrequencyLimitNone
            | Self::FrequencyLimitBelow
            | Self::FrequencyLimitReached => Rule::FrequencyLimit,
        }
    }

    /// What that means for the message.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::AccountActive
            | Self::ChannelOn
            | Self::CategoryOn
            | Self::QuietHoursOutside
            | Self::FrequencyLimitBelow => Verdict::Passed,
            Self::QuietHoursIgnored
            | Self::QuietHoursNone
            | Self::FrequencyLimitIgnored
            | Self::FrequencyLimitNone => Verdict::Skipped,
            Self::AccountMissing
            | Self::AccountInactive
            | Self::ChannelOff
            | Self::CategoryOff
            | Self::QuietHoursInside
            | Self::FrequencyLimitReached => Verdict::Decided,
        }
    }
}

/// What one rule found: serializes to `{rule, verdict, code, text}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// For programs.
    pub code: ReasonCode,
    /// For people: a sentence in English.
    pub text: String,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([
            ("rule", self.code.rule().as_str()),
            ("verdict", self.code.verdict().as_str()),
            ("code", self.code.as_str()),
            ("text", &self.text),
        ])
    }
}
