//! The body that makes a link act (RFC 8058, section 3.1).

use crate::url_encoded::pairs;

const NAME: &str = "List-Unsubscribe";
const VALUE: &str = "One-Click";

/// Whether `body` says `List-Unsubscribe=One-Click`, as a form of either encoding. `content_type` is
/// the header's value.
///
/// Whoever fetches links to look at them sends no such body.
pub fn is_one_click(content_type: &str, body: &[u8]) -> bool {
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match media_type.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => {
            pairs(body).any(|pair| pair.is_ok_and(|(name, value)| name == NAME && value == VALUE))
        }
        "multipart/form-data" => match (boundary(parameters), std::str::from_utf8(body)) {
            (Some(boundary), Ok(body)) => {
                body.split(&format!("--{boundary}")).any(is_one_click_part)
            }
            _ => false,
        },
        _ => false,
    }
}

/// What stands between the parts of a body (RFC 2046, section 5.1.1).
fn boundary(parameters: &str) -> Option<&str> {
    let parameter = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then_some(value.trim())
    })?;
    let unquoted = parameter
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    Some(unquoted.unwrap_or(parameter)).filter(|boundary| !boundary.is_empty())
}

/// Whether a part has the name and the value (RFC 7578, section 4.2).
fn is_one_click_part(part: &str) -> bool {
    let Some((head, value)) = part.split_once("\r\n\r\n") else {
        return false;
    };
    let name = format!("name=\"{NAME}\"");
    let is_named = head
        .split(|character: char| character == ';' || character.is_whitespace())
        .any(|parameter| parameter == name);
    is_named && value.trim_end() == VALUE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MULTIPART: &str = "--b1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b1--\r\n";

    #[test]
    fn both_forms_are_understood() {
        for (content_type, body) in [
            (
                "application/x-www-form-urlencoded",
                "List-Unsubscribe=One-Click",
            ),
            (
                "Application/X-WWW-Form-Urlencoded; charset=utf-8",
                "a=b&List%2DUnsubscribe=One-Click",
            ),
            ("multipart/form-data; boundary=b1", MULTIPART),
            (
                "multipart/form-data; charset=utf-8; Boundary=\"b1\"",
                MULTIPART,
            ),
        ] {
            assert!(
                is_one_click(content_type, body.as_bytes()),
                "{content_type}"
            );
        }
        let two_parts =
            format!("--b1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n{MULTIPART}");
        assert!(is_one_click(
            "multipart/form-data; boundary=b1",
            two_parts.as_bytes()
        ));
    }

    #[test]
    fn everything_else_is_no_consent() {
        for (content_type, body) in [
            ("", "List-Unsubscribe=One-Click"),
            ("text/plain", "List-Unsubscribe=One-Click"),
            ("application/json", "{\"List-Unsubscribe\": \"One-Click\"}"),
            ("application/x-www-form-urlencoded", ""),
            (
                "application/x-www-form-urlencoded",
                "List-Unsubscribe=one-click",
            ),
            ("application/x-www-form-urlencoded", "List-Unsubscribe="),
            (
                "application/x-www-form-urlencoded",
                "x=List-Unsubscribe=One-Click",
            ),
            ("multipart/form-data", MULTIPART),
            ("multipart/form-data; boundary=", MULTIPART),
            ("multipart/form-data; boundary=b2", MULTIPART),
            (
                "multipart/form-data; boundary=b1",
                "--b1\r\n\r\nOne-Click\r\n--b1--",
            ),
            (
                "multipart/form-data; boundary=b1",
                &MULTIPART.replace("Click\r", "Click x\r"),
            ),
        ] {
            assert!(
                !is_one_click(content_type, body.as_bytes()),
                "{content_type}: {body}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_body_is_answered(content_type in any::<String>(), body in any::<Vec<u8>>()) {
            for content_type in [&content_type, "multipart/form-data; boundary=b", "application/x-www-form-urlencoded"] {
                prop_assert!(!is_one_click(content_type, &body));
            }
        }
    }
}
