//! What `GET /api/v1/admin/audit-log` asks for.

use serde_json::Value;
use uuid::Uuid;

use crate::field_errors::{FieldErrors, Parsed};
use crate::ids::IdError;
use crate::paging::PageRequest;
use crate::query::QueryParameters;
use crate::timestamp::Timestamp;
use crate::user_listing::read;
use crate::values::{id, text};

/// Which rows of the audit trail are listed; the newest come first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditListing {
    /// Only acts of this name.
    pub action: Option<String>,
    /// Only what this user or service account did.
    pub actor: Option<Uuid>,
    /// Only what was done to this user or service account.
    pub subject: Option<Uuid>,
    /// Only what was done at this time or later.
    pub since: Option<Timestamp>,
    /// Only what was done before this time.
    pub until: Option<Timestamp>,
    /// Only what stands behind this row in the list.
    pub after: Option<Uuid>,
    /// How many rows.
    pub limit: u32,
}

impl AuditListing {
    /// Longest name of an action, in characters.
    pub const LONGEST_ACTION: usize = 63;

    /// Reads the parameters; all may be left out.
    ///
    /// # Errors
    /// For each parameter that is not what it should be.
    pub fn parse(query: &QueryParameters) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let action = read(query, "action", action, &mut errors);
        let actor = read(query, "actor", uuid, &mut errors);
        let subject = read(query, "subject", uuid, &mut errors);
        let since = read(query, "since", Timestamp::parse, &mut errors);
        let until = read(query, "until", Timestamp::parse, &mut errors);
        let after = read(query, "after", uuid, &mut errors);
        let page = PageRequest::parse(query);
        let page = page.map_err(|refused| errors.merge(refused));
        errors.into_result()?;
        Ok(Self {
            action,
            actor,
            subject,
            since,
            until,
            after,
            limit: page.unwrap_or_default().limit,
        })
    }
}

fn action(name: &str) -> Parsed<String> {
    text(AuditListing::LONGEST_ACTION)(&Value::from(name))
}

fn uuid(text: &str) -> Parsed<Uuid> {
    id(|text| Uuid::try_parse(text).map_err(|_| IdError))(&Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::errors_of;

    fn listing(query: &str) -> Result<AuditListing, FieldErrors> {
        AuditListing::parse(&QueryParameters::parse(Some(query)).unwrap())
    }

    #[test]
    fn filters_are_read() {
        let listing = listing(
            "action=user_deleted&actor=a8b99449-0370-4235-a274-fe2dff1c0862\
             &since=2026-01-01T00:00:00Z&limit=100",
        )
        .unwrap();
        assert_eq!(listing.action.as_deref(), Some("user_deleted"));
        assert!(listing.actor.is_some() && listing.subject.is_none());
        assert_eq!(listing.limit, 100);
    }

    #[test]
    fn all_that_is_wrong_is_named() {
        let errors = errors_of(listing(
            "action=&actor=me&subject=&since=x&until=y&after=z&limit=x",
        ));
        assert_eq!(errors.as_object().unwrap().len(), 7);
    }
}
