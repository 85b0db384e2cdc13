//! `/api`: the description of the API, as a document and as a page.

mod docs;
mod schema;

pub(crate) use docs::{asset, page};
pub(crate) use schema::schema;
