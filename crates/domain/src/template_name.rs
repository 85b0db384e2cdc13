//! What a template is called.

/// The name of a template: 1 to 100 lower-case letters, digits and `_.-`, no dot first. So it is one
/// segment of a URL's path and never `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateName(String);

impl TemplateName {
    /// Longest name, in characters.
    pub const LONGEST: usize = 100;

    /// The name; nothing if `text` is none, so that there is no such template either.
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = (1..=Self::LONGEST).contains(&text.len())
            && !text.starts_with('.')
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte)
            });
        is_name.then(|| Self(text.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_words_of_a_path() {
        let longest = "a".repeat(100);
        for name in ["welcome", "a", "_x", "order-2.confirmed", longest.as_str()] {
            assert_eq!(TemplateName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_would_leave_its_place_in_the_path_is_no_name() {
        let too_long = "a".repeat(101);
        for name in [
            "",
            ".",
            "..",
            "...",
            ".a",
            "../a",
            "a/b",
            "a\\b",
            "a?b",
            "a#b",
            "a%2fb",
            "a b",
            "A",
            "ä",
            "a\n",
            "a\0",
            too_long.as_str(),
        ] {
            assert_eq!(TemplateName::parse(name), None, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_never_more_than_one_segment(text in any::<String>()) {
            if let Some(name) = TemplateName::parse(&text) {
                let outside = name.as_str().contains(['/', '\\', '?', '#', '%', ':', '@', '{']);
                prop_assert!(!outside);
                prop_assert_ne!(name.as_str(), "..");
            }
        }
    }
}
