//! The edge: what is common to all requests and answers, around a component's router.

mod compression;
mod cors;
mod log;
mod measure;
mod request_id;
mod route;
mod server_timing;
mod trace;
mod transport_security;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use store::metrics::flush_soon;
use store::time_limit::bounded;
use telemetry::Clock;
use telemetry::tally::tallied;
use telemetry::trace::traced;
use tower_service::Service;

use crate::allowance;
use crate::config::Config;
use crate::context::Context;
use crate::error::{ApiError, Pending};
use log::Line;
pub(crate) use route::NoteRoute;

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
    let is_behind_tls =
        transport_security::is_behind_tls(request.headers(), &config.trusted_proxies);
    let mut answer = bounded(
        config.deadline,
        answer(request, router, &config.cors_origins),
    )
    .await;
    flush_soon(&config.redis);
    if is_behind_tls {
        transport_security::demand(answer.headers_mut());
    }
    answer
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

    let trace = trace::of(&request_headers);

    *request.uri_mut() = without_trailing_slash(request.uri());
    request.extensions_mut().insert(context.clone());

    let work = async {
        if cors::is_preflight(&method, &request_headers) {
            StatusCode::NO_CONTENT.into_response()
        } else {
            route(router, request, &method).await
        }
    };
    let (answer, tally) = traced(trace.clone(), tallied(work)).await;
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
    let mut response = compression::apply(response, &method, &request_headers).await;
    let duration = Clock.now().since(context.begun());
    server_timing::add(
        response.headers_mut(),
        duration,
        &tally,
        context.cache_hit(),
    );
    measure::request(&context, &method, response.status(), duration);
    Line {
        context: &context,
        trace: trace.as_deref(),
        method: &method,
        path: &path,
        status: response.status(),
        duration,
        error: cause.as_ref().map(|pending| &*pending.0),
        tally: &tally,
    }
    .write();
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
    // A page that runs scripts brings its own.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    allowance::add_headers(headers, &context.allowances());
}

/// The whole body: what we answer is small and in memory.
async fn collected(body: Body) -> Bytes {
    axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default()
}
