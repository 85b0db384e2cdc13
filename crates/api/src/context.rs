//! What is known of a request while it is served. Extractors write into it, and the edge reads it
//! when the answer goes out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRequestParts, MatchedPath};
use domain::{ServiceAccountId, UserId};
use http::request::Parts;
use telemetry::metrics::count_cache_request;
use telemetry::{Clock, Moment};

use crate::allowance::Allowance;
use crate::error::ApiError;

/// The context of one request; clones share it.
#[derive(Clone, Debug)]
pub struct Context(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    request_id: String,
    begun: Moment,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    user: Option<UserId>,
    service: Option<ServiceAccountId>,
    allowances: Vec<Allowance>,
    cache_hit: Option<bool>,
    route: Option<MatchedPath>,
}

impl Context {
    /// The context of a request that begins now.
    pub fn new(request_id: String) -> Self {
        Self(Arc::new(Shared {
            request_id,
            begun: Clock.now(),
            noted: Mutex::default(),
        }))
    }

    /// The context that the edge has put into the request.
    pub(crate) fn of(parts: &Parts) -> Result<Self, ApiError> {
        parts
            .extensions
            .get()
            .cloned()
            .ok_or_else(|| ApiError::Misconfigured(Arc::from("the router is not behind its edge")))
    }

    /// The identifier of the request, as in its answer's `x-request-id`.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// When the request began.
    pub fn begun(&self) -> Moment {
        self.0.begun
    }

    /// Notes on whose behalf the request is made.
    pub fn note_user(&self, user: UserId) {
        self.noted().user = Some(user);
    }

    /// On whose behalf the request is made, once that is known.
    pub fn user(&self) -> Option<UserId> {
        self.noted().user
    }

    /// Notes which service makes the request.
    pub fn note_service(&self, service: ServiceAccountId) {
        self.noted().service = Some(service);
    }

    /// Which service makes the request, once that is known.
    pub fn service(&self) -> Option<ServiceAccountId> {
        self.noted().service
    }

    /// Notes what a rate limit has left, for the answer's headers.
    pub fn note_allowance(&self, allowance: Allowance) {
        self.noted().allowances.push(allowance);
    }

    /// What the rate limits of this request have left.
    pub fn allowances(&self) -> Vec<Allowance> {
        self.noted().allowances.clone()
    }

    /// Notes whether the cache had the `kind` of thing that was asked for.
    pub fn note_cache(&self, kind: &str, hit: bool) {
        count_cache_request(kind, Some(hit));
        self.noted().cache_hit = Some(hit);
    }

    /// Whether the cache had what was asked for; nothing if it was not asked.
    pub fn cache_hit(&self) -> Option<bool> {
        self.noted().cache_hit
    }

    /// Notes which route the request has come to.
    pub(crate) fn note_route(&self, route: MatchedPath) {
        self.noted().route = Some(route);
    }

    /// The pattern of the route, if there is one for the URL.
    pub(crate) fn route(&self) -> Option<MatchedPath> {
        self.noted().route.clone()
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Context {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Self::of(parts)
    }
}
