//! `POST /api/v1/services/delivery/decide`: whether messages may go out. One that may takes a slot of
//! its user's frequency limit.

use std::sync::Arc;

use api::service_caller::permission;
use api::{ApiError, Body, CurrentService, Success};
use axum::extract::State;
use domain::delivery::{self, Decision, DeliveryBatch, DeliveryRequest};
use domain::{FieldErrors, ServiceAccountId};
use serde::Serialize;
use serde_json::Value;

use super::facts::{self, Known, Message};
use super::slots;
use crate::state::Services;

/// How often it is decided anew where others take the last slots at the same moment. Each time but
/// the last somebody has got one.
const ATTEMPTS: u32 = 3;

/// The decision about one message, or those about a batch in its order.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Decided {
    One(Decision),
    Batch { decisions: Vec<Decision> },
}

pub(crate) async fn decide(
    State(app): State<Arc<Services>>,
    service: CurrentService<permission::DeliveryDecide>,
    body: Body,
) -> Result<Success<Decided>, ApiError> {
    let (messages, is_batch) = parse(&body)?;
    let mut decisions = decide_all(&app, service.id, &messages, is_batch).await?;
    let decided = match decisions.pop() {
        Some(decision) if !is_batch => Decided::One(decision),
        last => {
            decisions.extend(last);
            Decided::Batch { decisions }
        }
    };
    Ok(Success::ok("Delivery decided", decided))
}

/// The messages, and whether they came as a batch.
fn parse(body: &Value) -> Result<(Vec<Message>, bool), FieldErrors> {
    if body.get("requests").is_some() {
        let batch = DeliveryBatch::parse(body)?;
        Ok((
            batch.requests.into_iter().map(Message::from).collect(),
            true,
        ))
    } else {
        Ok((vec![DeliveryRequest::parse(body)?.into()], false))
    }
}

async fn decide_all(
    app: &Services,
    account: ServiceAccountId,
    messages: &[Message],
    is_batch: bool,
) -> Result<Vec<Decision>, ApiError> {
    let mut decisions: Vec<Option<Decision>> = vec![None; messages.len()];
    for attempt in 1..=ATTEMPTS {
        let open: Vec<usize> = (0..messages.len())
            .filter(|index| decisions[*index].is_none())
            .collect();
        if open.is_empty() {
            break;
        }
        let asked: Vec<Message> = open.iter().map(|index| messages[*index].clone()).collect();
        let known = facts::read(app, account, &asked, None).await?;
        check_keys(&known, &open, is_batch)?;
        let is_last = attempt == ATTEMPTS;
        for (index, decision) in open
            .iter()
            .zip(settle(app, account, &asked, known, is_last).await?)
        {
            decisions[*index] = decision;
        }
    }
    Ok(decisions.into_iter().flatten().collect())
}

/// An idempotency key names one request, not two.
fn check_keys(known: &[Known], places: &[usize], is_batch: bool) -> Result<(), FieldErrors> {
    let text = "This key was used for another request.";
    let mut errors = FieldErrors::new();
    let mut of_requests = FieldErrors::new();
    for (known, place) in known.iter().zip(places) {
        let error = FieldErrors::one("idempotency_key", text);
        match (known.is_same_request, is_batch) {
            (true, _) => {}
            (false, true) => of_requests.nest(place.to_string(), error),
            (false, false) => errors.merge(error),
        }
    }
    errors.nest("requests", of_requests);
    errors.into_result()
}

/// Decides about each message and takes the slots. Nothing is decided about one whose slot somebody
/// else has got meanwhile, unless this is the last try: its user's limit is reached then.
async fn settle(
    app: &Services,
    account: ServiceAccountId,
    messages: &[Message],
    mut known: Vec<Known>,
    is_last: bool,
) -> Result<Vec<Option<Decision>>, ApiError> {
    let mut decisions: Vec<Option<Decision>> = messages
        .iter()
        .zip(&known)
        .map(|(message, known)| Some(decision(message, known)))
        .collect();
    let takers: Vec<usize> = decisions
        .iter()
        .zip(&known)
        .enumerate()
        .filter(|(_, (decision, known))| {
            !known.is_repeated
                && decision
                    .as_ref()
                    .is_some_and(|decision| decision.takes_slot)
        })
        .map(|(index, _)| index)
        .collect();
    if takers.is_empty() {
        return Ok(decisions);
    }
    let wanted: Vec<(&Message, u32)> = takers
        .iter()
        .map(|index| (&messages[*index], known[*index].facts.frequency_limit))
        .collect();
    let taken = slots::take(app, account, &wanted).await?;
    for (index, is_taken) in takers.into_iter().zip(taken) {
        if is_taken {
            continue;
        }
        let facts = &mut known[index].facts;
        facts.slots_taken = facts.slots_taken.max(facts.frequency_limit);
        decisions[index] = is_last.then(|| decision(&messages[index], &known[index]));
    }
    Ok(decisions)
}

/// What the rules say. A request that is repeated has its slot, so that the limit is nothing against
/// it; what the user has switched off since, and his quiet hours, are.
fn decision(message: &Message, known: &Known) -> Decision {
    let mut facts = known.facts.clone();
    if known.is_repeated {
        facts.slots_taken = 0;
    }
    delivery::decide(&facts, message.channel, message.category, known.now)
}
