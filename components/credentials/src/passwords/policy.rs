//! The password policy (NIST SP 800-63B-4, section 3.1.1.2): no composition rules.

use super::{common, normalised};
use crate::bindings::passwords::Violation;

/// Characters are code points of the normalised password.
const MINIMUM_LENGTH: usize = 8;
const MAXIMUM_LENGTH: usize = 128;
/// What is shorter resembles something by chance.
const MINIMUM_RESEMBLANCE: usize = 4;

/// Every rule that `password` breaks, in the order of [`Violation`].
pub(crate) fn check_policy(password: &str, personal: &[String]) -> Vec<Violation> {
    let password = normalised(password);
    let length = password.chars().count();
    let rules = [
        (Violation::TooShort, length < MINIMUM_LENGTH),
        (Violation::TooLong, length > MAXIMUM_LENGTH),
        (Violation::TooCommon, common::is_common(&password)),
        (Violation::EntirelyNumeric, is_numeric(&password)),
        (Violation::TooSimilar, resembles_any(&password, personal)),
    ];
    rules
        .into_iter()
        .filter_map(|(violation, is_broken)| is_broken.then_some(violation))
        .collect()
}

/// Digits of any script.
fn is_numeric(password: &str) -> bool {
    !password.is_empty() && password.chars().all(char::is_numeric)
}

/// Whether `password` contains an entry of `personal` or a word of one, or is contained in an entry,
/// ignoring case.
fn resembles_any(password: &str, personal: &[String]) -> bool {
    let password = password.to_lowercase();
    personal.iter().any(|entry| {
        let entry = normalised(entry).to_lowercase();
        let mut words = entry.split_whitespace();
        words.any(|word| contains(&password, word))
            || contains(&password, entry.trim())
            || contains(&entry, &password)
    })
}

fn contains(whole: &str, part: &str) -> bool {
    part.chars().count() >= MINIMUM_RESEMBLANCE && whole.contains(part)
}
