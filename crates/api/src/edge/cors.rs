//! Cross-origin requests (the Fetch standard's CORS protocol): allowed for the configured origins,
//! for others the browser is told nothing.

use http::{HeaderMap, HeaderValue, Method, header};

const METHODS: &str = "DELETE, GET, OPTIONS, PATCH, POST, PUT";
const REQUEST_HEADERS: &str = "accept, accept-encoding, authorization, content-type, dnt, idempotency-key, origin, user-agent, traceparent, tracestate, x-csrftoken, x-request-id, x-requested-with";
const EXPOSED_HEADERS: &str =
    "ratelimit, ratelimit-policy, retry-after, server-timing, x-request-id";
const MAX_AGE_SECONDS: &str = "86400";

/// True if this is a browser asking whether it may send a request.
pub(super) fn is_preflight(method: &Method, request: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && request.contains_key(header::ORIGIN)
        && request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Adds the headers by which a browser lets a page of an allowed origin read the answer.
pub(super) fn add_headers(
    answer: &mut HeaderMap,
    method: &Method,
    request: &HeaderMap,
    allowed_origins: &[String],
) {
    if allowed_origins.is_empty() {
        return;
    }
    answer.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = request.get(header::ORIGIN) else {
        return;
    };
    if !allowed_origins
        .iter()
        .any(|allowed| allowed.as_bytes() == origin.as_bytes())
    {
        return;
    }
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    let mut add = |name, value| answer.insert(name, HeaderValue::from_static(value));
    add(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    if is_preflight(method, request) {
        add(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        add(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        add(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    } else {
        add(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(origin: &'static str, allowed: &[&str]) -> HeaderMap {
        let mut request = HeaderMap::new();
        request.insert(header::ORIGIN, HeaderValue::from_static(origin));
        request.insert(
            header::ACCESS_CONTROL_REQUEST_METHOD,
            HeaderValue::from_static("PUT"),
        );
        let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
        let mut answer = HeaderMap::new();
        add_headers(&mut answer, &Method::OPTIONS, &request, &allowed);
        answer
    }

    #[test]
    fn an_allowed_origin_is_told_what_it_may_send() {
        let answer = answer("https://app.example", &["https://app.example"]);
        assert_eq!(answer["access-control-allow-origin"], "https://app.example");
        assert_eq!(answer["access-control-allow-methods"], METHODS);
        assert_eq!(answer["vary"], "Origin");
    }

    #[test]
    fn another_origin_is_told_nothing() {
        for origin in ["https://app.example.evil", "http://app.example", "null"] {
            let answer = answer(origin, &["https://app.example"]);
            assert!(
                !answer.contains_key("access-control-allow-origin"),
                "{origin}"
            );
        }
    }

    #[test]
    fn without_configured_origins_nothing_is_said() {
        assert!(answer("https://app.example", &[]).is_empty());
    }
}
