//! Says what a stack is made of, and starts it.

use std::collections::BTreeMap;
use std::{env, fmt};

use anyhow::{Result, bail};

use crate::folder::{Folder, remove_abandoned};
use crate::host::HostKind;
use crate::migrations::migrate;
use crate::postgresql::{Keeping, PostgreSql};
use crate::redis::Redis;
use crate::stack::Stack;
use crate::variables::{
    component_database_url, database_address, redis_address, template_service_address,
};
use crate::{ports, secret};

/// Where a server comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A private one is started.
    Private,
    /// It is there already, at this URL.
    Existing(String),
}

/// Says what a [`Stack`] is made of. By default: private servers without durability, a migrated
/// database, a free port, everything removed at the end, and no host.
pub struct StackBuilder<'p> {
    port: Option<u16>,
    database: Source,
    redis: Source,
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
            redis: Source::Private,
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
        self.redis = source;
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

    /// Starts with an empty private PostgreSQL, whatever `.local/<port>/` holds.
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
            Some(port) => (Folder::take(port, false)?, port),
            None => free_folder()?,
        };
        let keeping = match (self.port, self.fresh) {
            (None, _) => Keeping::Nothing,
            (Some(_), fresh) => Keeping::Data {
                durable: self.durable,
                fresh,
            },
        };
        let (postgresql, database_url) = match self.database {
            Source::Existing(url) => (None, url),
            Source::Private => {
                (self.progress)("Starting PostgreSQL");
                let server = PostgreSql::launch(folder.path(), port, keeping, &self.progress)?;
                let url = server.url();
                (Some(server), url)
            }
        };
        let (redis, redis_url) = match self.redis {
            Source::Existing(url) => (None, url),
            Source::Private => {
                (self.progress)("Starting Redis");
                let server = Redis::launch(folder.path(), port)?;
                let url = server.url();
                (Some(server), url)
            }
        };
        (self.progress)("Migrating the database");
        migrate(&database_url)?;

        let variables = effective_variables(&database_url, &redis_url, self.variables)?;
        let mut stack = Stack {
            host: None,
            redis,
            postgresql,
            database_url,
            redis_url,
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

/// The variables that the components get, besides the defaults in `spin.toml`: those that `chosen`
/// names, else the caller's own `SPIN_VARIABLE_*`, else what follows from the servers.
fn effective_variables(
    database_url: &str,
    redis_url: &str,
    chosen: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::from([
        (
            "database_url".to_owned(),
            component_database_url(database_url)?,
        ),
        ("redis_url".to_owned(), redis_url.to_owned()),
    ]);
    for (name, value) in env::vars() {
        if let Some(name) = name.strip_prefix("SPIN_VARIABLE_") {
            variables.insert(name.to_ascii_lowercase(), value);
        }
    }
    variables.extend(chosen);
    for (address, derived) in [
        (
            "database_address",
            database_address(&variables["database_url"])?,
        ),
        ("redis_address", redis_address(&variables["redis_url"])?),
        (
            "template_service_address",
            template_service_address(variables.get("template_service_url").map_or("", |url| url))?,
        ),
    ] {
        variables.entry(address.to_owned()).or_insert(derived);
    }
    if !variables.contains_key("jwt_secret") {
        variables.insert("jwt_secret".to_owned(), secret::random()?);
    }
    Ok(variables)
}

/// A free port, with its folder, which is removed at the end.
fn free_folder() -> Result<(Folder, u16)> {
    remove_abandoned();
    for port in ports::free_ports() {
        if let Some(folder) = Folder::take_if_free(port, true)? {
            return Ok((folder, port));
        }
    }
    bail!("no port between 4000 and 9999 is free")
}
