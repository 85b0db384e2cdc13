//! Compares an answer that a document shows with one that came.

use serde_json::Value;
use uuid::Uuid;

/// Where `came` differs from what the document shows: in a key, a length, or a value. Identifiers and
/// times differ from run to run, and `…` in the document stands for any text.
pub(crate) fn differences(shown: &Value, came: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", shown, came, &mut found);
    found
}

fn compare(path: &str, shown: &Value, came: &Value, found: &mut Vec<String>) {
    match (shown, came) {
        (Value::Object(shown), Value::Object(came)) => {
            for (key, value) in shown {
                match came.get(key) {
                    Some(other) => compare(&format!("{path}/{key}"), value, other, found),
                    None => found.push(format!("{path}/{key} is shown, but did not come")),
                }
            }
            let more = came.keys().filter(|key| !shown.contains_key(*key));
            found.extend(more.map(|key| format!("{path}/{key} came, but is not shown")));
        }
        (Value::Array(shown), Value::Array(came)) if shown.len() == came.len() => {
            for (place, (value, other)) in shown.iter().zip(came).enumerate() {
                compare(&format!("{path}/{place}"), value, other, found);
            }
        }
        (Value::String(shown), Value::String(came)) if is_like(shown, came) => {}
        _ if shown == came => {}
        _ => found.push(format!("{path} is shown as {shown}, and came as {came}")),
    }
}

/// Whether two texts are the same, both identifiers, both times, or the second one is the first with
/// something for its `…`.
fn is_like(shown: &str, came: &str) -> bool {
    let both = |is_one: fn(&str) -> bool| is_one(shown) && is_one(came);
    if let Some((start, end)) = shown.split_once('…') {
        return came.len() > start.len() + end.len()
            && came.starts_with(start)
            && came.ends_with(end);
    }
    shown == came || both(|text| Uuid::parse_str(text).is_ok()) || both(is_time)
}

/// ISO 8601, UTC, microseconds and `Z`.
fn is_time(text: &str) -> bool {
    let zero = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
    text.chars().map(zero).collect::<String>() == "0000-00-00T00:00:00.000000Z"
}

#[test]
fn what_differs_from_run_to_run_may_differ_and_nothing_else() {
    let shown = serde_json::json!({
        "id": "019ab9d1-5a7e-7c41-b2d6-0d9c3e8f1a01",
        "at": "2026-11-25T04:02:19.129097Z",
        "token": "eyJ….abc",
        "list": [{"n": 1}],
    });
    let mut came = serde_json::json!({
        "id": "a8b99449-0370-4235-a274-fe2dff1c0862",
        "at": "2027-01-01T00:00:00.000000Z",
        "token": "eyJhbGciOi.abc",
        "list": [{"n": 1}],
    });
    assert!(differences(&shown, &came).is_empty());

    came["token"] = "ey".into();
    came["at"] = Value::Null;
    came["id"] = "2".into();
    came["list"] = serde_json::json!([{"m": 1}]);
    assert_eq!(
        differences(&shown, &came),
        [
            "/id is shown as \"019ab9d1-5a7e-7c41-b2d6-0d9c3e8f1a01\", and came as \"2\"",
            "/at is shown as \"2026-11-25T04:02:19.129097Z\", and came as null",
            "/token is shown as \"eyJ….abc\", and came as \"ey\"",
            "/list/0/n is shown, but did not come",
            "/list/0/m came, but is not shown",
        ]
    );
    came["list"] = serde_json::json!([]);
    let length = differences(&shown, &came).pop().unwrap();
    assert_eq!(length, "/list is shown as [{\"n\":1}], and came as []");
}
