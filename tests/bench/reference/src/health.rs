//! `GET /health`

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;

use crate::answer::{Answer, success};
use crate::app::App;

pub(crate) async fn health(State(app): State<Arc<App>>) -> Answer {
    app.look_up("us:limit:general:reference", &[]).await?;
    app.row("select 1", &[]).await?;
    redis::cmd("PING")
        .exec_async(&mut app.redis.clone())
        .await?;
    let data = r#"{"service":"reference","status":"healthy"}"#;
    success(StatusCode::OK, "Health check completed", data)
}
