//! Why an administrator does something.

use serde_json::Value;

use crate::field_errors::FieldErrors;
use crate::input::Input;
use crate::values::text;

/// The reason of an act: 1 to 500 characters, which the audit trail keeps. Whoever writes it is told
/// that no secret and no personal data belongs there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Longest reason, in characters.
    pub const LONGEST: usize = 500;

    /// Reads the body of a request that asks for nothing else.
    ///
    /// # Errors
    /// If `reason` is missing, blank or too long.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let reason = Self::read(&mut input);
        input.finish(|| reason)
    }

    /// Reads the field `reason` of a request that asks for more.
    pub(crate) fn read(input: &mut Input<'_>) -> Option<Self> {
        input.required("reason", text(Self::LONGEST)).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn a_reason_is_a_text() {
        let reason = Reason::parse(&json!({"reason": " Asked by phone. "})).unwrap();
        assert_eq!(reason.as_str(), "Asked by phone.");
    }

    #[test]
    fn there_is_no_act_without_a_reason() {
        let too_long = "x".repeat(Reason::LONGEST + 1);
        for (body, text) in [
            (json!({}), "This field is required."),
            (json!({"reason": null}), "This field may not be null."),
            (json!({"reason": "  "}), "This field may not be blank."),
            (json!({"reason": true}), "Not a valid string."),
            (
                json!({"reason": too_long}),
                "Ensure this field has no more than 500 characters.",
            ),
        ] {
            assert_eq!(errors_of(Reason::parse(&body)), json!({"reason": [text]}));
        }
    }
}
