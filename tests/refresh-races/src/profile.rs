//! The profile of a server: where it is, who signs in, and how its requests look.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::request::{Request, TokenRequest};

/// How a server is spoken to. In the texts of requests `{username}`, `{password}`, `{access}` and
/// `{refresh}` stand for what is known; in the first two `{run}` is different in each run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the server is called.
    pub name: String,
    /// Where it is: `http://host:port`.
    pub url: String,
    /// Who signs in.
    pub username: String,
    /// His password.
    pub password: String,
    /// For how long a used refresh token may be exchanged again, in seconds; 0: a token works once.
    pub grace_seconds: u64,
    /// Whether access tokens end with their session, and not only when they expire.
    pub ends_access: bool,
    /// Makes the account, if there is none.
    pub register: Option<Request>,
    /// Signs in.
    pub login: TokenRequest,
    /// Exchanges a refresh token.
    pub refresh: TokenRequest,
    /// Needs an access token.
    pub protected: Request,
    /// Ends the session.
    pub logout: Request,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// If it is not as it must be; the text says where.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context("the profile is not in order")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profiles_that_come_along_are_in_order() {
        for text in [
            include_str!("../profiles/user-service.toml"),
            include_str!("../profiles/oauth.toml"),
        ] {
            Profile::parse(text).expect("a profile");
        }
    }

    #[test]
    fn a_misspelt_field_is_named() {
        let text = include_str!("../profiles/oauth.toml").replace("ends_access", "end_access");
        let error = format!("{:#}", Profile::parse(&text).unwrap_err());
        assert!(error.contains("end_access"), "{error}");
    }
}
