//! `/api`: the description of the API.

mod schema;

pub(crate) use schema::schema;
