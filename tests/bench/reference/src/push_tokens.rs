//! `POST /api/v1/users/push-tokens`

use std::sync::Arc;

use axum::extract::State;
use domain::{PushTokenRegistration, PushTokenType};
use http::{HeaderMap, StatusCode};

use crate::answer::{Answer, success};
use crate::app::App;
use crate::cache::Change;
use crate::caller::Caller;
use crate::sign_in::{NO_KEY, ORIGIN};

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: String,
) -> Answer {
    let caller = Caller::of(&app, &headers, None).await?;
    let registration = PushTokenRegistration::parse(&serde_json::from_str(&body)?)?;
    let sql = include_str!("../../../../components/users/src/push_tokens/create.sql");
    let row = app
        .row(
            sql,
            &[
                &caller.id,
                &registration.token.expose_secret(),
                &registration.platform.as_str(),
                &registration.token_type.map(PushTokenType::as_str),
                &registration.device_id,
                &registration.device_name,
                &registration.is_active,
                &Vec::<String>::new(),
                &ORIGIN,
                &NO_KEY,
                &NO_KEY,
            ],
        )
        .await?;
    let outdated = Change::Document("user", row.try_get("version")?, None);
    app.tell(caller.id, &[outdated]).await?;
    success(
        StatusCode::CREATED,
        "Push token registered successfully",
        row.try_get("document")?,
    )
}
