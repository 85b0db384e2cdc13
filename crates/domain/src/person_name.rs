//! A person's name as given at registration.

use crate::text::{cut, is_space, trim};

/// Longest first or last name, in characters.
const LONGEST_PART: usize = 100;

/// A first and a last name, each of at most 100 characters and perhaps empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    first_name: String,
    last_name: String,
}

impl PersonName {
    /// Splits a full name at its first run of white space. What is too long is cut.
    pub fn split(full_name: &str) -> Self {
        let full_name = trim(full_name);
        let (first_name, last_name) = full_name.split_once(is_space).unwrap_or((full_name, ""));
        let part = |name| trim(cut(trim(name), LONGEST_PART)).to_owned();
        Self {
            first_name: part(first_name),
            last_name: part(last_name),
        }
    }

    /// All before the first white space.
    pub fn first_name(&self) -> &str {
        &self.first_name
    }

    /// All after the first run of white space.
    pub fn last_name(&self) -> &str {
        &self.last_name
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::is_longer_than;

    #[test]
    fn a_name_is_split_at_its_first_run_of_white_space() {
        for (full_name, first_name, last_name) in [
            ("Amina Bello Musa", "Amina", "Bello Musa"),
            ("  Ada \t\u{3000} King  Lovelace ", "Ada", "King  Lovelace"),
            ("Plato", "Plato", ""),
            ("", "", ""),
        ] {
            let name = PersonName::split(full_name);
            assert_eq!(
                (name.first_name(), name.last_name()),
                (first_name, last_name)
            );
        }
    }

    #[test]
    fn long_parts_are_cut() {
        let name = PersonName::split(&format!("{} {}", "ä".repeat(120), "😀".repeat(120)));
        assert_eq!(name.first_name(), "ä".repeat(100));
        assert_eq!(name.last_name(), "😀".repeat(100));
    }

    proptest! {
        #[test]
        fn parts_fit_and_are_trimmed(full_name in any::<String>()) {
            let name = PersonName::split(&full_name);
            prop_assert!(!name.first_name().contains(is_space));
            for part in [name.first_name(), name.last_name()] {
                prop_assert!(!is_longer_than(part, LONGEST_PART));
                prop_assert_eq!(trim(part), part);
            }
        }
    }
}
