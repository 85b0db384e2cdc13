//! `POST /api/v1/services/delivery/explain`: what would be decided, now or at another time. Nothing is
//! taken.

use std::sync::Arc;

use api::service_caller::permission;
use api::{ApiError, Body, CurrentService, Success};
use axum::extract::State;
use domain::delivery::{self, Decision, ExplainRequest};
use store::DatabaseError;

use super::facts::{self, Message};
use crate::state::Services;

pub(crate) async fn explain(
    State(app): State<Arc<Services>>,
    service: CurrentService<permission::DeliveryDecide>,
    body: Body,
) -> Result<Success<Decision>, ApiError> {
    let request = ExplainRequest::parse(&body)?;
    let message = Message {
        user: request.user,
        channel: request.channel,
        category: request.category,
        idempotency_key: String::new(),
    };
    let known = facts::read(&app, service.id, &[message], request.now).await?;
    let known = known
        .first()
        .ok_or_else(|| DatabaseError::Shape("no row".into()))?;
    let decision = delivery::decide(&known.facts, request.channel, request.category, known.now);
    Ok(Success::ok("Delivery explained", decision))
}
