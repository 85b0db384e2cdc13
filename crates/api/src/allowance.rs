//! What rate limits have left, and the headers that tell clients of it.

use http::{HeaderMap, HeaderValue};

/// What a limit has left after a request, as its headers say it.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// The limit, as in `RateLimit-Policy`.
    pub policy: String,
    /// What is left, as in `RateLimit`; nothing while it is not counted.
    pub state: Option<String>,
}

/// Adds `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
pub(crate) fn add_headers(headers: &mut HeaderMap, allowances: &[Allowance]) {
    let mut add = |name: &'static str, items: Vec<&str>| {
        if let (false, Ok(value)) = (items.is_empty(), HeaderValue::from_str(&items.join(", "))) {
            headers.insert(name, value);
        }
    };
    add(
        "ratelimit-policy",
        allowances
            .iter()
            .map(|allowance| &*allowance.policy)
            .collect(),
    );
    add(
        "ratelimit",
        allowances
            .iter()
            .filter_map(|allowance| allowance.state.as_deref())
            .collect(),
    );
}
