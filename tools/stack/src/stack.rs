//! Servers, migrated database and host for one port.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use crate::builder::StackBuilder;
use crate::folder::{Folder, workspace_root};
use crate::host::{Host, HostKind, HostOptions};
use crate::postgresql::PostgreSql;
use crate::rabbitmq::RabbitMq;
use crate::redis::Redis;
use crate::redis_cluster::RedisCluster;
use crate::servers::Servers;

/// What one port's service runs on. Dropping it stops what it started: first the host, then the
/// servers.
#[derive(Debug)]
pub struct Stack {
    pub(crate) host: Option<Host>,
    pub(crate) servers: Servers,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) port: u16,
    pub(crate) folder: Folder,
}

impl Stack {
    /// Begins to say what is wanted.
    pub fn builder() -> StackBuilder<'static> {
        StackBuilder::new()
    }

    /// Starts the host on the stack's port.
    ///
    /// # Errors
    /// As [`Host::launch`].
    pub fn start_host(&mut self, kind: HostKind) -> Result<&Host> {
        // The old one must have left the port first.
        self.host = None;
        let host = Host::launch(self.host_options(kind))?;
        Ok(self.host.insert(host))
    }

    /// What the stack's own host serves. With another port or variables it serves for a second one
    /// on the same servers.
    pub fn host_options(&self, kind: HostKind) -> HostOptions {
        HostOptions {
            kind,
            port: self.port,
            manifest: workspace_root().join("spin.toml"),
            folder: self.folder.path().to_owned(),
            variables: self.variables.clone(),
        }
    }

    /// The address of the service: `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port of the service.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The database, without the limits that the components' connections get.
    pub fn database_url(&self) -> &str {
        &self.servers.database_url
    }

    /// The Redis server; empty if there is none.
    pub fn redis_url(&self) -> &str {
        &self.servers.redis_url
    }

    /// Where the service publishes events; empty if there is no RabbitMQ.
    pub fn mqtt_url(&self) -> &str {
        &self.servers.mqtt_url
    }

    /// Where consumers find the events; empty if there is no RabbitMQ, or an existing one whose
    /// AMQP side was not named.
    pub fn amqp_url(&self) -> &str {
        &self.servers.amqp_url
    }

    /// The Spin variable `name` as the components get it, if it is set here and not in `spin.toml`.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// `.local/<port>/`, with the logs in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The host.
    ///
    /// # Errors
    /// If none was started.
    pub fn host(&self) -> Result<&Host> {
        self.host.as_ref().context("this stack has no host")
    }

    /// The private PostgreSQL.
    ///
    /// # Errors
    /// If an existing one is used.
    pub fn postgresql(&self) -> Result<&PostgreSql> {
        self.servers
            .postgresql
            .as_ref()
            .context("this stack uses a PostgreSQL that is not its own")
    }

    /// The private Redis.
    ///
    /// # Errors
    /// If an existing one is used.
    pub fn redis(&self) -> Result<&Redis> {
        self.servers
            .redis
            .as_ref()
            .context("this stack uses a Redis that is not its own")
    }

    /// The private Redis Cluster.
    ///
    /// # Errors
    /// If none was asked for.
    pub fn redis_cluster(&self) -> Result<&RedisCluster> {
        self.servers
            .redis_cluster
            .as_ref()
            .context("this stack has no Redis Cluster")
    }

    /// The private RabbitMQ.
    ///
    /// # Errors
    /// If there is none, or an existing one is used.
    pub fn rabbitmq(&self) -> Result<&RabbitMq> {
        self.servers
            .rabbitmq
            .as_ref()
            .context("this stack has no RabbitMQ of its own")
    }
}
