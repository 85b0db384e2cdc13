//! Language tags.

use crate::field_errors::Parsed;
use crate::values::{refuse_all, too_long};

const INVALID: &str = "Enter a well-formed BCP 47 language tag, for example \"en\" or \"pt-BR\".";

/// Longest language tag, in characters.
const LONGEST: usize = 10;

/// A well-formed language tag (RFC 5646, section 2.2.9) of at most 10 characters, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// # Errors
    /// All rules that `text` breaks.
    pub fn parse(text: &str) -> Parsed<Self> {
        let invalid = oxilangtag::LanguageTag::parse(text)
            .is_err()
            .then(|| INVALID.into());
        refuse_all(too_long(text, LONGEST).into_iter().chain(invalid))?;
        Ok(Self(text.to_owned()))
    }

    /// The tag as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    #[test]
    fn well_formed_tags_are_kept_as_given() {
        for text in [
            "en",
            "EN",
            "pt-BR",
            "zh-Hant-TW",
            "de-1996",
            "i-klingon",
            "x-private",
            "haw",
        ] {
            assert_eq!(LanguageTag::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn ill_formed_tags_are_refused() {
        for text in [
            "", "e", "en_US", "en-", "-en", "en--US", "12", "english!", "en-\0", "日本",
        ] {
            assert_eq!(
                problem_of(LanguageTag::parse(text)),
                json!([INVALID]),
                "{text:?}"
            );
        }
        let long = "Ensure this field has no more than 10 characters.";
        assert_eq!(
            problem_of(LanguageTag::parse("zh-Hant-TW-x")),
            json!([long, INVALID])
        );
        assert_eq!(problem_of(LanguageTag::parse("zh-Hans-419")), json!([long]));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = LanguageTag::parse(&text);
        }
    }
}
