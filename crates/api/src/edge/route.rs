//! Telling the edge which route a request has come to: only the router knows, and only within it.

use std::task::{Context as TaskContext, Poll};

use axum::extract::MatchedPath;
use http::Request;
use tower_layer::Layer;
use tower_service::Service;

use crate::context::Context;

/// Notes the route's pattern in the request's context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoteRoute;

impl<S> Layer<S> for NoteRoute {
    type Service = Noting<S>;

    fn layer(&self, inner: S) -> Noting<S> {
        Noting(inner)
    }
}

/// A route whose pattern is noted.
#[derive(Clone, Debug)]
pub(crate) struct Noting<S>(S);

impl<S: Service<Request<B>>, B> Service<Request<B>> for Noting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> S::Future {
        let extensions = request.extensions();
        if let (Some(context), Some(route)) =
            (extensions.get::<Context>(), extensions.get::<MatchedPath>())
        {
            context.note_route(route.clone());
        }
        self.0.call(request)
    }
}
