//! Who is at the other end of the connection.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::{ClientAddress, TrustedProxies};
use http::HeaderMap;
use http::request::Parts;

use crate::app::App;

/// The client: its address, and what it calls itself.
#[derive(Clone, Debug)]
pub struct Client {
    address: Option<ClientAddress>,
    /// The header `User-Agent`, cut to 255 characters; empty if there is none.
    pub user_agent: String,
}

impl Client {
    /// The address in text; nothing if the host does not tell it.
    pub fn address(&self) -> Option<String> {
        self.address.as_ref().map(ToString::to_string)
    }

    /// What limits by address count by: the IPv4 address, or the /64 of an IPv6 address. Clients
    /// whose address is not known share one key.
    pub fn rate_key(&self) -> String {
        self.address
            .as_ref()
            .map_or_else(|| "unknown".to_owned(), |address| address.rate_key())
    }
}

impl Client {
    /// The client whose request has these `headers`.
    pub(crate) fn of(headers: &HeaderMap, trusted_proxies: &TrustedProxies) -> Self {
        // A client's own `spin-client-addr` comes first; the host's stands last.
        let peer = texts(headers, "spin-client-addr").pop();
        let forwarded_for = texts(headers, "x-forwarded-for");
        let forwarded_for: Vec<&str> = forwarded_for.iter().map(AsRef::as_ref).collect();
        let address = peer
            .and_then(|peer| ClientAddress::resolve(&peer, &forwarded_for, trusted_proxies).ok());
        let user_agent = texts(headers, "user-agent");
        let user_agent = user_agent.first().map(AsRef::as_ref).unwrap_or_default();
        Self {
            address,
            user_agent: str::chars(user_agent).take(255).collect(),
        }
    }
}

impl<S: AsRef<App> + Send + Sync> FromRequestParts<Arc<S>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<S>) -> Result<Self, Infallible> {
        let app: &App = state.deref().as_ref();
        Ok(Self::of(&parts.headers, &app.config.trusted_proxies))
    }
}

/// The values of a header, in their order. What is not UTF-8 in one is replaced, so that the rest of
/// it still counts.
fn texts<'h>(headers: &'h HeaderMap, name: &str) -> Vec<Cow<'h, str>> {
    headers
        .get_all(name)
        .into_iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect()
}
