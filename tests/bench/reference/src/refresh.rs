//! `POST /api/v1/users/token/refresh`

use std::sync::Arc;

use axum::extract::State;
use domain::TokenRefresh;
use http::StatusCode;

use crate::answer::{Answer, success};
use crate::app::App;
use crate::caller::keys_of_session;

pub(crate) async fn refresh(State(app): State<Arc<App>>, body: String) -> Answer {
    let request = TokenRefresh::parse(&serde_json::from_str(&body)?)?;
    let token = app.verify(request.refresh.expose_secret(), "refresh")?;
    let (user, session) = (token.user_id, token.sid);
    let limit = format!("us:{{{user}}}:limit:general");
    let state = format!("us:{{{user}}}:session:{session}");
    app.look_up(&limit, &keys_of_session(state)).await?;
    let sql = include_str!("../../../../components/sessions/src/token_refresh.sql");
    let row = app.row(sql, &[&session, &user, &token.generation]).await?;
    let pair = app.issue(user, session, row.try_get("generation")?)?;
    let data = serde_json::to_string(&pair)?;
    success(StatusCode::OK, "Token refreshed successfully", &data)
}
