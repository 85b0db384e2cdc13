//! What a hash of Django's is worth here. The service itself verifies them
//! (`components/credentials/src/passwords`).

/// The bounds of `components/credentials/src/passwords/cost.rs`.
const PBKDF2_ITERATIONS: u32 = 2_000_000;
const BCRYPT_COST: u32 = 14;

const UNUSABLE: &str = "There is no password: its owner signs in once he has reset it.";
const UNKNOWN: &str = "The hash is of a kind that is not known here: its owner signs in once he has reset his password.";
const TOO_COSTLY: &str =
    "The hash costs more than is allowed here: its owner signs in once he has reset his password.";

/// Whether a password will be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usability {
    /// As before.
    Usable,
    /// Its owner never had one: `User.set_unusable_password`.
    Unusable,
    /// It is of a hasher that is not known here.
    Unknown,
    /// Verifying it would take too long.
    TooCostly,
}

impl Usability {
    /// Looks at a hash as Django stores it.
    pub(super) fn of(hash: &str) -> Self {
        let (hasher, rest) = hash.split_once('$').unwrap_or((hash, ""));
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        let within = |cost: Option<u32>, bound| match cost {
            Some(cost) if cost <= bound => Self::Usable,
            Some(_) => Self::TooCostly,
            None => Self::Unknown,
        };
        match hasher {
            "pbkdf2_sha256" => within(number(rest.split('$').next()), PBKDF2_ITERATIONS),
            // `bcrypt_sha256$$2b$12$...`
            "bcrypt_sha256" => within(number(rest.split('$').nth(2)), BCRYPT_COST),
            "argon2" => Self::Usable,
            _ if hash.starts_with('!') => Self::Unusable,
            _ => Self::Unknown,
        }
    }

    /// What is to be known of it; nothing if it is as before.
    pub(super) fn reason(self) -> Option<&'static str> {
        match self {
            Self::Usable => None,
            Self::Unusable => Some(UNUSABLE),
            Self::Unknown => Some(UNKNOWN),
            Self::TooCostly => Some(TOO_COSTLY),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use stack::workspace_root;

    use super::*;

    #[test]
    fn hashes_are_told_apart() {
        for (hash, usability) in [
            ("pbkdf2_sha256$600000$salt$hash", Usability::Usable),
            ("pbkdf2_sha256$2000001$salt$hash", Usability::TooCostly),
            ("pbkdf2_sha256$many$salt$hash", Usability::Unknown),
            ("bcrypt_sha256$$2b$12$saltandhash", Usability::Usable),
            ("bcrypt_sha256$$2b$15$saltandhash", Usability::TooCostly),
            (
                "argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash",
                Usability::Usable,
            ),
            ("!Xk2brought0along", Usability::Unusable),
            ("!", Usability::Unusable),
            ("", Usability::Unknown),
            ("scrypt$16384$salt$8$1$hash", Usability::Unknown),
            ("bcrypt$$2b$12$saltandhash", Usability::Unknown),
            ("md5$salt$hash", Usability::Unknown),
        ] {
            assert_eq!(Usability::of(hash), usability, "{hash}");
        }
    }

    #[test]
    fn the_bounds_are_those_of_the_service() {
        let path = workspace_root().join("components/credentials/src/passwords/cost.rs");
        let text = fs::read_to_string(path).unwrap().replace('_', "");
        for bound in [
            format!("PBKDF2ITERATIONS: u32 = {PBKDF2_ITERATIONS};"),
            format!("BCRYPTCOST: u32 = {BCRYPT_COST};"),
        ] {
            assert!(text.contains(&bound), "{bound}");
        }
    }
}
