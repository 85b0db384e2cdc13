//! Users with their profiles and preferences, as Django stores them.

use anyhow::Result;
use serde_json::Value;

use crate::django::{NIL, Report, Table};

/// The column of Django's users, in characters.
const LONGEST_HASH: usize = 128;

/// Users who were changed since a moment.
pub(super) struct Accounts {
    since: String,
}

impl Accounts {
    pub(super) fn since(moment: &str) -> Self {
        Self {
            since: moment.to_owned(),
        }
    }
}

impl Table for Accounts {
    const NAME: &'static str = "users";
    const ROWS: &'static str = "users";
    const READ: &'static str = include_str!("accounts_read.sql");
    const FIRST: &'static str = NIL;
    const WRITE: &'static str = include_str!("accounts_write.sql");
    const TAKEN: &'static str = "It was not written.";

    fn read_parameters(&self) -> Vec<String> {
        vec![self.since.clone()]
    }

    fn checked(&self, id: &str, content: &str, report: &mut Report) -> Result<Option<Value>> {
        let mut row: Value = serde_json::from_str(content)?;
        let hash = django_hash(row["password"].as_str().unwrap_or_default());
        if hash.len() > LONGEST_HASH {
            let reason = format!("The hash has more than {LONGEST_HASH} characters.");
            report.refuse(Self::NAME, id, Some("password"), &reason);
            return Ok(None);
        }
        row["password"] = hash.into();
        Ok(Some(row))
    }
}

/// A hash as `django.contrib.auth.hashers.Argon2PasswordHasher` has it: the PHC string after the name of the
/// hasher. Hashes that came from Django are as they were.
fn django_hash(hash: &str) -> String {
    if hash.starts_with("$argon2") {
        format!("argon2{hash}")
    } else {
        hash.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_have_the_form_that_django_knows() {
        for (hash, expected) in [
            (
                "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
                "argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
            ),
            (
                "pbkdf2_sha256$600000$salt$hash",
                "pbkdf2_sha256$600000$salt$hash",
            ),
            (
                "argon2$argon2id$v=19$m=1,t=2,p=8$s$h",
                "argon2$argon2id$v=19$m=1,t=2,p=8$s$h",
            ),
            ("!", "!"),
        ] {
            assert_eq!(django_hash(hash), expected);
        }
    }
}
