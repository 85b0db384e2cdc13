//! `spin:mqtt`: publishes to MQTT brokers, one client for each `open`, as in Spin.
//!
//! Like Spin it connects at the first publish, never shares a connection, and does not limit how long
//! a broker may take to acknowledge.

mod client;

use std::sync::Arc;

use wasmtime::component::{Accessor, Resource};

use self::client::Client;
use crate::bindings::spin::mqtt::mqtt::{
    Error, Host, HostConnection, HostConnectionWithStore, Payload, Qos,
};
use crate::connection_limit::ConnectionPermit;
use crate::state::{HasInstanceState, InstanceState};

/// The connection behind a component's handle.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
pub struct Connection {
    client: Arc<Client>,
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
        username: String,
        password: String,
        keep_alive_interval_in_secs: u64,
    ) -> Result<Resource<Connection>, Error> {
        let component = accessor.with(|mut store| Arc::clone(&store.get().component));
        if !component.allowed_hosts.allows(&address, "mqtt") {
            return Err(Error::ConnectionFailed(format!(
                "address {address} is not permitted"
            )));
        }
        let permit = component.limits.mqtt.acquire().await;
        let client = Client::new(address, username, password, keep_alive_interval_in_secs)?;
        let connection = Connection {
            client: Arc::new(client),
            _permit: permit,
        };
        accessor
            .with(|mut store| store.get().table.push(connection))
            .map_err(|_| Error::TooManyConnections)
    }

    async fn publish(
        accessor: &Accessor<T, Self>,
        handle: Resource<Connection>,
        topic: String,
        payload: Payload,
        qos: Qos,
    ) -> Result<(), Error> {
        let (client, maximum) = accessor.with(|mut store| {
            let state = store.get();
            let connection = state.table.get(&handle);
            let connection = connection
                .map_err(|_| Error::Other("could not find connection for resource".into()))?;
            let maximum = state.component.maximum_mqtt_payload;
            Ok((Arc::clone(&connection.client), maximum))
        })?;
        if let Some(maximum) = maximum
            && payload.len() > maximum
        {
            return Err(Error::Other(format!(
                "payload size {} exceeds the maximum allowed size of {maximum} bytes",
                payload.len()
            )));
        }
        client.publish(topic, payload, qos).await
    }
}
