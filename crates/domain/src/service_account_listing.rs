//! What `GET /api/v1/admin/service-accounts` asks for.

use crate::field_errors::FieldErrors;
use crate::paging::PageRequest;
use crate::query::QueryParameters;
use crate::service_name::ServiceName;
use crate::user_listing::read;

/// Which service accounts are listed, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccountListing {
    /// Only those behind this name, which need not be an account's.
    pub after: Option<ServiceName>,
    /// How many.
    pub limit: u32,
}

impl ServiceAccountListing {
    /// Reads the parameters; all may be left out.
    ///
    /// # Errors
    /// For each parameter that is not what it should be.
    pub fn parse(query: &QueryParameters) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let after = read(query, "after", ServiceName::parse, &mut errors);
        let page = PageRequest::parse(query);
        let page = page.map_err(|refused| errors.merge(refused));
        errors.into_result()?;
        Ok(Self {
            after,
            limit: page.unwrap_or_default().limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    fn listing(query: &str) -> Result<ServiceAccountListing, FieldErrors> {
        ServiceAccountListing::parse(&QueryParameters::parse(Some(query)).unwrap())
    }

    #[test]
    fn what_is_given_is_read() {
        let listing = |query| listing(query).unwrap();
        assert_eq!(listing("").after, None);
        assert_eq!(listing("").limit, PageRequest::DEFAULT_LIMIT);
        let given = listing("after=mailer&limit=2");
        assert_eq!(given.after.unwrap().as_str(), "mailer");
        assert_eq!(given.limit, 2);
    }

    #[test]
    fn all_that_is_wrong_is_named() {
        for after in ["", "%00", "Mailer", "a%20b"] {
            assert_eq!(
                errors_of(listing(&format!("after={after}&limit=0"))),
                json!({
                    "after": ["A service account's name has 1 to 63 lower-case letters, digits and hyphens, a letter first."],
                    "limit": ["Ensure this value is greater than or equal to 1."],
                })
            );
        }
    }
}
