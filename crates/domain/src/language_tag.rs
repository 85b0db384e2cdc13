//! Language tags.

use crate::field_errors::Parsed;
use crate::values::{refuse_all, too_long};

const INVALID: &str = "Enter a well-formed BCP 47 language tag, for example \"en\" or \"pt-BR\".";

/// A well-formed language tag (RFC 5646, section 2.2.9) of at most 10 characters, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Longest language tag, in characters.
    pub const LONGEST: usize = 10;

    /// # Errors
    /// All rules that `text` breaks.
    pub fn parse(text: &str) -> Parsed<Self> {
        let invalid = oxilangtag::LanguageTag::parse(text)
            .is_err()
            .then(|| INVALID.into());
        refuse_all(too_long(text, Self::LONGEST).into_iter().chain(invalid))?;
        Ok(Self(text.to_owned()))
    }

    /// The tag as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag and the wider ones that stand in for it, by "lookup" (RFC 4647, section 3.4): `fr-CA`
    /// and `fr`. A single letter introduces what follows it, so none stands last.
    pub fn lookup(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.as_str()), |tag| {
            let (mut wider, _) = tag.rsplit_once('-')?;
            while let Some((rest, [_])) = wider
                .rsplit_once('-')
                .map(|(rest, last)| (rest, last.as_bytes()))
            {
                wider = rest;
            }
            Some(wider).filter(|wider| wider.len() > 1)
        })
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

    #[test]
    fn wider_languages_stand_in_for_a_narrow_one() {
        for (tag, expected) in [
            ("fr-CA", &["fr-CA", "fr"][..]),
            ("EN", &["EN"]),
            ("zh-Hant-TW", &["zh-Hant-TW", "zh-Hant", "zh"]),
            ("de-a-bcd", &["de-a-bcd", "de"]),
            ("en-x-a-bc", &["en-x-a-bc", "en"]),
            ("x-private", &["x-private"]),
        ] {
            let tag = LanguageTag::parse(tag).unwrap();
            assert_eq!(tag.lookup().collect::<Vec<_>>(), expected);
        }
    }

    proptest! {
        #[test]
        fn the_lookup_begins_with_the_tag_and_ends(text in "[a-z]{1,3}(-[a-zA-Z0-9]{1,4}){0,3}") {
            if let Ok(tag) = LanguageTag::parse(&text) {
                let lookup: Vec<_> = tag.lookup().collect();
                prop_assert_eq!(lookup[0], tag.as_str());
                prop_assert!(lookup.len() <= 5);
            }
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = LanguageTag::parse(&text);
        }
    }
}
