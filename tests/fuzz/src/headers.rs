//! Headers that are more than words.

use domain::{IdempotencyKey, TraceParent};

#[test]
fn an_idempotency_key_is_printable() {
    bolero::check!()
        .with_type::<Vec<Vec<u8>>>()
        .for_each(|lines| {
            let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
            match IdempotencyKey::parse(&lines) {
                Ok(Some(key)) => {
                    let key = key.as_str();
                    assert!((1..=255).contains(&key.len()));
                    assert!(
                        key.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
                        "{key:?}"
                    );
                }
                Ok(None) => assert!(lines.is_empty()),
                Err(text) => assert!(text.contains("Idempotency-Key")),
            }
        });
}

#[test]
fn a_trace_that_is_read_is_of_its_form() {
    bolero::check!().with_type::<String>().for_each(|text| {
        if let Some(trace) = TraceParent::parse([text.as_str()]) {
            let id = trace.trace_id();
            assert_eq!(id.len(), 32, "{text}");
            assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{text}");
        }
    });
}
