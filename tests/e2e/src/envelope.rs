//! What every answer of the service must have, whatever was asked.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;

impl Answer {
    /// Checks the headers that every answer has, and the envelope if there is a body.
    pub fn assert_envelope(&self) -> &Self {
        self.assert_common_headers();
        if self.status == StatusCode::NO_CONTENT {
            assert!(self.bytes.is_empty(), "{self}: a body with 204");
            assert!(
                !self.headers.contains_key("content-length"),
                "{self}: a content length with 204"
            );
        } else if !self.request.starts_with("HEAD ") {
            self.assert_body();
        }
        self
    }

    fn assert_common_headers(&self) {
        assert!(!self.header("x-request-id").is_empty(), "{self}");
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{self}");
        assert_eq!(self.header("referrer-policy"), "no-referrer", "{self}");
        let timing = self.header("server-timing");
        assert!(timing.starts_with("total;dur="), "{self}: {timing}");
        let policy = self.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{self}: {policy}");
    }

    fn assert_body(&self) {
        assert_eq!(self.header("cache-control"), "no-store", "{self}");
        if self.status.is_success() && self.request.contains("/api/v1/unsubscribe/") {
            let content_type = self.header("content-type");
            assert_eq!(content_type, "text/html; charset=utf-8", "{self}");
            return;
        }
        assert_eq!(self.header("content-type"), "application/json", "{self}");
        let meta = self.body["meta"].as_object();
        let meta = meta.unwrap_or_else(|| panic!("{self}: no meta"));
        let names: Vec<_> = meta.keys().map(String::as_str).collect();
        let expected = [
            "total",
            "limit",
            "page",
            "total_pages",
            "has_next",
            "has_previous",
        ];
        assert_eq!(names, expected, "{self}");
        assert!(!self.text("/message").is_empty(), "{self}");
        if self.status.is_success() {
            self.assert_success();
        } else {
            self.assert_failure();
        }
    }

    fn assert_success(&self) {
        let mut expected = vec!["data", "message", "meta", "success"];
        if self.request.contains("/token/refresh") {
            expected.extend(["access", "refresh"]);
        }
        if self.request.contains("/services/token") {
            expected.extend(["access_token", "token_type", "expires_in", "scope"]);
        }
        if self.request.contains("/services/introspect") {
            expected.push("active");
            if self.body["active"] == true {
                expected.extend([
                    "token_type",
                    "token_use",
                    "scope",
                    "sub",
                    "sid",
                    "jti",
                    "exp",
                ]);
            }
        }
        assert_eq!(self.keys(), expected.into_iter().collect(), "{self}");
        assert_eq!(self.body["success"], true, "{self}");
    }

    fn assert_failure(&self) {
        let mut expected = vec![
            "code",
            "data",
            "error",
            "message",
            "meta",
            "request_id",
            "success",
        ];
        let unauthenticated = self.status == StatusCode::UNAUTHORIZED;
        if unauthenticated {
            expected.push("detail");
        }
        // What RFC 6749, section 5.2, and RFC 7009, section 2.2.1, have besides.
        let oauth = ["No token was issued", "Token not revoked"];
        if oauth.map(Value::from).contains(&self.body["message"]) {
            expected.push("error_description");
        }
        assert_eq!(self.keys(), expected.into_iter().collect(), "{self}");
        assert_eq!(self.body["success"], false, "{self}");
        assert!(!self.text("/error").is_empty(), "{self}");
        assert!(!self.text("/code").is_empty(), "{self}");
        assert_eq!(
            self.text("/request_id"),
            self.header("x-request-id"),
            "{self}"
        );
        let no_meta = json!({
            "total": 0, "limit": 10, "page": 1, "total_pages": 0,
            "has_next": false, "has_previous": false,
        });
        assert_eq!(self.body["meta"], no_meta, "{self}");
        match self.status {
            StatusCode::UNAUTHORIZED => {
                let challenge = self.header("www-authenticate");
                let scheme = if self.body["code"] == "invalid_client" {
                    "Basic "
                } else {
                    "Bearer "
                };
                assert!(challenge.starts_with(scheme), "{self}: {challenge}");
            }
            StatusCode::METHOD_NOT_ALLOWED => assert!(!self.header("allow").is_empty(), "{self}"),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                let seconds: u64 = self.header("retry-after").parse().expect("whole seconds");
                assert!(seconds > 0, "{self}");
            }
            _ => {}
        }
        assert_ne!(self.status, StatusCode::INTERNAL_SERVER_ERROR, "{self}");
    }

    fn keys(&self) -> BTreeSet<&str> {
        let body = self.body.as_object();
        let body = body.unwrap_or_else(|| panic!("{self}: no JSON object"));
        body.keys().map(String::as_str).collect()
    }
}
