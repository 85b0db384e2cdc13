//! Who may call an operation, and by what he shows who he is.

use domain::{ErrorCode, ServicePermission, StaffPermission};
use serde_json::{Map, Value, json};

/// Who may call an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caller {
    /// Anybody; what he sends to show who he is is not looked at.
    Anyone,
    /// A user who is signed in.
    User,
    /// A user whose roles permit this.
    Staff(StaffPermission),
    /// Another service whose token permits this.
    Service(ServicePermission),
    /// Another service that has no token yet: name and secret of its account.
    ServiceAccount,
    /// A timer or an operator, who knows `internal_secret`.
    Operator,
}

impl Caller {
    /// The operation's `security`.
    pub(crate) fn security(self) -> Value {
        match self {
            Self::Anyone => json!([]),
            Self::User => json!([{"user": []}]),
            Self::Staff(permission) => json!([{"user": [permission.as_str()]}]),
            Self::Service(permission) => json!([{"service": [permission.as_str()]}]),
            Self::ServiceAccount => json!([{"service_account": []}, {}]),
            Self::Operator => json!([{"operator": []}]),
        }
    }

    /// How he may be refused.
    pub(crate) fn errors(self) -> &'static [ErrorCode] {
        const UNAUTHENTICATED: [ErrorCode; 3] = [
            ErrorCode::NotAuthenticated,
            ErrorCode::BadAuthorizationHeader,
            ErrorCode::TokenNotValid,
        ];
        const UNAUTHENTICATED_OR_FORBIDDEN: [ErrorCode; 4] = [
            ErrorCode::NotAuthenticated,
            ErrorCode::BadAuthorizationHeader,
            ErrorCode::TokenNotValid,
            ErrorCode::Forbidden,
        ];
        // Without the setting the operators' routes are not there.
        const REFUSED_OPERATOR: [ErrorCode; 4] = [
            ErrorCode::NotAuthenticated,
            ErrorCode::BadAuthorizationHeader,
            ErrorCode::TokenNotValid,
            ErrorCode::NotFound,
        ];
        match self {
            Self::Anyone => &[],
            Self::User => &UNAUTHENTICATED,
            Self::Staff(_) | Self::Service(_) => &UNAUTHENTICATED_OR_FORBIDDEN,
            Self::ServiceAccount => &[
                ErrorCode::InvalidClient,
                ErrorCode::InvalidRequest,
                ErrorCode::UnsupportedGrantType,
                ErrorCode::InvalidScope,
            ],
            Self::Operator => &REFUSED_OPERATOR,
        }
    }

    /// What the description says of it.
    pub(crate) fn needs(self) -> Option<String> {
        match self {
            Self::Staff(permission) => Some(format!("Needs the permission `{permission}`.")),
            Self::Service(permission) => Some(format!("Needs the permission `{permission}`.")),
            _ => None,
        }
    }
}

/// `components/securitySchemes`.
pub(crate) fn security_schemes() -> Value {
    let scopes: Map<String, Value> = ServicePermission::ALL
        .iter()
        .map(|permission| (permission.to_string(), permission.description().into()))
        .collect();
    json!({
        "user": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of a user, by a registration, a login or a refresh. What his roles permit is \
                looked up with each request; the operations of administration name the permission that they need.",
        },
        "service": {
            "type": "oauth2",
            "description": "The token of another service (RFC 6749, section 4.4).",
            "flows": {
                "clientCredentials": {"tokenUrl": "/api/v1/services/token", "scopes": scopes},
            },
        },
        "service_account": {
            "type": "http",
            "scheme": "basic",
            "description": "Name and secret of a service account (RFC 6749, section 2.3.1); they may stand in the body instead.",
        },
        "operator": {
            "type": "http",
            "scheme": "bearer",
            "description": "The setting `internal_secret`. Where it is empty, the routes are not there: 404. A gateway passes none of \
                them on.",
        },
    })
}
