//! Reading settings: each is text, and a bad one must be named.

use std::ops::RangeInclusive;

use thiserror::Error;

/// A setting that the service can't work with. Says which one and what would be right; never holds
/// the setting's value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("setting {name}: {explanation}")]
pub struct SettingError {
    name: &'static str,
    explanation: String,
}

impl SettingError {
    /// What is wrong with the setting `name`; `explanation` must not repeat a secret.
    pub fn new(name: &'static str, explanation: impl Into<String>) -> Self {
        Self {
            name,
            explanation: explanation.into(),
        }
    }

    /// The setting's name.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// Reads a whole number in decimal digits.
///
/// # Errors
/// If `text` is none or the number is not in `range`.
pub fn whole_number(
    name: &'static str,
    text: &str,
    range: RangeInclusive<u32>,
) -> Result<u32, SettingError> {
    let digits = text.trim();
    let number = if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    };
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (least, most) = range.into_inner();
            SettingError::new(
                name,
                format!("must be a whole number from {least} to {most}"),
            )
        })
}

/// Reads one of `words`.
///
/// # Errors
/// If `text` is none of them.
pub fn one_of(
    name: &'static str,
    text: &str,
    words: &[&'static str],
) -> Result<&'static str, SettingError> {
    words
        .iter()
        .copied()
        .find(|word| *word == text.trim())
        .ok_or_else(|| SettingError::new(name, format!("must be one of {}", words.join(", "))))
}

/// Reads `true` or `false`.
///
/// # Errors
/// If `text` is neither.
pub fn truth(name: &'static str, text: &str) -> Result<bool, SettingError> {
    one_of(name, text, &["true", "false"]).map(|word| word == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truth_is_read_and_nothing_like_one() {
        assert_eq!(truth("t", "true"), Ok(true));
        assert_eq!(truth("t", " false\n"), Ok(false));
        for text in ["", "TRUE", "yes", "1"] {
            assert_eq!(
                truth("t", text).unwrap_err().to_string(),
                "setting t: must be one of true, false"
            );
        }
    }

    #[test]
    fn numbers_within_the_range_are_read() {
        assert_eq!(whole_number("n", " 60\n", 1..=60), Ok(60));
        assert_eq!(whole_number("n", "0", 0..=1), Ok(0));
    }

    #[test]
    fn the_error_names_the_setting_and_the_range() {
        for text in ["", "x", "-1", "+1", "1.5", "61", "99999999999", "1 h"] {
            let error = whole_number("access_token_lifetime", text, 1..=60).unwrap_err();
            assert_eq!(error.name(), "access_token_lifetime");
            assert_eq!(
                error.to_string(),
                "setting access_token_lifetime: must be a whole number from 1 to 60"
            );
        }
    }
    #[test]
    fn one_of_the_words_is_read_and_the_error_names_them() {
        let read = |text| one_of("log_level", text, &["info", "warn"]);
        assert_eq!(read(" warn\n"), Ok("warn"));
        for text in ["", "WARN", "debug"] {
            assert_eq!(
                read(text).unwrap_err().to_string(),
                "setting log_level: must be one of info, warn"
            );
        }
    }
}
