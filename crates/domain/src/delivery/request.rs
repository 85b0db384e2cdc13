//! What the routes below `/delivery` are asked for.

use std::collections::HashMap;

use serde_json::Value;

use super::idempotency_key::IdempotencyKey;
use super::kinds::{Category, Channel};
use crate::field_errors::{FieldErrors, Parsed};
use crate::ids::UserId;
use crate::input::{Input, type_name};
use crate::timestamp::Timestamp;
use crate::values::{choice, id, parsed};

/// Whether one message may go out: what `POST /delivery/decide` asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRequest {
    /// To whom.
    pub user: UserId,
    /// On which way.
    pub channel: Channel,
    /// About what.
    pub category: Category,
    /// What the caller calls this request. The same again is free: where it has taken a slot it needs
    /// no second one, and is decided anew by the other rules.
    pub idempotency_key: Option<IdempotencyKey>,
}

impl DeliveryRequest {
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let (user, channel, category) = message(&mut input);
        let idempotency_key = input.nullable("idempotency_key", parsed(IdempotencyKey::parse));
        input.finish(|| {
            Some(Self {
                user: user?,
                channel: channel?,
                category: category?,
                idempotency_key: idempotency_key.flatten(),
            })
        })
    }
}

/// The same for 1 to 100 messages, of which no two have the same idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryBatch {
    /// In the order in which they are answered.
    pub requests: Vec<DeliveryRequest>,
}

impl DeliveryBatch {
    /// Most requests in a batch.
    pub const MOST: usize = 100;

    /// # Errors
    /// Everything that is wrong with the requests, each under its place counted from 0.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let requests = input.required("requests", requests);
        input.finish(|| {
            Some(Self {
                requests: requests?,
            })
        })
    }
}

/// Why a message would or would not go out: what `POST /delivery/explain` asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainRequest {
    /// To whom.
    pub user: UserId,
    /// On which way.
    pub channel: Channel,
    /// About what.
    pub category: Category,
    /// At which time; `None`: now.
    pub now: Option<Timestamp>,
}

impl ExplainRequest {
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let (user, channel, category) = message(&mut input);
        let now = input.nullable("now", parsed(Timestamp::parse));
        input.finish(|| {
            Some(Self {
                user: user?,
                channel: channel?,
                category: category?,
                now: now.flatten(),
            })
        })
    }
}

fn message(input: &mut Input<'_>) -> (Option<UserId>, Option<Channel>, Option<Category>) {
    (
        input.required("user_id", id(UserId::parse)),
        input.required("channel", choice(Channel::from_word)),
        input.required("category", choice(Category::from_word)),
    )
}

