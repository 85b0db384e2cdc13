//! What `POST /internal/outbox/replay` and `POST /api/v1/admin/dead-letters/replay` ask for.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::ids::EventId;
use crate::input::Input;
use crate::reason::Reason;

/// Dead letters to deliver again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetterReplay {
    /// The events; none if all of them.
    pub ids: Option<Vec<EventId>>,
}

/// The same, asked for by an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonedReplay {
    /// The events; none if all of them.
    pub ids: Option<Vec<EventId>>,
    /// Why.
    pub reason: Reason,
}

impl DeadLetterReplay {
    /// Reads the request.
    ///
    /// # Errors
    /// If `ids` is there and no list of UUIDs.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let ids = input.optional("ids", ids);
        input.finish(|| Some(Self { ids }))
    }
}

impl ReasonedReplay {
    /// Reads the request.
    ///
    /// # Errors
    /// If `ids` is there and no list of UUIDs, or there is no reason.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let ids = input.optional("ids", ids);
        let reason = Reason::read(&mut input);
        input.finish(|| {
            Some(Self {
                ids,
                reason: reason?,
            })
        })
    }
}

fn ids(value: &Value) -> Parsed<Vec<EventId>> {
    let ids = value.as_array().and_then(|ids| {
        ids.iter()
            .map(|id| EventId::parse(id.as_str()?).ok())
            .collect()
    });
    ids.ok_or_else(|| "Must be a list of UUIDs.".into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn all_of_them_or_some_are_asked_for() {
        assert_eq!(DeadLetterReplay::parse(&json!({})).unwrap().ids, None);
        let id = "a8b99449-0370-4235-a274-fe2dff1c0862";
        let request = DeadLetterReplay::parse(&json!({"ids": [id]})).unwrap();
        assert_eq!(request.ids, Some(vec![EventId::parse(id).unwrap()]));
    }

    #[test]
    fn an_administrator_says_why() {
        let request = ReasonedReplay::parse(&json!({"reason": "The broker is back."})).unwrap();
        assert_eq!(
            (request.ids, request.reason.as_str()),
            (None, "The broker is back.")
        );
        assert_eq!(
            errors_of(ReasonedReplay::parse(&json!({"ids": "all"}))),
            json!({
                "ids": ["Must be a list of UUIDs."],
                "reason": ["This field is required."],
            })
        );
    }

    #[test]
    fn other_lists_are_refused() {
        for ids in [json!("all"), json!(["x"]), json!([1]), json!({})] {
            assert_eq!(
                errors_of(DeadLetterReplay::parse(&json!({ "ids": ids }))),
                json!({"ids": ["Must be a list of UUIDs."]})
            );
        }
    }
}
