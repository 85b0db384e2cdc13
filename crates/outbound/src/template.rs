//! A template, as the template service gives it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A template of a notification; its parts are handed on as they are.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Template {
    /// The subject; a push message may have none.
    #[serde(default)]
    pub subject: Option<String>,
    /// The text.
    pub body: String,
}

impl Template {
    /// Reads the answer of the template service: the template itself, or an envelope with it in
    /// `data`.
    ///
    /// # Errors
    /// If it is neither; the text quotes nothing of it.
    pub(crate) fn parse(answer: &[u8]) -> Result<Self, &'static str> {
        let mut answer: Value =
            serde_json::from_slice(answer).map_err(|_| "the answer is not JSON")?;
        let template = match answer.get_mut("data") {
            Some(data) if data.is_object() => data.take(),
            _ => answer,
        };
        serde_json::from_value(template).map_err(|_| "the answer holds no template")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(subject: Option<&str>, body: &str) -> Template {
        Template {
            subject: subject.map(str::to_owned),
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_template_stands_alone_or_in_an_envelope() {
        for (answer, expected) in [
            (
                r#"{"subject": "Hi", "body": "{{ name }}"}"#,
                template(Some("Hi"), "{{ name }}"),
            ),
            (
                r#"{"body": "", "subject": null, "id": 7}"#,
                template(None, ""),
            ),
            (
                r#"{"success": true, "data": {"body": "a"}, "meta": {}}"#,
                template(None, "a"),
            ),
            (r#"{"body": "a", "data": null}"#, template(None, "a")),
        ] {
            assert_eq!(Template::parse(answer.as_bytes()), Ok(expected));
        }
    }

    #[test]
    fn anything_else_is_none() {
        for answer in [
            "",
            "{",
            "null",
            "[]",
            "7",
            "{}",
            r#"{"data": {}}"#,
            r#"{"body": null}"#,
            r#"{"body": ["a"]}"#,
            r#"{"body": "a", "subject": 7}"#,
            "<html>",
        ] {
            assert!(Template::parse(answer.as_bytes()).is_err(), "{answer}");
        }
        assert!(Template::parse(b"{\"body\": \"\xff\"}").is_err());
    }
}
