//! The query of a URL.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use domain::QueryParameters;
use http::request::Parts;

use crate::error::ApiError;

/// The parameters of the query.
#[derive(Debug)]
pub struct Query(QueryParameters);

impl Deref for Query {
    type Target = QueryParameters;

    fn deref(&self) -> &QueryParameters {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(QueryParameters::parse(parts.uri.query())?))
    }
}
