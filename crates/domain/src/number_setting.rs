//! The settings that are whole numbers, and what each may be: for the components, which read them, and
//! for the tools, which check them before anything starts.

use std::ops::RangeInclusive;

use crate::settings::{SettingError, whole_number};

/// A setting that is a whole number. Those of argon2 are not here, since what one may be depends on the
/// others, nor is `request_deadline_ms`, which is read in one place only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSetting {
    name: &'static str,
    range: RangeInclusive<u32>,
}

impl NumberSetting {
    /// Seconds that an access token is good for.
    pub const ACCESS_TOKEN_LIFETIME: Self = Self::new("access_token_lifetime", 1..=86_400);
    /// Seconds that a refresh token is good for.
    pub const REFRESH_TOKEN_LIFETIME: Self = Self::new("refresh_token_lifetime", 1..=31_536_000);
    /// Seconds in which a used refresh token gives the same successor again.
    pub const REFRESH_REUSE_INTERVAL: Self = Self::new("refresh_reuse_interval", 0..=300);
    /// Seconds after which a session ends.
    pub const SESSION_MAX_LIFETIME: Self = Self::new("session_max_lifetime", 60..=315_360_000);
    /// Sessions that a user may have.
    pub const SESSIONS_PER_USER: Self = Self::new("sessions_per_user", 1..=100_000);
    /// Password hashes that are computed at once.
    pub const HASHES_AT_ONCE: Self = Self::new("hashes_at_once", 1..=10_000);
    /// Password hashes that are computed or waited for at once.
    pub const MAX_HASHES: Self = Self::new("max_hashes", 1..=10_000);
    /// Seconds that a service's token is good for.
    pub const SERVICE_TOKEN_LIFETIME: Self = Self::new("service_token_lifetime", 1..=86_400);
    /// How often a destination refuses an event until it is a dead letter.
    pub const EVENT_REFUSALS: Self = Self::new("event_refusals", 1..=1_000);
    /// Days for which the audit trail is kept.
    pub const AUDIT_RETENTION_DAYS: Self = Self::new("audit_retention_days", 30..=3_650);
    /// Seconds that a token is good for by which an address is verified or changed.
    pub const VERIFICATION_TOKEN_LIFETIME: Self =
        Self::new("verification_token_lifetime", 60..=604_800);
    /// Seconds that a token for a new password is good for.
    pub const RESET_TOKEN_LIFETIME: Self = Self::new("reset_token_lifetime", 60..=86_400);
    /// Days for which an account is kept after its owner has asked for its erasure.
    pub const DELETION_GRACE_DAYS: Self = Self::new("deletion_grace_days", 0..=365);

    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::ACCESS_TOKEN_LIFETIME,
        Self::REFRESH_TOKEN_LIFETIME,
        Self::REFRESH_REUSE_INTERVAL,
        Self::SESSION_MAX_LIFETIME,
        Self::SESSIONS_PER_USER,
        Self::HASHES_AT_ONCE,
        Self::MAX_HASHES,
        Self::SERVICE_TOKEN_LIFETIME,
        Self::EVENT_REFUSALS,
        Self::AUDIT_RETENTION_DAYS,
        Self::VERIFICATION_TOKEN_LIFETIME,
        Self::RESET_TOKEN_LIFETIME,
        Self::DELETION_GRACE_DAYS,
    ];

    const fn new(name: &'static str, range: RangeInclusive<u32>) -> Self {
        Self { name, range }
    }

    /// The setting's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Reads its value.
    ///
    /// # Errors
    /// If `text` is no whole number or out of range.
    pub fn parse(self, text: &str) -> Result<u32, SettingError> {
        whole_number(self.name, text, self.range)
    }
}
