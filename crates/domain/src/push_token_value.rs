//! What a push service calls a device.

use std::fmt;

use crate::field_errors::Parsed;
use crate::values::{BLANK, nul, refuse_all};

/// A push token: 1 to 2,048 bytes; of a Web Push subscription its compact JSON.
///
/// Whoever has it can send to the device, so that no answer to a user holds it and `Debug` prints
/// only the type's name.
#[derive(Clone, PartialEq, Eq)]
pub struct PushTokenValue(String);

impl PushTokenValue {
    /// Longest push token, in bytes: it is indexed, and a B-tree of PostgreSQL takes no more than
    /// 2,704 bytes, a third of a page.
    pub const MOST_BYTES: usize = 2048;

    /// # Errors
    /// If `text` is empty, longer than 2,048 bytes or holds NUL.
    pub fn parse(text: &str) -> Parsed<Self> {
        if text.is_empty() {
            return Err(BLANK.into());
        }
        let long = (text.len() > Self::MOST_BYTES).then(|| {
            format!(
                "Ensure this field has no more than {} bytes.",
                Self::MOST_BYTES
            )
            .into()
        });
        refuse_all(long.into_iter().chain(nul(text)))?;
        Ok(Self(text.to_owned()))
    }

    /// The token itself.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PushTokenValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushTokenValue")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::problem_of;
    use crate::values::NUL;

    #[test]
    fn the_length_is_counted_in_bytes() {
        assert!(PushTokenValue::parse(&"ä".repeat(1024)).is_ok());
        let long = "Ensure this field has no more than 2048 bytes.";
        assert_eq!(
            problem_of(PushTokenValue::parse(&"ä".repeat(1025))),
            json!([long])
        );
    }

    #[test]
    fn blank_and_nul_are_refused() {
        assert_eq!(problem_of(PushTokenValue::parse("")), json!([BLANK]));
        assert_eq!(problem_of(PushTokenValue::parse("a\0")), json!([NUL]));
    }

    #[test]
    fn debug_output_does_not_hold_the_token() {
        let token = PushTokenValue::parse("fcm-1").unwrap();
        assert_eq!(
            format!("{token:?} {}", token.expose_secret()),
            "PushTokenValue fcm-1"
        );
    }
}
