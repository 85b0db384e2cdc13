//! `GET`, `PATCH /api/v1/users/preferences`

use std::sync::Arc;

use axum::extract::State;
use domain::PreferencesChange;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::answer::{Answer, success};
use crate::app::App;
use crate::cache::Change;
use crate::caller::{Caller, tell_later};

pub(crate) async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer {
    let caller = Caller::of(&app, &headers, Some("preferences")).await?;
    if let Some(document) = caller.cached {
        return success(
            StatusCode::OK,
            "Preferences retrieved from cache",
            &document,
        );
    }
    let sql = include_str!("../../../../crates/api/src/user_document/preferences.sql");
    let row = app.row(sql, &[&caller.id]).await?;
    let document: String = row.try_get("preferences_document")?;
    let fill = Change::Document(
        "preferences",
        row.try_get("version")?,
        Some(document.clone()),
    );
    tell_later(&app, caller.id, fill);
    success(
        StatusCode::OK,
        "Preferences retrieved successfully",
        &document,
    )
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: String,
) -> Answer {
    let caller = Caller::of(&app, &headers, None).await?;
    let body: Value = serde_json::from_str(&body)?;
    let change = PreferencesChange::parse(&body)?;
    let sql = include_str!("../../../../components/users/src/preferences/update.sql");
    let no_time = (false, None::<String>);
    let row = app
        .row(
            sql,
            &[
                &caller.id,
                &change.email_enabled,
                &change.email_marketing,
                &change.email_transactional,
                &change.email_security,
                &change.email_system,
                &change.push_enabled,
                &change.push_marketing,
                &change.push_transactional,
                &change.push_security,
                &change.push_system,
                &no_time.0,
                &no_time.1,
                &no_time.0,
                &no_time.1,
                &change.frequency_limit,
                &Vec::<String>::new(),
            ],
        )
        .await?;
    let (version, document) = (
        row.try_get("version")?,
        row.try_get("preferences_document")?,
    );
    let changes = [
        Change::Document("user", version, None),
        Change::Document("preferences", version, Some(document)),
    ];
    app.tell(caller.id, &changes).await?;
    let document: &str = row.try_get("preferences_document")?;
    success(StatusCode::OK, "Preferences updated successfully", document)
}
