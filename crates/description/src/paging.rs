//! The parameters of lists.

use domain::PageRequest;

use crate::schema::{Schema, integer, pattern};

/// Which page.
pub(crate) fn page() -> Schema {
    integer(1, i64::MAX).default(1)
}

/// How many on a page.
pub(crate) fn limit() -> Schema {
    integer(1, PageRequest::MOST.into()).default(PageRequest::DEFAULT_LIMIT)
}

/// Some of the fields `names`, with commas between.
pub(crate) fn fields(names: &[&str]) -> Schema {
    let name = names.join("|");
    pattern(&format!("^({name})(,({name}))*$"))
}
