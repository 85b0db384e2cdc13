//! The headers of answers. Those that HTTP itself defines for every message (`Content-Type`,
//! `Content-Length`, `Date`) are not described.

use serde_json::{Map, Value, json};

use crate::schema::{Schema, constant, integer, pattern, string};

/// On every answer.
const COMMON: [&str; 5] = [
    "x-request-id",
    "x-content-type-options",
    "content-security-policy",
    "referrer-policy",
    "server-timing",
];

/// On every answer to who comes by TLS, from an allowed origin, or takes gzip.
const CIRCUMSTANTIAL: [&str; 6] = [
    "vary",
    "content-encoding",
    "strict-transport-security",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
];

/// The headers of every answer, and those of `names`.
pub(crate) fn headers(names: &[&str]) -> Map<String, Value> {
    let all = COMMON.iter().chain(names).chain(&CIRCUMSTANTIAL);
    all.map(|name| {
        let reference = json!({"$ref": format!("#/components/headers/{name}")});
        ((*name).to_owned(), reference)
    })
    .collect()
}

/// `components/headers`.
pub(crate) fn components() -> Value {
    json!({
        "x-request-id": always(
            "The identifier of the request: the client's `x-request-id` if it is one value of 1 to 128 letters, digits and `._:-`, \
             else a new UUID.",
            pattern("^[A-Za-z0-9._:-]{1,128}$"),
        ),
        "x-content-type-options": always("Nothing is guessed.", constant("nosniff")),
        "content-security-policy": always("Nothing is loaded.", string()),
        "referrer-policy": always("No URL is passed on.", constant("no-referrer")),
        "server-timing": always(
            "Milliseconds that the request took: `total`, and what of it went to `db`, `cache` and `http`, with `desc=hit` or \
             `desc=miss` where the cache was asked (W3C Server Timing).",
            pattern("^total;dur="),
        ),
        "cache-control": always("Nothing is kept.", constant("no-store")),
        "vary": sometimes("What else the answer depends on.", string()),
        "content-encoding": sometimes(
            "From 1,000 bytes on, for who takes gzip (`Accept-Encoding`).",
            constant("gzip"),
        ),
        "strict-transport-security": sometimes("For who has come by TLS (RFC 6797).", string()),
        "access-control-allow-origin": sometimes(
            "The origin of the page, if the setting `cors_origins` allows it.",
            string(),
        ),
        "access-control-allow-credentials": sometimes("For an allowed origin.", constant("true")),
        "access-control-expose-headers": sometimes("For an allowed origin.", string()),
        "ratelimit-policy": sometimes(
            "The limits that the request counts against: `\"login\";q=10;w=300` is 10 in 300 seconds \
             (draft-ietf-httpapi-ratelimit-headers).",
            string(),
        ),
        "ratelimit": sometimes(
            "What each has left: `\"login\";r=7;t=41` is 7 more, and in 41 seconds one more.",
            string(),
        ),
        "retry-after": always(
            "Seconds until it is worth another try.",
            integer(1, i64::from(u32::MAX)),
        ),
        "allow": always("The methods that the URL takes.", string()),
        "www-authenticate": always(
            "The challenge (RFC 6750, section 3; RFC 7617 for service accounts).",
            string(),
        ),
    })
}

/// A header that is always there where an answer lists it.
pub(crate) fn always(description: &str, schema: Schema) -> Value {
    json!({"description": description, "required": true, "schema": schema.into_value()})
}

/// A header that may be missing.
pub(crate) fn sometimes(description: &str, schema: Schema) -> Value {
    json!({"description": description, "schema": schema.into_value()})
}

/// The headers of requests that every operation takes: `components/parameters`.
pub(crate) fn request_headers() -> Value {
    let header = |name: &str, description: &str, schema: Schema| {
        json!({
            "name": name,
            "in": "header",
            "description": description,
            "schema": schema.into_value(),
        })
    };
    json!({
        "x-request-id": header(
            "x-request-id",
            "The client's own identifier of the request, for logs.",
            string(),
        ),
        "traceparent": header(
            "traceparent",
            "The trace that the request is a part of (W3C Trace Context); logs and events carry it on.",
            string(),
        ),
        "tracestate": header(
            "tracestate",
            "What vendors add to `traceparent`; it is passed on.",
            string(),
        ),
        "accept-encoding": header(
            "accept-encoding",
            "Whether the answer may be compressed.",
            string(),
        ),
    })
}
