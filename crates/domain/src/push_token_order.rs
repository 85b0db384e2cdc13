//! How a list of push tokens is sorted.

use crate::field_errors::FieldErrors;
use crate::order;

/// An order of push tokens: newest first unless the client says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushTokenOrder(&'static str);

impl PushTokenOrder {
    /// All orders; the first is the default.
    pub const ALL: [&str; 6] = [
        "-created_at",
        "created_at",
        "-last_used",
        "last_used",
        "-platform",
        "platform",
    ];

    /// Reads the parameter `order`.
    ///
    /// # Errors
    /// Under `order`, if it is none of `created_at`, `last_used` and `platform` with or without a
    /// minus before it.
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
        assert_eq!(PushTokenOrder::parse(None).unwrap().as_str(), "-created_at");
        for order in PushTokenOrder::ALL {
            assert_eq!(PushTokenOrder::parse(Some(order)).unwrap().as_str(), order);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for order in [
            "",
            "-",
            "id",
            "--platform",
            "Platform",
            "created_at,platform",
            "token; --",
        ] {
            assert_eq!(
                errors_of(PushTokenOrder::parse(Some(order)))["order"][0],
                json!(format!("\"{order}\" is not a valid choice.")),
            );
        }
    }
}
