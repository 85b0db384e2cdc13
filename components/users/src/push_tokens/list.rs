//! `GET /api/v1/users/push-tokens`: the caller's push tokens, a page at a time.

use std::sync::Arc;

use api::{ApiError, CurrentUser, Document, Query, Success};
use axum::extract::State;
use domain::{FieldErrors, FieldSelection, PageRequest, PushTokenOrder, QueryParameters};

use super::FIELDS;
use crate::fields::{self, Selected};
use crate::state::Users;

pub(crate) async fn list(
    State(app): State<Arc<Users>>,
    caller: CurrentUser,
    query: Query,
) -> Result<Success<Selected>, ApiError> {
    let (page, order, fields) = parse(&query)?;
    let row = app
        .database
        .read(include_str!("list.sql"), caller.freshness)
        .bind(caller.id)
        .bind(page.page)
        .bind(u64::from(page.limit))
        .bind(order.as_str())
        .one()
        .await?;
    let tokens = Document::from_row(&row, "documents")?;
    let meta = page.of(row.get("total")?).meta();
    let tokens = fields::select(tokens, &fields)?;
    Ok(Success::ok("Push tokens retrieved successfully", tokens).with_meta(meta))
}

/// The parameters of the query, or all that is wrong with them.
fn parse(
    query: &QueryParameters,
) -> Result<(PageRequest, PushTokenOrder, FieldSelection), FieldErrors> {
    let page = PageRequest::parse(query);
    let order = PushTokenOrder::parse(query.get("order"));
    let fields = FieldSelection::parse(query.get("fields"), FIELDS);
    match (page, order, fields) {
        (Ok(page), Ok(order), Ok(fields)) => Ok((page, order, fields)),
        (page, order, fields) => {
            let mut errors = FieldErrors::new();
            for refused in [page.err(), order.err(), fields.err()]
                .into_iter()
                .flatten()
            {
                errors.merge(refused);
            }
            Err(errors)
        }
    }
}
