//! Says what a stack is made of, and starts it.

use std::collections::BTreeMap;
use std::{env, fmt};

use anyhow::{Result, bail};

use crate::component_variables::{Urls, component_variables};
use crate::folder::{Folder, remove_abandoned};
use crate::host::HostKind;
use crate::ports;
use crate::postgresql::Keeping;
use crate::redis_cluster;
use crate::servers::{RedisSource, Servers, Sources};
use crate::stack::Stack;

/// Where a server comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A private one is started.
    Private,
    /// It is there already, at this URL.
    Existing(String),
}

/// Says what a [`Stack`] is made of. By default: private servers without durability, a migrated
/// database, a free port, everything removed at the end, no RabbitMQ and no host.
pub struct StackBuilder<'p> {
    port: Option<u16>,
    database: Source,
    redis: RedisSource,
    rabbitmq: Source,
    amqp_url: String,
    host: Option<HostKind>,
    variables: BTreeMap<String, String>,
    durable: bool,
    fresh: bool,
    progress: Box<dyn Fn(&str) + 'p>,
}

impl fmt::Debug for StackBuilder<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // URLs and variables hold secrets.
        formatter
            .debug_struct("StackBuilder")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl StackBuilder<'static> {
    pub(crate) fn new() -> Self {
        Self {
            port: None,
            database: Source::Private,
            redis: RedisSource::One(Source::Private),
            rabbitmq: Source::Existing(String::new()),
            amqp_url: String::new(),
            host: None,
            variables: BTreeMap::new(),
            durable: false,
            fresh: false,
            progress: Box::new(|_| {}),
        }
    }
}

impl<'p> StackBuilder<'p> {
    /// The port of the service. Its data stay in `.local/<port>/` after the end.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Where PostgreSQL comes from.
    #[must_use]
    pub fn database(mut self, source: Source) -> Self {
        self.database = source;
        self
    }

    /// Where Redis comes from. An existing one with the empty URL means none.
    #[must_use]
    pub fn redis(mut self, source: Source) -> Self {
        self.redis = RedisSource::One(source);
        self
    }

    /// Starts a private Redis Cluster instead of one Redis.
    #[must_use]
    pub fn redis_cluster(mut self) -> Self {
        self.redis = RedisSource::Cluster;
        self.variable("redis_address", redis_cluster::ADDRESS)
    }

    /// Where RabbitMQ comes from; an existing one is named by its MQTT URL, and the empty URL means
    /// none, as if nothing were said.
    #[must_use]
    pub fn rabbitmq(mut self, source: Source) -> Self {
        self.rabbitmq = source;
        self
    }

    /// Where consumers find an existing RabbitMQ. A private one has its own URL.
    #[must_use]
    pub fn amqp_url(mut self, url: &str) -> Self {
        url.clone_into(&mut self.amqp_url);
        self
    }

    /// Starts this host, too.
    #[must_use]
    pub fn host(mut self, kind: HostKind) -> Self {
        self.host = Some(kind);
        self
    }

    /// A Spin variable, by its name in `spin.toml`. It wins over whatever would be set otherwise.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Makes the private PostgreSQL wait for the disk, so that data survive a crash of the machine.
    #[must_use]
    pub fn durable(mut self) -> Self {
        self.durable = true;
        self
    }

    /// Starts with empty private servers, whatever `.local/<port>/` holds.
    #[must_use]
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// Is told each step, as a sentence.
    #[must_use]
    pub fn progress<'q>(self, progress: impl Fn(&str) + 'q) -> StackBuilder<'q>
    where
        'p: 'q,
    {
        StackBuilder {
            progress: Box::new(progress),
            ..self
        }
    }

    /// Starts all of it.
    ///
    /// # Errors
    /// If something can't be started; the text says what and how to mend it.
    pub fn start(self) -> Result<Stack> {
        let (folder, port) = match self.port {
            Some(port) => (Folder::take(port)?, port),
            None => free_folder()?,
        };
        let keeping = match (self.port, self.fresh) {
            (None, _) => Keeping::Nothing,
            (Some(_), fresh) => Keeping::Data {
                durable: self.durable,
                fresh,
            },
        };
        let sources = Sources {
            database: self.database,
            redis: self.redis,
            rabbitmq: self.rabbitmq,
            amqp_url: self.amqp_url,
        };
        let servers = Servers::start(sources, folder.path(), port, keeping, &self.progress)?;
        folder.keep_amqp_url(&servers.amqp_url)?;

        let urls = Urls {
            database: &servers.database_url,
            redis: &servers.redis_url,
            mqtt: &servers.mqtt_url,
        };
        let variables = component_variables(&urls, env::vars(), self.variables)?;
        let mut stack = Stack {
            host: None,
            servers,
            variables,
            port,
            folder,
        };
        if let Some(kind) = self.host {
            (self.progress)("Starting the host");
            stack.start_host(kind)?;
        }
        Ok(stack)
    }
}

/// A free port, with its folder, which is removed at the end.
pub(crate) fn free_folder() -> Result<(Folder, u16)> {
    remove_abandoned();
    for port in ports::free_ports() {
        if let Some(folder) = Folder::take_temporarily(port)? {
            return Ok((folder, port));
        }
    }
    bail!("no port between 4000 and 9999 is free")
}
