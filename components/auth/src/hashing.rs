//! Hashing and verifying with a place for it: only so many hashes are computed at once.

use std::time::Instant;

use api::{ApiError, random};
use domain::Password;
use domain::password_violation::PasswordViolation;
use store::{DatabaseError, HashPlace, Row};
use telemetry::metrics::PASSWORD_HASH_DURATION;
use telemetry::{Level, LogLine};

use crate::passwords::{self, PasswordError, Verdict, Violation};
use crate::state::Auth;

/// Why a stored hash can't be compared with: it is as if the password did not match, but the log
/// tells.
const UNSUPPORTED: &str = "a stored password hash can't be verified";

impl Auth {
    /// Hashes a password for storing.
    ///
    /// # Errors
    /// [`ApiError::Busy`] if all places are taken; [`ApiError::Credentials`] if argon2 refuses.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String, ApiError> {
        let place = self.hash_place().await?;
        let begun = Instant::now();
        let answer = self
            .hasher
            .hash(password.expose_secret(), &random::bytes::<16>());
        PASSWORD_HASH_DURATION.observe(&["hash"], begun.elapsed());
        place.give_back().await;
        answer.map_err(refused)
    }

    /// Compares a password with a stored hash; without one the work is done all the same.
    ///
    /// # Errors
    /// As [`Auth::hash`].
    pub(crate) async fn verify(
        &self,
        password: &Password,
        stored: Option<&str>,
    ) -> Result<Verdict, ApiError> {
        let place = self.hash_place().await?;
        let begun = Instant::now();
        let mut answer = self.verdict(password, stored);
        PASSWORD_HASH_DURATION.observe(&["verify"], begun.elapsed());
        if let Err(error) = &answer
            && is_complained_of(error)
        {
            // The same work as for any other account, so that time tells nothing.
            answer = self.verdict(password, None);
        }
        place.give_back().await;
        answer.map_err(refused)
    }

    fn verdict(&self, password: &Password, stored: Option<&str>) -> Result<Verdict, PasswordError> {
        self.hasher
            .verify(password.expose_secret(), stored, &random::bytes::<16>())
    }

    async fn hash_place(&self) -> Result<HashPlace, ApiError> {
        self.hash_places
            .claim(random::hex::<16>())
            .await
            .ok_or(ApiError::Busy)
    }
}

/// The rules that `password` breaks: those of the policy, for which it must not resemble `personal`,
/// and that it must not be breached.
pub(crate) fn violations(
    password: &Password,
    personal: &[String],
    is_breached: bool,
) -> Vec<PasswordViolation> {
    passwords::check_policy(password.expose_secret(), personal)
        .into_iter()
        .map(|violation| match violation {
            Violation::TooShort => PasswordViolation::TooShort,
            Violation::TooLong => PasswordViolation::TooLong,
            Violation::TooCommon => PasswordViolation::TooCommon,
            Violation::EntirelyNumeric => PasswordViolation::EntirelyNumeric,
            Violation::TooSimilar => PasswordViolation::TooSimilar,
        })
        .chain(is_breached.then_some(PasswordViolation::Breached))
        .collect()
}

/// What a password of the account in `row` must not resemble: the local part of its address, and the
/// names.
///
/// # Errors
/// [`DatabaseError::Shape`] if the row lacks one of them.
pub(crate) fn personal(row: &Row) -> Result<Vec<String>, DatabaseError> {
    let email: String = row.get("email")?;
    let local_part = email
        .rsplit_once('@')
        .map_or(&*email, |(local_part, _)| local_part);
    Ok(vec![
        local_part.to_owned(),
        row.get("first_name")?,
        row.get("last_name")?,
    ])
}

/// Whether it is the stored hash that can't be compared with; the operator is told then.
fn is_complained_of(error: &PasswordError) -> bool {
    let line = match error {
        PasswordError::InvalidParameters(_) => return false,
        PasswordError::UnsupportedHash(text) => {
            LogLine::new(Level::Warn, UNSUPPORTED).with("error", text.as_str())
        }
        // Nobody who has such a hash can sign in.
        PasswordError::UnknownPepper(id) => {
            LogLine::new(Level::Error, UNSUPPORTED).with("missing_pepper", id.as_str())
        }
    };
    line.write();
    true
}

/// What the library component refuses though it should not.
pub(crate) fn refused(error: PasswordError) -> ApiError {
    ApiError::Credentials(match error {
        PasswordError::InvalidParameters(text) | PasswordError::UnsupportedHash(text) => text,
        PasswordError::UnknownPepper(id) => format!("there is no pepper {id}"),
    })
}