fn requests(value: &Value) -> Parsed<Vec<DeliveryRequest>> {
    let Value::Array(items) = value else {
        let given = type_name(value);
        return Err(format!("Expected a list of items but got type \"{given}\".").into());
    };
    if items.is_empty() {
        return Err("This list may not be empty.".into());
    }
    if items.len() > DeliveryBatch::MOST {
        return Err(format!(
            "Ensure this list has no more than {} items.",
            DeliveryBatch::MOST
        )
        .into());
    }
    let mut errors = FieldErrors::new();
    let mut requests = Vec::with_capacity(items.len());
    let mut places = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        match DeliveryRequest::parse(item) {
            Err(problems) => errors.nest(index.to_string(), problems),
            Ok(request) => {
                if let Some(key) = request.idempotency_key.clone()
                    && let Some(earlier) = places.insert(key, index)
                {
                    let text = format!("Request {earlier} has the same key.");
                    errors.nest(index.to_string(), FieldErrors::one("idempotency_key", text));
                }
                requests.push(request);
            }
        }
    }
    errors.into_result()?;
    Ok(requests)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    const USER: &str = "a8b99449-0370-4235-a274-fe2dff1c0862";

    #[test]
    fn a_request_is_read() {
        let body = json!({"user_id": USER, "channel": "push", "category": "system"});
        let expected = DeliveryRequest {
            user: UserId::parse(USER).unwrap(),
            channel: Channel::Push,
            category: Category::System,
            idempotency_key: None,
        };
        assert_eq!(DeliveryRequest::parse(&body), Ok(expected.clone()));

        let mut with_key = body.clone();
        with_key["idempotency_key"] = json!("order:42");
        with_key["now"] = json!("ignored");
        let request = DeliveryRequest::parse(&with_key).unwrap();
        assert_eq!(request.idempotency_key.unwrap().as_str(), "order:42");

        with_key["idempotency_key"] = json!(null);
        assert_eq!(DeliveryRequest::parse(&with_key), Ok(expected));
    }

    #[test]
    fn all_errors_are_reported() {
        let required = json!(["This field is required."]);
        assert_eq!(
            errors_of(DeliveryRequest::parse(&json!({}))),
            json!({"user_id": required, "channel": required, "category": required})
        );
        let body = json!({
            "user_id": "42", "channel": "sms", "category": null, "idempotency_key": "a b",
        });
        assert_eq!(
            errors_of(DeliveryRequest::parse(&body)),
            json!({
                "user_id": ["Must be a valid UUID."],
                "channel": ["\"sms\" is not a valid choice."],
                "category": ["This field may not be null."],
                "idempotency_key": [
                    "Use 1 to 128 letters, digits, dots, underscores, colons or hyphens, all of them ASCII."
                ],
            })
        );
    }

    #[test]
    fn an_explanation_may_be_asked_for_another_time() {
        let mut body = json!({"user_id": USER, "channel": "email", "category": "marketing"});
        assert_eq!(ExplainRequest::parse(&body).unwrap().now, None);
        body["now"] = json!("2026-11-25T04:02:19Z");
        let now = Timestamp::parse("2026-11-25T04:02:19Z").ok();
        assert_eq!(ExplainRequest::parse(&body).unwrap().now, now);
        body["now"] = json!("tomorrow");
        assert!(errors_of(ExplainRequest::parse(&body))["now"].is_array());
    }

    #[test]
    fn the_errors_of_a_batch_stand_under_their_places() {
        let good = json!({"user_id": USER, "channel": "push", "category": "system"});
        let keyed = json!({
            "user_id": USER, "channel": "push", "category": "system", "idempotency_key": "k",
        });
        let batch = DeliveryBatch::parse(&json!({"requests": [keyed, good, good]})).unwrap();
        assert_eq!(batch.requests.len(), 3);
        assert_eq!(batch.requests[1], batch.requests[2]);

        assert_eq!(
            errors_of(DeliveryBatch::parse(
                &json!({"requests": [keyed, {"user_id": USER, "channel": "push"}, 7, keyed]})
            )),
            json!({"requests": {
                "1": {"category": ["This field is required."]},
                "2": {"error": ["Invalid data. Expected a dictionary, but got int."]},
                "3": {"idempotency_key": ["Request 0 has the same key."]},
            }})
        );
    }

    #[test]
    fn a_batch_has_1_to_100_requests() {
        let good = json!({"user_id": USER, "channel": "push", "category": "system"});
        assert!(DeliveryBatch::parse(&json!({"requests": vec![&good; 100]})).is_ok());
        for (requests, text) in [
            (json!([]), "This list may not be empty."),
            (
                json!(vec![&good; 101]),
                "Ensure this list has no more than 100 items.",
            ),
            (json!({}), "Expected a list of items but got type \"dict\"."),
        ] {
            assert_eq!(
                errors_of(DeliveryBatch::parse(&json!({ "requests": requests }))),
                json!({"requests": [text]})
            );
        }
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            let _ = DeliveryRequest::parse(&body);
            let _ = ExplainRequest::parse(&body);
            let _ = DeliveryBatch::parse(&body);
            let _ = DeliveryBatch::parse(&json!({"requests": [body]}));
        }
    }
}
