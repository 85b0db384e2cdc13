//! What `POST /services/token` asks for: a token by client credentials (RFC 6749, section 4.4).

use std::fmt;

use base64ct::{Base64, Encoding};
use serde_json::Value;
use thiserror::Error;

use crate::error_code::ErrorCode;
use crate::service_name::ServiceName;
use crate::url_encoded::decode;
use crate::values::untrimmed;

/// A service that wants a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTokenRequest {
    /// Who it says it is: the name of its account, which need not be there.
    pub client_id: ServiceName,
    /// What is to prove it.
    pub client_secret: ClientSecret,
    /// The scope that is asked for; nothing: all that the account has.
    pub scope: Option<String>,
}

/// A secret as it was sent. `Debug` prints only the type's name.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

/// Why there is no token; `Display` is the text for the client.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenRequestError {
    /// `invalid_request`: a parameter is missing, or there are two ways of authentication.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// `invalid_client`: the client is not known, or has not proved who it is. Which of the two is
    /// not told.
    #[error(
        "The client could not be authenticated: send its id and secret by HTTP Basic, or as client_id and client_secret."
    )]
    InvalidClient,
    /// `unsupported_grant_type`.
    #[error("The only grant_type is client_credentials.")]
    UnsupportedGrantType,
    /// `invalid_scope`: more is asked for than the account may do.
    #[error("The account does not have all of the scope that is asked for.")]
    InvalidScope,
}

impl TokenRequestError {
    /// The code of RFC 6749, section 5.2.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidRequest(_) => ErrorCode::InvalidRequest,
            Self::InvalidClient => ErrorCode::InvalidClient,
            Self::UnsupportedGrantType => ErrorCode::UnsupportedGrantType,
            Self::InvalidScope => ErrorCode::InvalidScope,
        }
    }
}

impl ServiceTokenRequest {
    /// Reads the body and the header `Authorization`, if there is one.
    ///
    /// # Errors
    /// The first thing that is wrong, as RFC 6749 names it. Whoever has not said who he is learns
    /// nothing else.
    pub fn parse(body: &Value, authorization: Option<&str>) -> Result<Self, TokenRequestError> {
        let parameter = |name| parameter(body, name);
        let (id, secret) = (parameter("client_id")?, parameter("client_secret")?);
        let (client_id, client_secret) = match (authorization, id, secret) {
            (Some(_), _, Some(_)) => {
                return Err(TokenRequestError::InvalidRequest(
                    "The client must be authenticated in one way: by HTTP Basic or in the body.",
                ));
            }
            (Some(header), id, None) => basic(header)
                .filter(|(user, _)| id.is_none_or(|id| id == *user))
                .ok_or(TokenRequestError::InvalidClient)?,
            (None, Some(id), Some(secret)) => (id, secret),
            (None, ..) => return Err(TokenRequestError::InvalidClient),
        };
        // What is no name is nobody's.
        let client_id = client_id
            .parse()
            .map_err(|_| TokenRequestError::InvalidClient)?;
        match parameter("grant_type")?.as_deref() {
            Some("client_credentials") => {}
            Some(_) => return Err(TokenRequestError::UnsupportedGrantType),
            None => {
                return Err(TokenRequestError::InvalidRequest(
                    "grant_type is missing; it must be client_credentials.",
                ));
            }
        }
        Ok(Self {
            client_id,
            client_secret: ClientSecret(client_secret),
            scope: parameter("scope")?,
        })
    }
}

impl ClientSecret {
    /// What the secrets that are made here begin with, so that one that has got somewhere it should not
    /// be is recognised.
    pub const PREFIX: &str = "uss_";

    /// The secret itself.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}

/// A parameter that has a value; an empty one counts as left out (RFC 6749, section 3.2).
fn parameter(body: &Value, name: &str) -> Result<Option<String>, TokenRequestError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => untrimmed(value)
            .map(|text| Some(text).filter(|text| !text.is_empty()))
            .map_err(|_| TokenRequestError::InvalidRequest("Each parameter must be a text.")),
    }
}

