//! Lists in pages.

use serde::Serialize;
use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::query::QueryParameters;
use crate::values::integer;

/// Larger than any list's last page.
const BEYOND_THE_END: u64 = i32::MAX.unsigned_abs() as u64;

/// Which page the client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The page, counted from 1. It may be beyond the end, but is at most 2^31 - 1, so that a
    /// `bigint` holds its offset.
    pub page: u64,
    /// Rows on a page: 1 to 100.
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            page: 1,
            limit: PageRequest::DEFAULT_LIMIT,
        }
    }
}

impl PageRequest {
    /// Most rows on a page.
    pub const MOST: u32 = 100;

    /// Rows on a page unless the client says otherwise.
    pub const DEFAULT_LIMIT: u32 = 10;

    /// Reads `page` and `limit`; what is left out has its default.
    ///
    /// # Errors
    /// For each of the two that is no whole number within its bounds.
    pub fn parse(query: &QueryParameters) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut read = |name, most| -> Option<u64> {
            let value = Value::from(query.get(name)?);
            page_number(&value, most)
                .map_err(|problem| errors.push(name, problem))
                .ok()
        };
        let default = Self::default();
        let page = read("page", i64::MAX)
            .unwrap_or(default.page)
            .min(BEYOND_THE_END);
        let limit =
            read("limit", PageRequest::MOST.into()).and_then(|limit| u32::try_from(limit).ok());
        errors.into_result()?;
        Ok(Self {
            page,
            limit: limit.unwrap_or(default.limit),
        })
    }

    /// The page of a list of `total` rows that answers this request: the last one if it asks for a
    /// page beyond the end.
    pub fn of(self, total: u64) -> Page {
        let limit = self.limit.clamp(1, PageRequest::MOST);
        let last = total.div_ceil(limit.into()).max(1);
        Page {
            number: self.page.clamp(1, last),
            limit,
            total,
        }
    }
}

/// A whole number from 1 to `most`.
fn page_number(value: &Value, most: i64) -> Parsed<u64> {
    integer(1, most)(value).map(i64::cast_unsigned)
}

/// A page that exists; an empty list has one, which is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: u64,
    limit: u32,
    total: u64,
}

impl Page {
    /// The page, counted from 1.
    pub fn number(self) -> u64 {
        self.number
    }

    /// Most rows on it.
    pub fn limit(self) -> u32 {
        self.limit
    }

    /// Rows of the whole list.
    pub fn total(self) -> u64 {
        self.total
    }

    /// How many rows stand before it.
    pub fn offset(self) -> u64 {
        (self.number - 1) * u64::from(self.limit)
    }

    /// What the answer says about it.
    pub fn meta(self) -> Meta {
        let total_pages = self.total.div_ceil(self.limit.into());
        Meta {
            total: self.total,
            limit: self.limit,
            page: self.number,
            total_pages,
            has_next: self.number < total_pages,
            has_previous: self.number > 1,
        }
    }
}

/// The `meta` object of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// Rows of the whole list.
    pub total: u64,
    /// Most rows on a page.
    pub limit: u32,
    /// This page, counted from 1.
    pub page: u64,
    /// How many pages there are; none if the list is empty.
    pub total_pages: u64,
    /// Whether a page follows.
    pub has_next: bool,
    /// Whether a page precedes.
    pub has_previous: bool,
}

impl Meta {
    /// What answers without a list say.
    pub const fn none() -> Self {
        Self {
            total: 0,
            limit: PageRequest::DEFAULT_LIMIT,
            page: 1,
            total_pages: 0,
            has_next: false,
            has_previous: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    fn request(query: &str) -> Result<PageRequest, FieldErrors> {
        PageRequest::parse(&QueryParameters::parse(Some(query)).unwrap())
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(request(""), Ok(PageRequest { page: 1, limit: 10 }));
        assert_eq!(
            request("page=3&limit=100&x=y"),
            Ok(PageRequest {
                page: 3,
                limit: 100
            })
        );
    }

    #[test]
    fn junk_is_refused_and_all_of_it_is_named() {
        assert_eq!(
            errors_of(request("page=0&limit=101")),
            json!({
                "page": ["Ensure this value is greater than or equal to 1."],
                "limit": ["Ensure this value is less than or equal to 100."],
            })
        );
        assert_eq!(
            errors_of(request("page=x&limit=")),
            json!({
                "page": ["A valid integer is required."],
                "limit": ["A valid integer is required."],
            })
        );
        assert_eq!(
            errors_of(request("page=-1&limit=1.5")),
            json!({
                "page": ["Ensure this value is greater than or equal to 1."],
                "limit": ["A valid integer is required."],
            })
        );
    }

    #[test]
    fn a_page_beyond_the_end_is_the_last_one() {
        let page = request("page=9223372036854775807").unwrap().of(25);
        assert_eq!((page.number(), page.offset()), (3, 20));
        assert_eq!(
            serde_json::to_string(&page.meta()).unwrap(),
            r#"{"total":25,"limit":10,"page":3,"total_pages":3,"has_next":false,"has_previous":true}"#
        );
    }

    #[test]
    fn an_empty_list_looks_like_no_list() {
        let page = PageRequest { page: 7, limit: 10 }.of(0);
        assert_eq!(
            (page.number(), page.offset(), page.meta()),
            (1, 0, Meta::none())
        );
    }

    proptest! {
        #[test]
        fn a_page_always_lies_within_its_list(
            page in any::<u64>(),
            limit in any::<u32>(),
            total in any::<u64>(),
        ) {
            let page = PageRequest { page, limit }.of(total);
            let meta = page.meta();
            prop_assert!(page.offset() < total || (total == 0 && page.offset() == 0));
            prop_assert!(meta.page >= 1 && (meta.page <= meta.total_pages || total == 0));
            prop_assert_eq!(meta.has_previous, page.offset() > 0);
            let end = u128::from(page.offset()) + u128::from(page.limit());
            prop_assert_eq!(meta.has_next, end < u128::from(total));
        }

        #[test]
        fn walking_the_pages_meets_every_row_once(total in 0_u64..500, limit in 1_u32..=100) {
            let mut next = 0;
            for page in 1..=total.div_ceil(limit.into()) {
                let page = PageRequest { page, limit }.of(total);
                prop_assert_eq!(page.offset(), next);
                next = (next + u64::from(limit)).min(total);
            }
            prop_assert_eq!(next, total);
        }

        #[test]
        fn any_query_is_answered(page in any::<String>(), limit in "[0-9.+-]{0,30}") {
            let query = format!("page={}&limit={limit}", page.replace(['%', '&', '='], ""));
            if let Ok(request) = request(&query) {
                prop_assert!((1..=BEYOND_THE_END).contains(&request.page));
                prop_assert!((1..=PageRequest::MOST).contains(&request.limit));
            }
        }
    }
}
