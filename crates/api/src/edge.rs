//! The edge: what is common to all requests and answers, around a component's router.

mod compression;
mod cors;
mod request_id;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use store::time_limit::bounded;
use telemetry::tally::tallied;
use telemetry::{Clock, Level, LogLine, Tally};
use tower_service::Service;
use uuid::Uuid;

use crate::allowance;
use crate::config::Config;
use crate::context::Context;
use crate::error::{ApiError, Pending};

/// Answers a request with `error`, whatever it asks for.
pub(crate) async fn refuse(request: spin_sdk::http::Request, error: ApiError) -> Response {
    let error = Arc::new(error);
    let refusal = Router::new().fallback(move || async { Pending(error).into_response() });
    answer(request, refusal, &[]).await
}

/// Serves one request with `router`, within the time that a request may wait for other servers.
pub(crate) async fn serve(
    request: spin_sdk::http::Request,
    router: Router,
    config: &Config,
) -> Response {
    bounded(
        config.deadline,
        answer(request, router, &config.cors_origins),
    )
    .await
}

/// Gives the request an identifier, answers in the envelope whatever happens, and logs one line.
async fn answer(
    request: spin_sdk::http::Request,
    router: Router,
    cors_origins: &[String],
) -> Response {
    let mut request = request.map(Body::new);
    let context = Context::new(request_id::of(request.headers()));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let request_headers = request.headers().clone();

    *request.uri_mut() = without_trailing_slash(request.uri());
    request.extensions_mut().insert(context.clone());

    let (answer, tally) = tallied(async {
        if cors::is_preflight(&method, &request_headers) {
            StatusCode::NO_CONTENT.into_response()
        } else {
            route(router, request, &method).await
        }
    })
    .await;
    let cause = answer.extensions().get::<Pending>().cloned();
    let mut response = match &cause {
        Some(Pending(error)) => rendered(error, &answer, &context),
        None => answer,
    };

    add_common_headers(response.headers_mut(), &context);
    cors::add_headers(
        response.headers_mut(),
        &method,
        &request_headers,
        cors_origins,
    );
    let response = compression::apply(response, &method, &request_headers).await;
    log(
        &context,
        &method,
        &path,
        response.status(),
        cause.as_ref().map(|pending| &*pending.0),
        &tally,
    );
    response
}

/// Asks the router, and turns its own refusals into errors of ours.
async fn route(mut router: Router, request: Request<Body>, method: &Method) -> Response {
    let Ok(response) = router.call(request).await;
    if response.extensions().get::<Pending>().is_some() {
        return response;
    }
    match response.status() {
        StatusCode::NOT_FOUND => ApiError::NoRoute.into_response(),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = allowed_methods(response.headers());
            let mut response = if method == Method::OPTIONS {
                StatusCode::NO_CONTENT.into_response()
            } else {
                ApiError::MethodNotAllowed.into_response()
            };
            response.headers_mut().insert(header::ALLOW, allow);
            response
        }
        _ => response,
    }
}

/// The router's list of methods, with OPTIONS, which every URL answers.
fn allowed_methods(headers: &HeaderMap) -> HeaderValue {
    let methods = headers
        .get(header::ALLOW)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut methods: Vec<_> = methods
        .split(',')
        .map(str::trim)
        .filter(|m| !m.is_empty())
        .collect();
    methods.push("OPTIONS");
    HeaderValue::from_str(&methods.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
}

/// The envelope of `error`, with the headers that the answer has already.
fn rendered(error: &ApiError, answer: &Response, context: &Context) -> Response {
    let mut response = error.render(context.request_id());
    if let Some(allow) = answer.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}

/// The URL without the slash at its end, which is answered the same.
fn without_trailing_slash(uri: &Uri) -> Uri {
    let Some(path) = uri.path().strip_suffix('/').filter(|path| !path.is_empty()) else {
        return uri.clone();
    };
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    path_and_query.parse().unwrap_or_else(|_| uri.clone())
}

/// Headers of every answer (OWASP REST Security Cheat Sheet), and what the rate limits have left.
fn add_common_headers(headers: &mut HeaderMap, context: &Context) {
    if let Ok(request_id) = HeaderValue::from_str(context.request_id()) {
        headers.insert("x-request-id", request_id);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    allowance::add_headers(headers, &context.allowances());
}

/// Writes the one line of this request.
fn log(
    context: &Context,
    method: &Method,
    path: &str,
    status: StatusCode,
    error: Option<&ApiError>,
    tally: &Tally,
) {
    let level = match status {
        StatusCode::INTERNAL_SERVER_ERROR => Level::Error,
        StatusCode::SERVICE_UNAVAILABLE => Level::Warn,
        _ => Level::Info,
    };
    let duration = Clock.now().since(context.begun());
    LogLine::new(level, "request")
        .with("request_id", context.request_id())
        .with("method", method.as_str())
        .with("path", loggable(path))
        .with("status", status.as_u16())
        .with("duration_ms", duration.as_secs_f64() * 1000.0)
        .with_optional("user_id", context.user().map(|user| user.to_string()))
        .with_optional(
            "service_id",
            context.service().map(|service| service.to_string()),
        )
        .with_optional("cache_hit", context.cache_hit())
        .with("postgres_round_trips", tally.postgres.count)
        .with("redis_round_trips", tally.redis.count)
        .with_optional("code", error.map(ApiError::code))
        .with_optional(
            "error",
            error
                .filter(|_| status.is_server_error())
                .map(ToString::to_string),
        )
        .write();
}

/// The path without what is neither a word of our routes nor an identifier: a client's mistake may
/// have put a token or an e-mail address there.
fn loggable(path: &str) -> String {
    let is_word = |part: &str| {
        part.bytes()
            .all(|byte| b"abcdefghijklmnopqrstuvwxyz-_".contains(&byte))
    };
    let is_version = |part: &str| part == "v1";
    path.split('/')
        .map(|part| {
            let is_known = is_version(part)
                || (part.len() <= 32 && is_word(part))
                || part.parse::<Uuid>().is_ok();
            if is_known { part } else { "{other}" }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The whole body: what we answer is small and in memory.
async fn collected(body: Body) -> Bytes {
    axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_shows_routes_and_identifiers_but_not_what_a_client_misplaced() {
        for (path, logged) in [
            (
                "/api/v1/users/push-tokens/deactivate_all/",
                "/api/v1/users/push-tokens/deactivate_all/",
            ),
            (
                "/api/v1/users/push-tokens/01a20a5e-4864-7282-b0a3-3289d5c41824",
                "/api/v1/users/push-tokens/01a20a5e-4864-7282-b0a3-3289d5c41824",
            ),
            (
                "/api/v1/users/push-tokens/fcm-Token:1",
                "/api/v1/users/push-tokens/{other}",
            ),
            ("/ada@example.com", "/{other}"),
            ("/", "/"),
        ] {
            assert_eq!(loggable(path), logged);
        }
    }
}
