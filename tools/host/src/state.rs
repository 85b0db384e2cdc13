//! What belongs to one instance of a component: its view of the world outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{HeaderName, header};
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpCtx,
    WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::allowed_hosts::AllowedHosts;
use crate::bindings::Spin;
use crate::blocked_networks::BlockedNetworks;
use crate::connection_limit::ConnectionLimits;
use crate::outbound_http;
use crate::outbound_pg::Pools;
use crate::output::{Destination, Lines};
use crate::variables::ComponentVariables;

/// What all instances of one component share.
#[derive(Debug)]
pub(crate) struct ComponentContext {
    /// The component's id in the manifest.
    pub(crate) id: String,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) variables: ComponentVariables,
    pub(crate) allowed_hosts: AllowedHosts,
    pub(crate) blocked_networks: BlockedNetworks,
    pub(crate) limits: Arc<ConnectionLimits>,
    /// How long an MQTT message may be, in bytes.
    pub(crate) maximum_mqtt_payload: Option<usize>,
    pub(crate) pools: Pools,
}

/// The state of one instance.
pub(crate) struct InstanceState {
    pub(crate) component: Arc<ComponentContext>,
    /// The instance's handles: connections, requests, bodies.
    pub(crate) table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: HttpHooks,
    _permit: OwnedSemaphorePermit,
}

/// Gives the implementations of Spin's interfaces the instance's state.
pub(crate) struct HasInstanceState;

impl HasData for HasInstanceState {
    type Data<'a> = &'a mut InstanceState;
}

impl InstanceState {
    /// The state of a new instance, which counts against the limit of instances while it lives.
    pub(crate) fn new(component: Arc<ComponentContext>, permit: OwnedSemaphorePermit) -> Self {
        let mut wasi = WasiCtxBuilder::new();
        for (name, value) in &component.environment {
            wasi.env(name, value);
        }
        wasi.stdout(Lines::new(Destination::StandardOutput));
        wasi.stderr(Lines::new(Destination::StandardError));
        Self {
            hooks: HttpHooks {
                component: Arc::clone(&component),
            },
            component,
            table: ResourceTable::new(),
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            _permit: permit,
        }
    }
}

/// Links everything that a component of this application may import.
pub(crate) fn link(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    // Rust's standard library imports WASI 0.2, the SDK 0.3.
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi::p3::add_to_linker(linker)?;
    wasmtime_wasi_http::p3::add_to_linker(linker)?;
    Spin::add_to_linker::<_, HasInstanceState>(linker, |state| state)
}

impl WasiView for InstanceState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for InstanceState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.hooks,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// Where HTTP differs from wasmtime's defaults.
struct HttpHooks {
    component: Arc<ComponentContext>,
}

impl HttpHooks {
    /// Components see the `host` header of a request, as in Spin.
    fn is_forbidden(name: &HeaderName) -> bool {
        *name != header::HOST && DEFAULT_FORBIDDEN_HEADERS.contains(name)
    }
}

impl WasiHttpHooks for HttpHooks {
    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(Self::is_forbidden)
    }

    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<
        dyn Future<
                Output = Result<
                    (
                        http::Response<WasiBody>,
                        Box<dyn Future<Output = Result<(), Error>> + Send>,
                    ),
                    Error,
                >,
            > + Send,
    > {
        let component = Arc::clone(&self.component);
        Box::new(async move {
            let response = outbound_http::send(component, request, options).await?;
            // What goes wrong with the connection later on, the body tells.
            let connection: Box<dyn Future<Output = _> + Send> = Box::new(async { Ok(()) });
            Ok((response, connection))
        })
    }
}
