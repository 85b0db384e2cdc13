//! The most used passwords: zxcvbn's list of ranked passwords, which `build.rs` sorts.

use std::cmp::Ordering;

/// One a line, in the order of their bytes, in lower case. Looked at where it lies: an instance
/// lives for seconds and asks rarely, so nothing is unpacked.
const PASSWORDS: &str = include_str!(concat!(env!("OUT_DIR"), "/common_passwords.txt"));

/// Whether `password` is in the list, ignoring case and white space around it, as Django does.
pub(super) fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    let wanted = password.trim();
    let mut rest = PASSWORDS;
    while !rest.is_empty() {
        let (before, line, after) = middle_line(rest);
        match wanted.cmp(line) {
            Ordering::Less => rest = before,
            Ordering::Equal => return true,
            Ordering::Greater => rest = after,
        }
    }
    false
}

/// The line at the middle of `text`, and what is before and after it.
fn middle_line(text: &str) -> (&str, &str, &str) {
    let middle = text.floor_char_boundary(text.len() / 2);
    let start = text[..middle]
        .rfind('\n')
        .map_or(0, |position| position + 1);
    let end = text[middle..]
        .find('\n')
        .map_or(text.len(), |position| middle + position);
    let after = text.get(end + 1..).unwrap_or_default();
    (&text[..start.saturating_sub(1)], &text[start..end], after)
}

#[cfg(test)]
mod tests {
    use super::{PASSWORDS, is_common};

    #[test]
    fn every_password_of_the_list_is_found() {
        assert!(PASSWORDS.lines().count() >= 10_000);
        for password in PASSWORDS.lines() {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn neighbours_of_the_list_are_not_found() {
        for password in PASSWORDS.lines().step_by(7) {
            for neighbour in [format!("{password}\u{1}"), format!("\u{1}{password}")] {
                assert!(!is_common(&neighbour), "{neighbour}");
            }
        }
        for password in ["", "\n", "password\n123456", "\u{10ffff}", "Kx7!vQ2z"] {
            assert!(!is_common(password), "{password:?}");
        }
    }

    #[test]
    fn case_and_white_space_around_do_not_matter() {
        assert!(is_common("  PassWord\t"));
    }
}
