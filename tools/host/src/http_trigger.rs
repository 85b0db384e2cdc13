//! HTTP: requests find their component by route and are answered by one of its instances.

mod headers;
mod instances;
mod routes;
mod server;
mod service;

pub(crate) use self::instances::Handler;
pub(crate) use self::routes::Routes;
pub(crate) use self::server::serve;
pub(crate) use self::service::Service;
