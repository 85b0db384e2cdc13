//! The peppers of passwords: a setting. A pepper is mixed into a password before that is hashed, and is
//! kept elsewhere than the hashes.

use std::collections::BTreeSet;
use std::fmt;

use crate::settings::SettingError;

const NAME: &str = "password_peppers";
/// The longest id, in bytes: it stands with each hash.
const LONGEST_ID: usize = 8;
/// The shortest secret, in bytes.
const SHORTEST_SECRET: usize = 32;
/// How many there may be.
const MOST: usize = 16;

/// What stands first where new hashes are of no pepper.
const NONE: &str = "none";

/// A secret with its name.
///
/// `Debug` shows the name only.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordPepper {
    id: String,
    secret: String,
}

/// All peppers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordPeppers {
    /// The one for new hashes.
    pub active: Option<PasswordPepper>,
    /// Those of hashes that there are, or that another host makes.
    pub others: Vec<PasswordPepper>,
}

impl PasswordPeppers {
    /// Reads `id:secret` with commas between; the first is the active one. With `none` before them
    /// none is. Empty is no pepper at all.
    ///
    /// # Errors
    /// If `text` is no such list; nothing of it is repeated.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        let mut entries = text.split(',').map(str::trim).peekable();
        let is_none = entries.next_if_eq(&NONE).is_some();
        let peppers: Vec<PasswordPepper> = entries
            .map(PasswordPepper::parse)
            .collect::<Result<_, _>>()?;
        let ids: BTreeSet<&str> = peppers.iter().map(PasswordPepper::id).collect();
        if ids.len() < peppers.len() {
            return Err(SettingError::new(
                NAME,
                "must not have two entries of one id",
            ));
        }
        if peppers.len() > MOST {
            let explanation = format!("must not have more than {MOST} entries");
            return Err(SettingError::new(NAME, explanation));
        }
        let mut peppers = peppers.into_iter();
        Ok(Self {
            active: if is_none { None } else { peppers.next() },
            others: peppers.collect(),
        })
    }
}

impl PasswordPepper {
    fn parse(entry: &str) -> Result<Self, SettingError> {
        let is_id = |id: &str| {
            (1..=LONGEST_ID).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let is_secret = |secret: &str| {
            secret.len() >= SHORTEST_SECRET && secret.bytes().all(|byte| byte.is_ascii_graphic())
        };
        entry
            .split_once(':')
            .filter(|(id, secret)| is_id(id) && is_secret(secret))
            .map(|(id, secret)| Self {
                id: id.to_owned(),
                secret: secret.to_owned(),
            })
            .ok_or_else(|| {
                let explanation = format!(
                    "must be id:secret with commas between: 1 to {LONGEST_ID} letters, digits and -_. \
                     as id, at least {SHORTEST_SECRET} printable characters of ASCII as secret"
                );
                SettingError::new(NAME, explanation)
            })
    }

    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The secret itself.
    pub fn expose_secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for PasswordPepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordPepper({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ";

    fn ids(text: &str) -> (Option<String>, Vec<String>) {
        let id = |pepper: &PasswordPepper| pepper.id().to_owned();
        let PasswordPeppers { active, others } = PasswordPeppers::parse(text).unwrap();
        (active.as_ref().map(id), others.iter().map(id).collect())
    }

    #[test]
    fn the_first_entry_is_active() {
        let text = format!(" 2026b:{SECRET}:x, a-_.:{SECRET}=\n");
        assert_eq!(
            ids(&text),
            (Some("2026b".to_owned()), vec!["a-_.".to_owned()])
        );
        let PasswordPeppers { active, others } = PasswordPeppers::parse(&text).unwrap();
        assert_eq!(active.unwrap().expose_secret(), format!("{SECRET}:x"));
        assert_eq!(others[0].expose_secret(), format!("{SECRET}="));
    }

    #[test]
    fn after_none_no_entry_is_active() {
        let text = format!("none,a:{SECRET}");
        assert_eq!(ids(&text), (None, vec!["a".to_owned()]));
        for text in ["", " \n", "none"] {
            assert_eq!(PasswordPeppers::parse(text), Ok(PasswordPeppers::default()));
        }
    }

    #[test]
    fn anything_else_is_refused_without_being_repeated() {
        let many: Vec<_> = (0..17).map(|id| format!("{id}:{SECRET}")).collect();
        for text in [
            SECRET.to_owned(),
            format!(":{SECRET}"),
            format!("nine-long:{SECRET}"),
            format!("\u{e9}:{SECRET}"),
            format!("a b:{SECRET}"),
            format!("a:{}", &SECRET[1..]),
            format!("a:{SECRET} x"),
            format!("a:{SECRET}\u{e9}"),
            format!("a:{SECRET},"),
            format!(",a:{SECRET}"),
            format!("a:{SECRET},none"),
            format!("none,none,a:{SECRET}"),
            format!("a:{SECRET},a:{SECRET}1"),
            many.join(","),
        ] {
            let error = PasswordPeppers::parse(&text).unwrap_err();
            assert_eq!(error.name(), NAME, "{text}");
            assert!(!error.to_string().contains(&SECRET[1..]), "{error}");
        }
    }

    #[test]
    fn debug_output_does_not_hold_the_secret() {
        let peppers = PasswordPeppers::parse(&format!("none,a:{SECRET}")).unwrap();
        assert_eq!(format!("{:?}", peppers.others), "[PasswordPepper(a)]");
    }
}
