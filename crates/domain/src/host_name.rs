//! Domain names as Django's validators of e-mail addresses and URLs accept them.
//!
//! Deliberately not the DNS's own rules: what existing clients could save must stay savable.

/// Longest label of a domain name (RFC 1034, section 3.1).
const LONGEST_LABEL: usize = 63;

/// Whether `name` is a domain name with at least two labels, internationalised ones included.
///
/// Labels have 1 to 63 letters, digits or hyphens and no hyphen at either end. The last label has
/// at least two and is not all digits, so that a malformed IPv4 address is no domain name.
pub(crate) fn is_domain_name(name: &str) -> bool {
    let Some((labels, last)) = name.rsplit_once('.') else {
        return false;
    };
    labels.split('.').all(is_label)
        && is_label(last)
        && last.chars().nth(1).is_some()
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    let length = label.chars().count();
    (1..=LONGEST_LABEL).contains(&length)
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(is_label_character)
}

/// ASCII letters, digits and hyphens, and from U+00A1 on whatever is not white space.
fn is_label_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '-'
        || (character >= '\u{a1}' && !character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domain_names_are_told_from_other_words() {
        let longest = format!("{}.com", "a".repeat(63));
        for good in [
            "example.com",
            "a.b.c.org",
            "1.example.io",
            "xn--bcher-kva.de",
            "bücher.de",
            "例え.テスト",
            "x-y.co",
            longest.as_str(),
        ] {
            assert!(is_domain_name(good), "{good}");
        }
        let too_long = format!("{}.com", "a".repeat(64));
        for bad in [
            "",
            ".",
            "com",
            ".com",
            "a..com",
            "a.com.",
            "-a.com",
            "a-.com",
            "a.c",
            "a.1",
            "a.-com",
            "1.2.3.444",
            "a b.com",
            "a_b.com",
            "a.co\u{a0}m",
            too_long.as_str(),
        ] {
            assert!(!is_domain_name(bad), "{bad}");
        }
    }
}
