//! The identifier of a request: the caller's if it is a plain word, else a new one.

use http::HeaderMap;
use uuid::Uuid;

const LONGEST: usize = 128;

/// The caller's `x-request-id` if it is one value of 1 to 128 letters, digits and `._:-`, else a
/// random UUID.
pub(super) fn of(headers: &HeaderMap) -> String {
    let mut values = headers.get_all("x-request-id").into_iter();
    match (
        values.next().and_then(|value| value.to_str().ok()),
        values.next(),
    ) {
        (Some(value), None) if is_plain(value) => value.to_owned(),
        _ => Uuid::new_v4().to_string(),
    }
}

fn is_plain(value: &str) -> bool {
    (1..=LONGEST).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of_values(values: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                "x-request-id",
                HeaderValue::from_str(value).expect("a header value"),
            );
        }
        of(&headers)
    }

    #[test]
    fn a_plain_identifier_is_kept() {
        assert_eq!(of_values(&["trace:42_a.b-C"]), "trace:42_a.b-C");
    }

    #[test]
    fn anything_else_is_replaced_by_a_new_uuid() {
        for values in [
            &[][..],
            &[""],
            &["a b"],
            &["{}"],
            &["a", "a"],
            &[&"x".repeat(129)],
        ] {
            assert!(of_values(values).parse::<Uuid>().is_ok(), "{values:?}");
        }
    }
}
