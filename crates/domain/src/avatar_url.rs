//! Addresses of pictures.

use crate::field_errors::Parsed;
use crate::values::{nul, refuse_all, too_long};
use crate::web_url::WebUrl;

const INVALID: &str = "Enter a valid URL.";

/// An `http` or `https` URL of at most 200 characters, as it was given; or empty: no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarUrl(String);

impl AvatarUrl {
    /// Longest URL, in characters.
    pub const LONGEST: usize = 200;

    /// Reads a URL of one of the two schemes that a browser loads pictures from.
    ///
    /// # Errors
    /// All rules that `text` breaks.
    pub fn parse(text: &str) -> Parsed<Self> {
        let invalid = (!text.is_empty() && WebUrl::parse(text).is_none()).then(|| INVALID.into());
        refuse_all(
            too_long(text, Self::LONGEST)
                .into_iter()
                .chain(invalid)
                .chain(nul(text)),
        )?;
        Ok(Self(text.to_owned()))
    }

    /// The URL as it was given.
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
    fn urls_of_pictures_are_kept_as_given() {
        for text in [
            "",
            "https://cdn.example.com/a.png",
            "http://localhost",
            "HTTP://Example.COM:8080/?q=1#x",
            "https://u:p@example.com/",
            "https://127.0.0.1:9000/a",
            "http://[2001:db8::1]:80/a",
            "https://bücher.de/ä😀",
            "https://example.com./",
            "https://example.com?x",
            "https://example.com/a|b\"<c>",
        ] {
            assert_eq!(AvatarUrl::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "nope",
            "http:",
            "http://",
            "http:///a",
            "//example.com/a",
            "javascript://example.com/%0aalert(1)",
            "javascript:alert(1)",
            "data:image/png;base64,AA==",
            "ftp://example.com/",
            "http://a",
            "https://exa mple.com/",
            "https://example.com/a b",
            "https://example.com/\u{7f}",
            "https://example.com:/",
            "https://example.com:99999/",
            "https://example.com:+80/",
            "https://-a.com/",
            "https://a@b@example.com/",
            "https://@example.com/",
            "https://[::1/",
            "https://[1.2.3.4]/",
            "https://1.2.3.4.5/",
            "http://example.com\\@evil.com",
            "a\nhttp://example.com",
            " https://example.com",
        ] {
            assert_eq!(
                problem_of(AvatarUrl::parse(text)),
                json!([INVALID]),
                "{text:?}"
            );
        }
        let long = "Ensure this field has no more than 200 characters.";
        let url = format!("https://example.com/{}", "ä".repeat(180));
        assert!(AvatarUrl::parse(&url).is_ok());
        assert_eq!(
            problem_of(AvatarUrl::parse(&format!("{url}a"))),
            json!([long])
        );
        assert_eq!(
            problem_of(AvatarUrl::parse(&"a".repeat(201))),
            json!([long, INVALID])
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = AvatarUrl::parse(&text);
        }

        #[test]
        fn what_is_accepted_is_http(text in "[a-z]{2,6}://[a-z0-9.:@/\\[\\] -]{0,30}") {
            if AvatarUrl::parse(&text).is_ok() {
                prop_assert!(text.starts_with("http://") || text.starts_with("https://"));
                prop_assert!(!text.contains(' '));
            }
        }
    }
}
