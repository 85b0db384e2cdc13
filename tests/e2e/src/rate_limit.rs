//! The headers `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).

/// What an answer says of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// `q`: how many are allowed in a window.
    pub quota: u64,
    /// `w`: the window, in seconds.
    pub window: u64,
    /// `r`: how many are left.
    pub remaining: u64,
    /// `t`: seconds until one more is allowed.
    pub reset: u64,
}

impl RateLimit {
    /// Reads the items under `name`: `"login";q=10;w=300` and `"login";r=7;t=41`.
    pub(crate) fn read(name: &str, policy: &str, state: &str) -> Option<Self> {
        Some(Self {
            quota: parameter(policy, name, "q")?,
            window: parameter(policy, name, "w")?,
            remaining: parameter(state, name, "r")?,
            reset: parameter(state, name, "t")?,
        })
    }
}

fn parameter(list: &str, name: &str, parameter: &str) -> Option<u64> {
    let item = list
        .split(',')
        .find_map(|item| item.trim().strip_prefix(&format!("\"{name}\";")))?;
    let value = item
        .split(';')
        .find_map(|pair| pair.strip_prefix(&format!("{parameter}=")))?;
    value.parse().ok()
}