/// The user and the password of `Basic <credentials>` (RFC 7617), each form-encoded within (RFC
/// 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = Base64::decode_vec(credentials.trim_start()).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let part = |bytes| decode(bytes).ok();
    Some((part(&pair[..colon])?, part(&pair[colon + 1..])?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::arbitrary_json;

    fn header(pair: &str) -> String {
        format!("Basic {}", Base64::encode_string(pair.as_bytes()))
    }

    /// Id and secret of a request, or the code of its refusal.
    fn read(body: &Value, authorization: Option<&str>) -> Result<[String; 2], &'static str> {
        ServiceTokenRequest::parse(body, authorization)
            .map(|request| {
                [
                    request.client_id.to_string(),
                    request.client_secret.expose_secret().to_owned(),
                ]
            })
            .map_err(|error| error.code().as_str())
    }

    fn pair(id: &str, secret: &str) -> [String; 2] {
        [id.to_owned(), secret.to_owned()]
    }

    #[test]
    fn the_client_is_named_by_basic_or_in_the_body() {
        let grant = json!({"grant_type": "client_credentials"});
        let by_body = json!({
            "grant_type": "client_credentials", "client_id": "push", "client_secret": "s e",
        });
        assert_eq!(read(&by_body, None), Ok(pair("push", "s e")));
        for (credentials, id, secret) in [
            ("push:se", "push", "se"),
            ("push:s:e", "push", "s:e"),
            ("pu%73h%2D2:%C3%A4+%2B", "push-2", "ä +"),
            ("push:", "push", ""),
        ] {
            let header = header(credentials);
            assert_eq!(read(&grant, Some(&header)), Ok(pair(id, secret)));
            assert_eq!(
                read(&grant, Some(&header.replace("Basic", "bAsIc "))),
                Ok(pair(id, secret))
            );
        }
        let same_id = json!({"grant_type": "client_credentials", "client_id": "push"});
        assert_eq!(
            read(&same_id, Some(&header("push:se"))),
            Ok(pair("push", "se"))
        );
    }

    #[test]
    fn a_client_that_is_not_named_is_invalid_before_all_else() {
        for body in [
            json!({}),
            json!([]),
            json!("x"),
            json!({"client_id": "push"}),
            json!({"client_secret": "se", "grant_type": "password"}),
            json!({"client_id": "", "client_secret": ""}),
        ] {
            assert_eq!(read(&body, None), Err("invalid_client"), "{body}");
        }
        let grant = json!({"grant_type": "client_credentials"});
        for value in [
            "",
            "Basic",
            "Basic ",
            "Basic !",
            "Bearer a.b.c",
            "Basic cHVzaA==",
            "Basic cHVzaDpzZQ",
            &header("push:%zz"),
            &header("Push:se"),
            &header(":se"),
            &header("push%00:se"),
            &header("push:%ff"),
        ] {
            assert_eq!(read(&grant, Some(value)), Err("invalid_client"), "{value}");
        }
        let other_id = json!({"grant_type": "client_credentials", "client_id": "email"});
        assert_eq!(
            read(&other_id, Some(&header("push:se"))),
            Err("invalid_client")
        );
    }

    #[test]
    fn two_ways_of_authentication_are_one_too_many() {
        let body = json!({"client_id": "push", "client_secret": "se"});
        assert_eq!(
            read(&body, Some(&header("push:se"))),
            Err("invalid_request")
        );
    }

    #[test]
    fn the_grant_is_client_credentials() {
        let header = header("push:se");
        for (body, code) in [
            (json!({}), "invalid_request"),
            (json!({"grant_type": ""}), "invalid_request"),
            (
                json!({"grant_type": ["client_credentials"]}),
                "invalid_request",
            ),
            (json!({"grant_type": "password"}), "unsupported_grant_type"),
            (
                json!({"grant_type": "Client_Credentials"}),
                "unsupported_grant_type",
            ),
        ] {
            assert_eq!(read(&body, Some(&header)), Err(code), "{body}");
        }
    }

    #[test]
    fn an_empty_scope_is_none() {
        let scope = |scope: &str| {
            let body = json!({"grant_type": "client_credentials", "scope": scope});
            let request = ServiceTokenRequest::parse(&body, Some(&header("push:se")));
            request.unwrap().scope
        };
        assert_eq!(scope(""), None);
        assert_eq!(scope("users:read x"), Some("users:read x".into()));
    }

    #[test]
    fn debug_output_does_not_hold_the_secret() {
        let body = json!({"grant_type": "client_credentials"});
        let request = ServiceTokenRequest::parse(&body, Some(&header("push:hidden"))).unwrap();
        assert!(!format!("{request:?}").contains("hidden"));
    }

    proptest! {
        #[test]
        fn anything_is_answered(body in arbitrary_json(), header in any::<Option<String>>()) {
            let _ = ServiceTokenRequest::parse(&body, header.as_deref());
        }

        #[test]
        fn any_pair_survives_basic(id in "[a-z][a-z0-9-]{0,20}", secret in any::<String>()) {
            use std::fmt::Write;
            let encode = |text: &str| text.bytes().fold(String::new(), |mut encoded, byte| {
                write!(encoded, "%{byte:02X}").unwrap();
                encoded
            });
            let header = header(&format!("{}:{}", encode(&id), encode(&secret)));
            let grant = json!({"grant_type": "client_credentials"});
            prop_assert_eq!(read(&grant, Some(&header)), Ok(pair(&id, &secret)));
        }
    }
}
