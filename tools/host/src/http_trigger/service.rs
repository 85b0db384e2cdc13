//! What happens to one request between the client and the component.

use std::net::SocketAddr;

use anyhow::Context;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use wasmtime_wasi_http::WasiBody;
use wasmtime_wasi_http::handler::TrapOrPanicError;

use super::headers;
use super::instances::Handler;
use super::routes::{RouteMatch, Routes};

/// What paths begin with that Spin itself answers.
const WELL_KNOWN: &str = "/.well-known/spin/";

/// How many requests are with components at once. Further ones wait, so that a burst does not
/// demand an instance for every request.
const REQUESTS_AT_ONCE: usize = 256;

/// Answers requests with the components of an application.
pub(crate) struct Service {
    routes: Routes<std::sync::Arc<Handler>>,
    requests: Semaphore,
}

impl Service {
    pub(crate) fn new(routes: Routes<std::sync::Arc<Handler>>) -> Self {
        Self {
            routes,
            requests: Semaphore::new(REQUESTS_AT_ONCE),
        }
    }

    /// Answers a request. An error, a request that names no host, closes the connection.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        client: SocketAddr,
    ) -> anyhow::Result<Response<WasiBody>> {
        let path = request.uri().path().to_owned();
        if let Some(well_known) = path.strip_prefix(WELL_KNOWN) {
            return Ok(match well_known {
                "health" => Response::new(body(Full::new(Bytes::from_static(b"OK")))),
                _ => empty(StatusCode::NOT_FOUND),
            });
        }
        let Some((route, handler)) = self.routes.find(&path) else {
            return Ok(empty(StatusCode::NOT_FOUND));
        };
        let (mut parts, incoming) = request.into_parts();
        parts.uri = headers::absolute_uri(&parts)?;
        let request = Request::from_parts(parts, incoming);
        match self.forward(request, &route, handler, client).await {
            Ok(response) => Ok(response),
            Err(error) => {
                // What trapped is reported with its instance.
                if !error.is::<TrapOrPanicError>() {
                    eprintln!(
                        "Component {:?} gave no answer: {error:#}",
                        handler.component()
                    );
                }
                Ok(empty(StatusCode::INTERNAL_SERVER_ERROR))
            }
        }
    }

    /// Lets the component answer. Bodies pass through as they arrive, both ways.
    async fn forward(
        &self,
        request: Request<Incoming>,
        route: &RouteMatch<'_>,
        handler: &Handler,
        client: SocketAddr,
    ) -> anyhow::Result<Response<WasiBody>> {
        let (mut parts, incoming) = request.into_parts();
        headers::prepare(&mut parts, route, client)?;
        let incoming = incoming
            .map_err(wasmtime_wasi_http::Error::from)
            .boxed_unsync();
        let _permit = self
            .requests
            .acquire()
            .await
            .context("the host is shutting down")?;
        Ok(handler.handle(Request::from_parts(parts, incoming)).await?)
    }
}

fn empty(status: StatusCode) -> Response<WasiBody> {
    let mut response = Response::new(body(Empty::new()));
    *response.status_mut() = status;
    response
}

fn body<B>(body: B) -> WasiBody
where
    B: BodyExt<Data = Bytes, Error = std::convert::Infallible> + Send + 'static,
{
    body.map_err(|never| match never {}).boxed_unsync()
}
