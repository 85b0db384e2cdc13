//! The instances of one component: made when needed, used again, dropped when idle or trapped.
//!
//! The numbers are Spin's defaults.

use std::future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep};
use wasmtime::component::{Component, GuestTaskId, Linker};
use wasmtime::{Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ProxyHandler, Request, Response, ShouldAccept, WorkerExpiration,
    WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::state::{ComponentContext, InstanceState};

/// How many requests an instance serves before it is replaced.
const REQUESTS_PER_INSTANCE: usize = 128;

/// How many requests an instance serves at once.
const REQUESTS_AT_ONCE: usize = 16;

/// How long an instance waits for another request.
const IDLE_TIME: Duration = Duration::from_secs(1);

/// Serves requests with instances of one component.
pub(crate) struct Handler(ProxyHandler<Instances>);

impl Handler {
    /// Prepares a component; `limit` has as many permits as there may be instances of all components.
    pub(crate) fn new(
        context: Arc<ComponentContext>,
        linker: &Linker<InstanceState>,
        component: &Component,
        limit: Arc<Semaphore>,
    ) -> anyhow::Result<Self> {
        let service = linker
            .instantiate_pre(component)
            .and_then(ServicePre::new)
            .map_err(anyhow::Error::from)
            .with_context(|| format!("component {:?} can't be served", context.id))?;
        Ok(Self(ProxyHandler::new(Instances {
            context,
            service,
            limit,
        })))
    }

    /// The id of the component.
    pub(crate) fn component(&self) -> &str {
        &self.0.state().context.id
    }

    /// Has an instance answer the request.
    pub(crate) async fn handle(&self, request: Request) -> wasmtime::Result<Response> {
        self.0.handle((), request).await
    }
}

/// Makes instances of one component.
struct Instances {
    context: Arc<ComponentContext>,
    service: ServicePre<InstanceState>,
    limit: Arc<Semaphore>,
}

impl HandlerState for Instances {
    type StoreData = InstanceState;
    type WorkerExpiration = IdleExpiration;
    type WorkerState = Reuse;

    async fn instantiate(
        &self,
    ) -> wasmtime::Result<Instance<InstanceState, IdleExpiration, Reuse>> {
        // Over the limit the request waits here for another instance to go.
        let permit = Arc::clone(&self.limit).acquire_owned().await?;
        let state = InstanceState::new(Arc::clone(&self.context), permit);
        let mut store = Store::new(self.service.engine(), state);
        let service = self.service.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: InstanceState::http,
            expiration: IdleExpiration(Box::pin(sleep(IDLE_TIME))),
            state: Reuse {
                component: self.context.id.clone(),
            },
        })
    }
}

/// Ends an instance that had no request for [`IDLE_TIME`]. A request may take as long as it likes.
struct IdleExpiration(Pin<Box<Sleep>>);

impl WorkerExpiration for IdleExpiration {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        since: Instant,
    ) -> Poll<()> {
        if status != WorkerStatus::Idle {
            return Poll::Pending;
        }
        let deadline = (since + IDLE_TIME).into();
        if self.0.deadline() != deadline {
            self.0.as_mut().reset(deadline);
        }
        self.0.as_mut().poll(context)
    }
}

/// Decides how often an instance is used.
struct Reuse {
    component: String,
}

impl WorkerState for Reuse {
    type StoreData = InstanceState;
    type RequestData = ();

    fn should_accept_request(&self, at_once: usize, in_all: usize) -> ShouldAccept {
        if in_all >= REQUESTS_PER_INSTANCE {
            ShouldAccept::Never
        } else if at_once >= REQUESTS_AT_ONCE {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, InstanceState>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(future::pending())
    }

    fn drop(&self, _: Store<InstanceState>, result: wasmtime::Result<()>) {
        if let Err(error) = result {
            eprintln!(
                "An instance of component {:?} failed: {error:#}",
                self.component
            );
        }
    }
}
