//! What `GET /api/v1/admin/users` asks for.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::ids::UserId;
use crate::paging::PageRequest;
use crate::query::QueryParameters;
use crate::role_name::RoleName;
use crate::timestamp::Timestamp;
use crate::user_order::UserOrder;
use crate::user_search::UserSearch;
use crate::values::{boolean, id};

/// Which users are listed, in which order, and from where on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserListing {
    /// How something of them begins.
    pub search: Option<UserSearch>,
    /// Only those who may sign in, or who may not.
    pub active: Option<bool>,
    /// Only those whose e-mail address is verified, or is not.
    pub verified: Option<bool>,
    /// Only those who have this role.
    pub role: Option<RoleName>,
    /// Only those who registered at this time or later.
    pub created_since: Option<Timestamp>,
    /// Only those who registered before this time.
    pub created_before: Option<Timestamp>,
    /// How they are sorted.
    pub order: UserOrder,
    /// Which page.
    pub page: PageRequest,
    /// Behind which user, instead of a page.
    pub after: Option<UserId>,
}

impl UserListing {
    /// Reads the parameters; all may be left out.
    ///
    /// # Errors
    /// For each parameter that is not what it should be, and if there are both `page` and `after`.
    pub fn parse(query: &QueryParameters) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let search = read(query, "search", UserSearch::parse, &mut errors);
        let active = read(query, "active", flag, &mut errors);
        let verified = read(query, "verified", flag, &mut errors);
        let role = read(query, "role", RoleName::parse, &mut errors);
        let created_since = read(query, "created_since", Timestamp::parse, &mut errors);
        let created_before = read(query, "created_before", Timestamp::parse, &mut errors);
        let after = read(query, "after", user_id, &mut errors);
        let order = UserOrder::parse(query.get("order"));
        let order = order.map_err(|refused| errors.merge(refused));
        let page = PageRequest::parse(query);
        let page = page.map_err(|refused| errors.merge(refused));
        if query.get("after").is_some() && query.get("page").is_some() {
            errors.add("after", "Give a page, or after whom to go on, not both.");
        }
        errors.into_result()?;
        Ok(Self {
            search,
            active,
            verified,
            role,
            created_since,
            created_before,
            order: order.unwrap_or_default(),
            page: page.unwrap_or_default(),
            after,
        })
    }
}

/// The parameter `name`, if it is there and `parse` makes something of it.
pub(crate) fn read<T>(
    query: &QueryParameters,
    name: &'static str,
    parse: impl FnOnce(&str) -> Parsed<T>,
    errors: &mut FieldErrors,
) -> Option<T> {
    parse(query.get(name)?)
        .map_err(|problem| errors.push(name, problem))
        .ok()
}

fn flag(text: &str) -> Parsed<bool> {
    boolean(&Value::from(text))
}

fn user_id(text: &str) -> Parsed<UserId> {
    id(UserId::parse)(&Value::from(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    fn listing(query: &str) -> Result<UserListing, FieldErrors> {
        UserListing::parse(&QueryParameters::parse(Some(query)).unwrap())
    }

    #[test]
    fn all_users_are_listed_unless_something_is_asked_for() {
        let all = listing("").unwrap();
        assert_eq!((all.search, all.active, all.role), (None, None, None));
        assert_eq!(all.order, UserOrder::default());

        let some = listing(
            "search=ada&active=true&verified=0&role=admin&created_since=2026-01-01T00:00:00Z\
             &created_before=2026-02-01T00:00:00%2B01:00&order=email&page=2&limit=50",
        )
        .unwrap();
        assert_eq!(some.search.unwrap().pattern, "ada%");
        assert_eq!((some.active, some.verified), (Some(true), Some(false)));
        assert_eq!(some.role.unwrap().as_str(), "admin");
        assert_eq!(
            some.created_before.unwrap().to_string(),
            "2026-01-31T23:00:00.000000Z"
        );
        assert_eq!((some.page.page, some.page.limit), (2, 50));
    }

    #[test]
    fn all_that_is_wrong_is_named() {
        let errors = errors_of(listing(
            "search=&active=maybe&role=Admin&created_since=now&order=id&limit=0&after=x&page=1",
        ));
        let names: Vec<_> = errors.as_object().unwrap().keys().cloned().collect();
        let expected = [
            "search",
            "active",
            "role",
            "created_since",
            "after",
            "order",
            "limit",
        ];
        assert_eq!(names, expected);
        assert_eq!(
            errors["after"],
            json!([
                "Must be a valid UUID.",
                "Give a page, or after whom to go on, not both.",
            ])
        );
    }

    proptest! {
        #[test]
        fn any_query_is_answered(query in "[a-z_]{0,14}=[ -~]{0,20}(&[a-z_]{0,14}=[ -~]{0,20})*") {
            if let Ok(query) = QueryParameters::parse(Some(&query)) {
                let _ = UserListing::parse(&query);
            }
        }
    }
}
