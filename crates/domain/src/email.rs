//! E-mail addresses.

use std::fmt;
use std::net::IpAddr;

use serde::{Serialize, Serializer};

use crate::field_errors::Parsed;
use crate::host_name::is_domain_name;
use crate::values::{nul, refuse_all, too_long};

const INVALID: &str = "Enter a valid email address.";

/// An e-mail address that can be stored: at most 254 characters, the whole of it in lower case.
///
/// `Debug` prints only the type's name, since addresses have no place in a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Longest address that is stored, in characters (RFC 5321, section 4.5.3.1.3).
    pub const LONGEST: usize = 254;

    /// Reads an address. What is accepted follows Django's `EmailValidator`, except that a quoted
    /// local part holds no control characters (RFC 5321, section 4.1.2).
    ///
    /// # Errors
    /// All rules that it breaks.
    pub fn parse(text: &str) -> Parsed<Self> {
        let address = text.to_lowercase();
        let invalid = (!is_address(&address)).then(|| INVALID.into());
        refuse_all(
            too_long(&address, Self::LONGEST)
                .into_iter()
                .chain(invalid)
                .chain(nul(&address)),
        )?;
        Ok(Self(address))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the last `@`.
    pub fn local_part(&self) -> &str {
        self.0
            .rsplit_once('@')
            .map_or("", |(local_part, _)| local_part)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email")
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

fn is_address(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local_part, host)| {
        (is_dot_atom(local_part) || is_quoted(local_part)) && is_mail_host(host)
    })
}

/// Dot-separated atoms (RFC 5322, section 3.2.3), ASCII only.
fn is_dot_atom(text: &str) -> bool {
    text.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    })
}

/// A quoted string (RFC 5321, section 4.1.2): spaces, `"` and `\` only after a backslash.
fn is_quoted(text: &str) -> bool {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else {
        return false;
    };
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'\\' => bytes
                .next()
                .is_some_and(|escaped| (b' '..=b'~').contains(&escaped)),
            b'"' => false,
            _ => byte.is_ascii_graphic(),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// A domain name, `localhost` or an address in brackets.
fn is_mail_host(text: &str) -> bool {
    let literal = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    literal.map_or_else(
        || text == "localhost" || is_domain_name(text),
        |address| address.parse::<IpAddr>().is_ok(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;
    use crate::values::NUL;

    #[test]
    fn addresses_that_django_accepts_are_accepted_in_lower_case() {
        for (text, stored) in [
            ("Aminae4fe89@Example.com", "aminae4fe89@example.com"),
            ("a@b.co", "a@b.co"),
            ("A.B+tag@Sub.Example.ORG", "a.b+tag@sub.example.org"),
            ("!#$%&'*+-/=?^_`{|}~@x.io", "!#$%&'*+-/=?^_`{|}~@x.io"),
            ("a@LOCALHOST", "a@localhost"),
            ("a@[127.0.0.1]", "a@[127.0.0.1]"),
            ("a@[2001:DB8::1]", "a@[2001:db8::1]"),
            ("a@BÜCHER.de", "a@bücher.de"),
            (r#""a@b\ c"@x.com"#, r#""a@b\ c"@x.com"#),
            (r#""\\\""@x.com"#, r#""\\\""@x.com"#),
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), stored);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "x",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@b.c",
            "a..b@c.de",
            ".a@c.de",
            "a.@c.de",
            "a b@c.de",
            "a@b@c.de",
            "a@c..de",
            "a@-c.de",
            "a@c.de-",
            "a@[300.0.0.1]",
            "a@[]",
            "ä@c.de",
            "a@c.de.",
            "a@127.0.0.1",
            "a\n@c.de",
            "a@c.de\nb",
            r#""a"b"@c.de"#,
            r#""a\"@c.de"#,
            "\"a\tb\"@c.de",
            "\"a b\"@c.de",
            "a,b@c.de",
            "<a@c.de>",
        ] {
            assert_eq!(problem_of(Email::parse(text)), json!([INVALID]), "{text:?}");
        }
    }

    #[test]
    fn every_broken_rule_is_named() {
        let fits = format!("{}@example.com", "a".repeat(242));
        assert_eq!(Email::parse(&fits).unwrap().as_str().len(), 254);
        let long = "Ensure this field has no more than 254 characters.";
        assert_eq!(problem_of(Email::parse(&format!("a{fits}"))), json!([long]));
        assert_eq!(
            problem_of(Email::parse(&"a".repeat(300))),
            json!([long, INVALID])
        );
        assert_eq!(problem_of(Email::parse("a\0@c.de")), json!([INVALID, NUL]));
    }

    #[test]
    fn the_local_part_ends_at_the_last_at_sign() {
        assert_eq!(
            Email::parse(r#""a@b"@c.de"#).unwrap().local_part(),
            r#""a@b""#
        );
    }

    #[test]
    fn debug_output_does_not_hold_the_address() {
        assert_eq!(format!("{:?}", Email::parse("a@b.co").unwrap()), "Email");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = Email::parse(&text);
        }

        #[test]
        fn what_was_accepted_is_accepted_again_unchanged(
            text in "[A-Za-z0-9.+_\"\\\\ -]{1,20}@[A-Za-zÄÖÜİΣ0-9.-]{1,20}",
        ) {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }
    }
}
