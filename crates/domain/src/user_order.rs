//! How a list of users is sorted.

use crate::field_errors::FieldErrors;
use crate::order;

/// An order of users: who registered last comes first unless the client says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserOrder(&'static str);

impl Default for UserOrder {
    fn default() -> Self {
        Self(Self::ALL[0])
    }
}

impl UserOrder {
    /// All orders; the first is the default.
    pub const ALL: [&str; 6] = [
        "-created_at",
        "created_at",
        "email",
        "-email",
        "username",
        "-username",
    ];

    /// Reads the parameter `order`.
    ///
    /// # Errors
    /// Under `order`, if it is none of `created_at`, `email` and `username` with or without a minus
    /// before it.
    pub fn parse(parameter: Option<&str>) -> Result<Self, FieldErrors> {
        order::parse(parameter, &Self::ALL).map(Self)
    }

    /// The column's name, behind a minus if the largest comes first.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn known_orders_are_read() {
        assert_eq!(UserOrder::parse(None).unwrap().as_str(), "-created_at");
        for order in UserOrder::ALL {
            assert_eq!(UserOrder::parse(Some(order)).unwrap().as_str(), order);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for order in [
            "",
            "-",
            "id",
            "--email",
            "Email",
            "email,username",
            "password; --",
        ] {
            assert_eq!(
                errors_of(UserOrder::parse(Some(order)))["order"][0],
                json!(format!("\"{order}\" is not a valid choice.")),
            );
        }
    }
}
