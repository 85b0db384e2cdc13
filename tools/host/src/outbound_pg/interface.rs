//! The functions of `spin:postgres`, on the connections behind a component's handles.

use std::sync::Arc;

use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::connection::{Client, RowStream};
use super::pools::check_allowed;
use crate::bindings::spin::postgres::postgres::{
    Column, Error, Host, HostConnection, HostConnectionBuilder, HostConnectionBuilderWithStore,
    HostConnectionWithStore, ParameterValue, Row, RowSet,
};
use crate::connection_limit::ConnectionPermit;
use crate::state::{ComponentContext, HasInstanceState, InstanceState};

/// The connection behind a component's handle; the pool gets it back when the handle is dropped.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
pub struct Connection {
    client: Client,
    _permit: ConnectionPermit,
}

/// The connection string behind a builder's handle.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
pub struct ConnectionBuilder {
    address: String,
}

async fn connect(component: &ComponentContext, address: &str) -> Result<Connection, Error> {
    check_allowed(address, &component.allowed_hosts).map_err(Error::ConnectionFailed)?;
    let permit = component.limits.postgres.acquire().await;
    let client = component
        .pools
        .connect(address)
        .await
        .map_err(|error| Error::ConnectionFailed(format!("{error:#}")))?;
    Ok(Connection {
        client: Client::new(client),
        _permit: permit,
    })
}

impl InstanceState {
    fn push_connection(&mut self, connection: Connection) -> Result<Resource<Connection>, Error> {
        self.table
            .push(connection)
            .map_err(|_| Error::ConnectionFailed("too many connections".into()))
    }

    fn client(&self, handle: &Resource<Connection>) -> Result<Client, Error> {
        self.table
            .get(handle)
            .map(|connection| connection.client.clone())
            .map_err(|_| Error::ConnectionFailed("no connection found".into()))
    }

    fn builder_address(&self, handle: &Resource<ConnectionBuilder>) -> Result<String, Error> {
        self.table
            .get(handle)
            .map(|builder| builder.address.clone())
            .map_err(|_| Error::ConnectionFailed("no builder found".into()))
    }
}

impl Host for InstanceState {}

impl HostConnection for InstanceState {
    async fn open(&mut self, address: String) -> Result<Resource<Connection>, Error> {
        let connection = connect(&self.component, &address).await?;
        self.push_connection(connection)
    }

    async fn query(
        &mut self,
        handle: Resource<Connection>,
        statement: String,
        parameters: Vec<ParameterValue>,
    ) -> Result<RowSet, Error> {
        self.client(&handle)?.query(&statement, parameters).await
    }

    async fn execute(
        &mut self,
        handle: Resource<Connection>,
        statement: String,
        parameters: Vec<ParameterValue>,
    ) -> Result<u64, Error> {
        self.client(&handle)?.execute(&statement, parameters).await
    }

    async fn drop(&mut self, handle: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl<T: Send> HostConnectionWithStore<T> for HasInstanceState {
    async fn open_async(
        accessor: &Accessor<T, Self>,
        address: String,
    ) -> Result<Resource<Connection>, Error> {
        let component = accessor.with(|mut store| Arc::clone(&store.get().component));
        let connection = connect(&component, &address).await?;
        accessor.with(|mut store| store.get().push_connection(connection))
    }

    async fn query_async(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        statement: String,
        parameters: Vec<ParameterValue>,
    ) -> Result<
        (
            Vec<Column>,
            StreamReader<Row>,
            FutureReader<Result<(), Error>>,
        ),
        Error,
    > {
        let client = accessor.with(|mut store| store.get().client(&handle))?;
        let RowStream {
            columns,
            rows,
            outcome,
        } = client.stream(&statement, parameters).await?;
        accessor
            .with(|mut store| {
                let rows = StreamReader::new(&mut store, rows)?;
                let outcome = FutureReader::new(&mut store, outcome)?;
                wasmtime::error::Ok((columns, rows, outcome))
            })
            .map_err(|error| Error::Other(format!("{error:#}")))
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        statement: String,
        parameters: Vec<ParameterValue>,
    ) -> Result<u64, Error> {
        let client = accessor.with(|mut store| store.get().client(&handle))?;
        client.execute(&statement, parameters).await
    }
}

impl HostConnectionBuilder for InstanceState {
    async fn new(&mut self, address: String) -> wasmtime::Result<Resource<ConnectionBuilder>> {
        Ok(self.table.push(ConnectionBuilder { address })?)
    }

    async fn set_ca_root(
        &mut self,
        _: Resource<ConnectionBuilder>,
        _: String,
    ) -> Result<(), Error> {
        Err(Error::Other("the development host has no TLS".into()))
    }

    async fn build(
        &mut self,
        handle: Resource<ConnectionBuilder>,
    ) -> Result<Resource<Connection>, Error> {
        let address = self.builder_address(&handle)?;
        let connection = connect(&self.component, &address).await?;
        self.push_connection(connection)
    }

    async fn drop(&mut self, handle: Resource<ConnectionBuilder>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl<T: Send> HostConnectionBuilderWithStore<T> for HasInstanceState {
    async fn build_async(
        accessor: &Accessor<T, Self>,
        handle: Resource<ConnectionBuilder>,
    ) -> Result<Resource<Connection>, Error> {
        let (component, address) = accessor.with(|mut store| {
            let state = store.get();
            (Arc::clone(&state.component), state.builder_address(&handle))
        });
        let connection = connect(&component, &address?).await?;
        accessor.with(|mut store| store.get().push_connection(connection))
    }
}
