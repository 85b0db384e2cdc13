//! The answers of requests that fail: one for each set of codes that an operation has for a status.

use domain::ErrorCode;
use serde_json::{Map, Value, json};

use crate::examples;
use crate::headers::{headers, sometimes};
use crate::schema::{
    Field, Schema, any_of, constant, field, null, object, reference, string, words,
};

/// How a failure is built, besides what all have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing besides.
    Plain,
    /// The caller is not known: `detail`.
    Unauthenticated,
    /// A service gets no token, or can't revoke one: `error_description`.
    TokenRequest,
    /// The same, and the client is not known: both.
    InvalidClient,
    /// What is wrong with which field, in `data`.
    Validation,
    /// How everything stands, in `data`.
    Unhealthy,
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::Plain,
        Self::Unauthenticated,
        Self::TokenRequest,
        Self::InvalidClient,
        Self::Validation,
        Self::Unhealthy,
    ];

    fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::NotAuthenticated
            | ErrorCode::BadAuthorizationHeader
            | ErrorCode::TokenNotValid => Self::Unauthenticated,
            ErrorCode::InvalidClient => Self::InvalidClient,
            ErrorCode::InvalidRequest
            | ErrorCode::UnsupportedGrantType
            | ErrorCode::InvalidScope
            | ErrorCode::UnsupportedTokenType => Self::TokenRequest,
            ErrorCode::ValidationFailed => Self::Validation,
            ErrorCode::Unhealthy => Self::Unhealthy,
            _ => Self::Plain,
        }
    }

    /// Its schema's name.
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "Failure",
            Self::Unauthenticated => "UnauthenticatedFailure",
            Self::TokenRequest => "TokenRequestFailure",
            Self::InvalidClient => "InvalidClientFailure",
            Self::Validation => "ValidationFailure",
            Self::Unhealthy => "UnhealthyFailure",
        }
    }

    fn schema(self) -> Schema {
        let data = match self {
            Self::Validation => reference("FieldErrors"),
            Self::Unhealthy => any_of([reference("Health"), reference("Readiness")]),
            _ => null(),
        };
        let mut fields = failure_fields(data);
        if matches!(self, Self::Unauthenticated | Self::InvalidClient) {
            let text = "What `error` says, where old clients read it.";
            fields.push(field("detail", string(), text));
        }
        if matches!(self, Self::TokenRequest | Self::InvalidClient) {
            let text = "What is wrong (RFC 6749, section 5.2).";
            fields.push(field("error_description", string(), text));
        }
        object(fields)
    }
}

fn failure_fields(data: Schema) -> Vec<Field> {
    vec![
        field("success", constant(false), "It failed."),
        field("message", not_empty(), "What failed, for people."),
        field("error", not_empty(), "Why, for people."),
        field("data", data, "What else there is to say."),
        field(
            "meta",
            reference("NoMeta"),
            "As everywhere outside of lists.",
        ),
        field("code", codes(ErrorCode::ALL), "Why, for programs."),
        field(
            "request_id",
            string(),
            "As in the header `x-request-id`; quote it when you report the failure.",
        ),
    ]
}

fn not_empty() -> Schema {
    string().with("minLength", 1)
}

fn codes(codes: impl IntoIterator<Item = ErrorCode>) -> Schema {
    words(codes.into_iter().map(ErrorCode::as_str))
}

/// The schemas of failures, for `components/schemas`.
pub(crate) fn schemas() -> Vec<(&'static str, Schema)> {
    Kind::ALL
        .into_iter()
        .map(|kind| (kind.name(), kind.schema()))
        .collect()
}

/// The name of the answer with one of `codes`, which have one status, among `components/responses`.
pub(crate) fn name(codes: &[ErrorCode]) -> String {
    let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    names.join(".")
}

/// That answer.
pub(crate) fn response(codes: &[ErrorCode]) -> Value {
    let descriptions: Vec<String> = codes
        .iter()
        .map(|code| format!("`{code}`: {}", code.cause()))
        .collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.to_string(), json!({"value": example(*code)})))
        .collect();
    json!({
        "description": descriptions.join(" "),
        "headers": failure_headers(codes),
        "content": {
            "application/json": {"schema": schema(codes).into_value(), "examples": examples},
        },
    })
}

fn failure_headers(codes: &[ErrorCode]) -> Map<String, Value> {
    let status = codes.first().map_or(500, |code| code.status());
    let mut names = vec!["cache-control", "ratelimit-policy", "ratelimit"];
    match status {
        401 => names.push("www-authenticate"),
        405 => names.push("allow"),
        429 | 503 => names.push("retry-after"),
        _ => {}
    }
    let mut headers = headers(&names);
    if codes.contains(&ErrorCode::Forbidden) {
        let text = "Which permission is missing (RFC 6750, section 3.1).";
        headers.insert("www-authenticate".into(), sometimes(text, string()));
    }
    headers
}

/// A failure with one of `codes`.
fn schema(codes: &[ErrorCode]) -> Schema {
    let kinds = Kind::ALL.into_iter().filter_map(|kind| {
        let of_kind: Vec<ErrorCode> = codes
            .iter()
            .copied()
            .filter(|code| Kind::of(*code) == kind)
            .collect();
        (!of_kind.is_empty()).then(|| narrowed(kind, &of_kind))
    });
    let mut kinds: Vec<Schema> = kinds.collect();
    match (kinds.pop(), kinds.is_empty()) {
        (Some(only), true) => only,
        (last, _) => any_of(kinds.into_iter().chain(last)),
    }
}

fn narrowed(kind: Kind, of_kind: &[ErrorCode]) -> Schema {
    let properties = json!({"code": codes(of_kind.iter().copied()).into_value()});
    reference(kind.name()).with("properties", properties)
}

/// A failure with this code.
pub(crate) fn example(code: ErrorCode) -> Value {
    let mut failure = json!({
        "success": false,
        "message": code.message(),
        "error": error_text(code),
        "data": match code {
            ErrorCode::ValidationFailed => json!({"email": ["Enter a valid email address."]}),
            ErrorCode::Unhealthy => examples::unhealthy(),
            _ => Value::Null,
        },
        "meta": examples::no_meta(),
        "code": code.as_str(),
        "request_id": examples::REQUEST_ID,
    });
    let kind = Kind::of(code);
    if kind == Kind::Unauthenticated {
        failure["detail"] = failure["error"].clone();
    }
    if matches!(kind, Kind::TokenRequest | Kind::InvalidClient) {
        failure["error_description"] = code.cause().into();
    }
    if kind == Kind::InvalidClient {
        failure["detail"] = code.cause().into();
    }
    failure
}

/// The `error` of an example.
fn error_text(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::MalformedRequest => "JSON parse error - expected `,` or `}` at line 1 column 27",
        ErrorCode::LogoutFailed => "Logout failed",
        ErrorCode::NotAuthenticated => "Authentication credentials were not provided.",
        ErrorCode::BadAuthorizationHeader => {
            "Authorization header must contain two space-delimited values"
        }
        ErrorCode::TokenNotValid => "Given token not valid for any token type",
        ErrorCode::NotFound => "Push token not found",
        ErrorCode::ValidationFailed => "Validation failed",
        ErrorCode::RateLimited => "Too many login attempts. Please try again later.",
        code => code.as_str(),
    }
}
