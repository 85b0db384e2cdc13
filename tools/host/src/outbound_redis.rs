//! `spin:redis`: connections to Redis, one TCP connection for each `open`, as in Spin.
//!
//! Like Spin it neither pools, nor reconnects, nor limits how long an answer may take.

mod replies;

use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, AsyncConnectionConfig, Client, Cmd, ErrorKind, RedisError};
use wasmtime::component::{Accessor, Resource};

use self::replies::Replies;
use crate::bindings::spin::redis::redis::{
    Error, Host, HostConnection, HostConnectionWithStore, Payload, RedisParameter, RedisResult,
};
use crate::connection_limit::ConnectionPermit;
use crate::state::{HasInstanceState, InstanceState};

/// The connection behind a component's handle.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
pub struct Connection {
    connection: MultiplexedConnection,
    _permit: ConnectionPermit,
}

impl Host for InstanceState {}

impl HostConnection for InstanceState {
    async fn drop(&mut self, handle: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl<T: Send> HostConnectionWithStore<T> for HasInstanceState {
    async fn open(
        accessor: &Accessor<T, Self>,
        address: String,
    ) -> Result<Resource<Connection>, Error> {
        let component = accessor.with(|mut store| Arc::clone(&store.get().component));
        if !component.allowed_hosts.allows(&address, "redis") {
            return Err(Error::InvalidAddress);
        }
        let permit = component.limits.redis.acquire().await;
        let networks = component.blocked_networks.clone();
        let config = AsyncConnectionConfig::new().set_dns_resolver(networks);
        let connection = Client::open(address)
            .map_err(|_| Error::InvalidAddress)?
            .get_multiplexed_async_connection_with_config(&config)
            .await
            .map_err(other)?;
        let connection = Connection {
            connection,
            _permit: permit,
        };
        accessor
            .with(|mut store| store.get().table.push(connection))
            .map_err(|_| Error::TooManyConnections)
    }

    async fn publish(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        channel: String,
        payload: Payload,
    ) -> Result<(), Error> {
        connection(accessor, &handle)?
            .publish(channel, payload)
            .await
            .map_err(other)
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        key: String,
    ) -> Result<Option<Payload>, Error> {
        connection(accessor, &handle)?.get(key).await.map_err(other)
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        key: String,
        value: Payload,
    ) -> Result<(), Error> {
        connection(accessor, &handle)?
            .set(key, value)
            .await
            .map_err(other)
    }

    async fn incr(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        key: String,
    ) -> Result<i64, Error> {
        connection(accessor, &handle)?
            .incr(key, 1)
            .await
            .map_err(other)
    }

    async fn del(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        keys: Vec<String>,
    ) -> Result<u32, Error> {
        connection(accessor, &handle)?
            .del(keys)
            .await
            .map_err(other)
    }

    async fn sadd(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Result<u32, Error> {
        connection(accessor, &handle)?
            .sadd(key, values)
            .await
            .map_err(|error| {
                if error.kind() == ErrorKind::TypeError {
                    Error::TypeError
                } else {
                    other(error)
                }
            })
    }

    async fn smembers(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        key: String,
    ) -> Result<Vec<String>, Error> {
        connection(accessor, &handle)?
            .smembers(key)
            .await
            .map_err(other)
    }

    async fn srem(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Result<u32, Error> {
        connection(accessor, &handle)?
            .srem(key, values)
            .await
            .map_err(other)
    }

    async fn execute(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        command: String,
        arguments: Vec<RedisParameter>,
    ) -> Result<Vec<RedisResult>, Error> {
        let mut connection = connection(accessor, &handle)?;
        let mut cmd = Cmd::new();
        cmd.arg(command);
        for argument in arguments {
            match argument {
                RedisParameter::Int64(number) => cmd.arg(number),
                RedisParameter::Binary(bytes) => cmd.arg(bytes),
            };
        }
        let Replies(replies) = cmd.query_async(&mut connection).await.map_err(other)?;
        Ok(replies)
    }
}

/// The connection behind a handle. Commands on one connection are pipelined.
fn connection<T>(
    accessor: &Accessor<T, HasInstanceState>,
    handle: &Resource<Connection>,
) -> Result<MultiplexedConnection, Error> {
    accessor.with(|mut store| {
        let connection = store.get().table.get(handle);
        connection
            .map(|connection| connection.connection.clone())
            .map_err(|_| Error::Other("could not find connection for resource".into()))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err calls")]
fn other(error: RedisError) -> Error {
    Error::Other(error.to_string())
}
