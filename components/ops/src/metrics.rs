//! `GET /metrics`: what all instances have counted, and how things stand, as OpenMetrics.

use std::sync::Arc;

use api::internal::InternalCaller;
use axum::extract::State;
use axum::response::IntoResponse;
use futures_util::future::join;
use http::header;
use store::metrics::{Counted, counted};
use store::outbox::DestinationState;
use telemetry::metrics::{
    ACTIVE_USERS, CIRCUIT_BREAKER_OPEN, DEPENDENCY_UP, OPENMETRICS, OUTBOX_DEAD_LETTERS,
    OUTBOX_OLDEST, OUTBOX_PENDING, Text, servers,
};

use crate::state::Ops;

pub(crate) async fn metrics(State(app): State<Arc<Ops>>, _: InternalCaller) -> impl IntoResponse {
    let (counted, outbox) = join(counted(&app.redis), app.events.outbox().state()).await;
    let mut text = Text::default();
    for (name, is_up) in [("postgresql", outbox.is_ok()), ("redis", counted.is_ok())] {
        text.add_gauge(&DEPENDENCY_UP, &[name], f64::from(u8::from(is_up)));
    }
    let is_redis_away = counted.is_err() && app.redis.is_configured();
    add_breakers(&mut text, counted.as_ref().ok(), is_redis_away);
    if let Ok(counted) = counted {
        add_counted(&mut text, counted);
    }
    if let Ok(states) = outbox {
        add_outbox(&mut text, &app.events.destinations(), &states);
    }
    let headers = [
        (header::CONTENT_TYPE, OPENMETRICS),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text.render())
}

fn add_breakers(text: &mut Text, counted: Option<&Counted>, is_redis_away: bool) {
    for server in servers::ALL {
        let is_known = counted.is_some_and(|counted| {
            let mut left_alone = counted.left_alone.iter();
            left_alone.any(|name| name == server)
        });
        let is_open = is_known || (server == servers::REDIS && is_redis_away);
        text.add_gauge(
            &CIRCUIT_BREAKER_OPEN,
            &[server],
            f64::from(u8::from(is_open)),
        );
    }
}

fn add_counted(text: &mut Text, counted: Counted) {
    for (name, value) in counted.values {
        text.add_kept(&name, value);
    }
    for (window, users) in [
        ("day", counted.active_today),
        ("week", counted.active_in_week),
    ] {
        text.add_gauge(&ACTIVE_USERS, &[window], as_number(users.unsigned_abs()));
    }
}

/// Destinations for which nothing waits have no state.
fn add_outbox(text: &mut Text, destinations: &[String], states: &[DestinationState]) {
    let gauges = [&OUTBOX_PENDING, &OUTBOX_OLDEST, &OUTBOX_DEAD_LETTERS];
    for destination in destinations {
        for gauge in gauges {
            text.add_gauge(gauge, &[destination], 0.0);
        }
    }
    for state in states {
        let values = [
            as_number(state.pending),
            state.oldest_seconds,
            as_number(state.dead),
        ];
        for (gauge, value) in gauges.into_iter().zip(values) {
            text.add_gauge(gauge, &[&state.destination], value);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "never near 2^53")]
fn as_number(count: u64) -> f64 {
    count as f64
}
