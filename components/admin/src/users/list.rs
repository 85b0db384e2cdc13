//! `GET /api/v1/admin/users`: users in pages, all of them or those that are searched for.

use std::sync::Arc;

use api::staff::permission::UsersRead;
use api::{ApiError, CurrentStaff, Document, Query, Success};
use axum::extract::State;
use domain::{
    FieldErrors, FieldSelection, Meta, QueryParameters, RoleName, Timestamp, UserListing,
};
use serde_json::Value;
use store::{Freshness, Row};

use super::view::view;
use crate::state::Admin;

/// The fields that `fields` can ask for.
const FIELDS: &[&str] = &[
    "id",
    "email",
    "username",
    "full_name",
    "phone_number",
    "is_active",
    "is_verified",
    "is_password_reset_required",
    "roles",
    "created_at",
    "updated_at",
    "last_login",
    "last_login_address",
];

pub(crate) async fn list(
    State(app): State<Arc<Admin>>,
    caller: CurrentStaff<UsersRead>,
    query: Query,
) -> Result<Success<Value>, ApiError> {
    let (listing, fields) = parse(&query)?;
    let row = find(&app, &listing).await?;
    if !row.get::<bool>("is_place_known")? {
        let text = "There is no such user in this list any more; begin again.";
        return Err(FieldErrors::one("after", text).into());
    }
    let users = view(&caller, &Document::from_row(&row, "documents")?, &fields)?;
    let meta = meta(&listing, row.get("total")?, row.get("has_more")?);
    Ok(Success::ok("Users retrieved successfully", users).with_meta(meta))
}

/// The parameters of the query, or all that is wrong with them.
fn parse(query: &QueryParameters) -> Result<(UserListing, FieldSelection), FieldErrors> {
    let listing = UserListing::parse(query);
    let fields = FieldSelection::parse(query.get("fields"), FIELDS);
    match (listing, fields) {
        (Ok(listing), Ok(fields)) => Ok((listing, fields)),
        (listing, fields) => {
            let mut errors = FieldErrors::new();
            for refused in [listing.err(), fields.err()].into_iter().flatten() {
                errors.merge(refused);
            }
            Err(errors)
        }
    }
}

/// Reads the page. Another statement searches, since other indexes help it.
async fn find(app: &Admin, listing: &UserListing) -> Result<Row, ApiError> {
    let is_search = listing.search.is_some() || listing.role.is_some();
    let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let statement = app
        .database
        .read(
            if is_search {
                include_str!("find.sql")
            } else {
                include_str!("list.sql")
            },
            Freshness::Recent,
        )
        .bind(listing.active)
        .bind(listing.verified)
        .bind(text(listing.created_since))
        .bind(text(listing.created_before))
        .bind(listing.order.as_str())
        .bind(listing.page.page)
        .bind(listing.after)
        .bind(u64::from(listing.page.limit));
    if !is_search {
        return Ok(statement.one().await?);
    }
    let search = listing.search.as_ref();
    let ids = search.and_then(|search| search.ids);
    Ok(statement
        .bind(search.map(|search| search.pattern.as_str()))
        .bind(ids.map(|(first, _)| first))
        .bind(ids.map(|(_, last)| last))
        .bind(listing.role.as_ref().map(RoleName::as_str))
        .one()
        .await?)
}

/// What the answer says about the page. Behind a user, which page it is is not known.
fn meta(listing: &UserListing, total: u64, has_more: bool) -> Meta {
    let meta = listing.page.of(total).meta();
    Meta {
        has_next: has_more,
        has_previous: meta.has_previous || listing.after.is_some(),
        ..meta
    }
}
