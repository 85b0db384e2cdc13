//! The header `Idempotency-Key`, by which a request that is sent again is known
//! (draft-ietf-httpapi-idempotency-key-header-07).

use sfv::{BareItem, Item, Parser};

/// Longest key, in characters.
const LONGEST: usize = 255;

/// What a client calls a request: 1 to 255 printable characters of ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads the lines of the header, of which there is one at most: a string of structured fields (RFC
    /// 9651, section 3.3.3) whose parameters are ignored.
    ///
    /// # Errors
    /// Says what would be right.
    pub fn parse(lines: &[&[u8]]) -> Result<Option<Self>, String> {
        let item = match lines {
            [] => return Ok(None),
            [line] => Parser::new(line).parse::<Item>().ok(),
            _ => None,
        };
        match item.map(|item| item.bare_item) {
            Some(BareItem::String(key)) if (1..=LONGEST).contains(&key.as_str().len()) => {
                Ok(Some(Self(key.as_str().to_owned())))
            }
            _ => Err(format!(
                "The header Idempotency-Key must be one string in double quotes, of 1 to {LONGEST} \
                 printable characters of ASCII: Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"."
            )),
        }
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(lines: &[&str]) -> Option<String> {
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let key = IdempotencyKey::parse(&lines).expect("a key or none");
        key.map(|key| key.as_str().to_owned())
    }

    #[test]
    fn a_string_in_double_quotes_is_a_key() {
        let longest = "a".repeat(255);
        for (line, expected) in [
            (r#""8e03978e-40d5""#, "8e03978e-40d5"),
            (r#"  " a b"  "#, " a b"),
            (r#""a\"b\\c""#, r#"a"b\c"#),
            (r#""a";retry=1"#, "a"),
            (&format!("\"{longest}\""), &longest),
        ] {
            assert_eq!(key(&[line]).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn no_header_is_no_key() {
        assert_eq!(key(&[]), None);
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        let too_long = format!("\"{}\"", "a".repeat(256));
        for lines in [
            &[""][..],
            &["8e03978e-40d5"],
            &["42"],
            &[":YQ==:"],
            &[r#""""#],
            &[r#""a"#],
            &[r#""a" b"#],
            &[r#""a", "b""#],
            &["\"\u{e4}\""],
            &["\"a\tb\""],
            &[&too_long],
            &[r#""a""#, r#""a""#],
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            let error = IdempotencyKey::parse(&lines).unwrap_err();
            assert!(error.contains("double quotes"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_answered(line: Vec<u8>) {
            if let Ok(Some(key)) = IdempotencyKey::parse(&[&line]) {
                prop_assert!(key.as_str().bytes().all(|byte| (0x20..0x7f).contains(&byte)));
            }
        }
    }
}
