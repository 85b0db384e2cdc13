//! What can go wrong with a server or on the way to it.

use std::time::Duration;

use anyhow::{Context, Result};
use stack::Signal;
use tokio_postgres::{Client, NoTls};

use crate::proxy::{Network, Proxy};
use crate::servers::Servers;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// None, for comparison.
    Nothing,
    /// The way to a server.
    Way(Server, Network),
    /// The process stands still.
    Frozen(Server),
    /// The process is killed, and started again at the end.
    Killed(Server),
    /// Redis has forgotten everything.
    Flushed,
    /// PostgreSQL takes no writes.
    ReadOnly,
    /// PostgreSQL ends all connections, again and again.
    Terminated,
    /// All of PostgreSQL's connection slots are taken.
    Full,
}

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Postgresql,
    Redis,
    Rabbitmq,
}

use Server::{Postgresql, Rabbitmq, Redis};

const LATE: Network = Network::Late(Duration::from_millis(100));
const CUT: Network = Network::CutAfter(2_000);

impl Fault {
    /// All of them.
    pub(crate) const ALL: [Self; 22] = [
        Self::Nothing,
        Self::Way(Postgresql, LATE),
        Self::Way(Postgresql, Network::BlackHole),
        Self::Way(Postgresql, Network::Reset),
        Self::Way(Postgresql, Network::SlowDrip),
        Self::Way(Postgresql, CUT),
        Self::Frozen(Postgresql),
        Self::Killed(Postgresql),
        Self::ReadOnly,
        Self::Terminated,
        Self::Full,
        Self::Way(Redis, LATE),
        Self::Way(Redis, Network::BlackHole),
        Self::Way(Redis, Network::Reset),
        Self::Way(Redis, Network::SlowDrip),
        Self::Way(Redis, CUT),
        Self::Frozen(Redis),
        Self::Killed(Redis),
        Self::Flushed,
        Self::Way(Rabbitmq, Network::BlackHole),
        Self::Way(Rabbitmq, Network::Reset),
        Self::Frozen(Rabbitmq),
    ];

    /// How it is called.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Nothing => "none".to_owned(),
            Self::Way(server, network) => format!("{}: {}", server.name(), network.name()),
            Self::Frozen(server) => format!("{}: SIGSTOP", server.name()),
            Self::Killed(server) => format!("{}: SIGKILL and start", server.name()),
            Self::Flushed => "Redis: FLUSHALL".to_owned(),
            Self::ReadOnly => "PostgreSQL: read-only".to_owned(),
            Self::Terminated => "PostgreSQL: terminated backends".to_owned(),
            Self::Full => "PostgreSQL: no connection slots".to_owned(),
        }
    }

    /// Makes it happen.
    ///
    /// # Errors
    /// If it can't be made to.
    pub(crate) async fn inject(self, servers: &Servers) -> Result<()> {
        match self {
            Self::Nothing => {}
            Self::Way(server, network) => server.proxy(servers).set(network),
            Self::Frozen(Postgresql) => servers.stack.postgresql()?.freeze()?,
            Self::Frozen(Redis) => servers.stack.redis()?.signal(Signal::STOP)?,
            Self::Frozen(Rabbitmq) => servers.stack.rabbitmq()?.signal(Signal::STOP)?,
            Self::Killed(Postgresql) => servers.stack.postgresql()?.kill()?,
            Self::Killed(Redis) => servers.stack.redis()?.signal(Signal::KILL)?,
            Self::Killed(Rabbitmq) => servers.stack.rabbitmq()?.signal(Signal::KILL)?,
            Self::Flushed => {
                servers.flush_redis().await?;
            }
            Self::ReadOnly => set_read_only(servers, true).await?,
            Self::Terminated => terminate(servers).await?,
            Self::Full => set_full(servers, true).await?,
        }
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// If it can't be ended.
    pub(crate) async fn end(self, servers: &Servers) -> Result<()> {
        match self {
            Self::Nothing | Self::Flushed => {}
            Self::Way(server, _) => server.proxy(servers).set(Network::Good),
            Self::Frozen(Postgresql) => servers.stack.postgresql()?.thaw()?,
            Self::Frozen(Redis) => servers.stack.redis()?.signal(Signal::CONT)?,
            Self::Frozen(Rabbitmq) => servers.stack.rabbitmq()?.signal(Signal::CONT)?,
            Self::Killed(Postgresql) => servers.stack.postgresql()?.start()?,
            Self::Killed(Redis) => servers.stack.redis()?.start()?,
            Self::Killed(Rabbitmq) => servers.stack.rabbitmq()?.start()?,
            Self::ReadOnly => set_read_only(servers, false).await?,
            Self::Terminated => terminate(servers).await?,
            Self::Full => set_full(servers, false).await?,
        }
        Ok(())
    }
}

impl Server {
    fn name(self) -> &'static str {
        match self {
            Self::Postgresql => "PostgreSQL",
            Self::Redis => "Redis",
            Self::Rabbitmq => "RabbitMQ",
        }
    }

    fn proxy(self, servers: &Servers) -> &Proxy {
        match self {
            Self::Postgresql => &servers.to_postgresql,
            Self::Redis => &servers.to_redis,
            Self::Rabbitmq => &servers.to_rabbitmq,
        }
    }
}

impl Network {
    fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Late(_) => "100 ms late",
            Self::BlackHole => "black hole",
            Self::Reset => "reset",
            Self::SlowDrip => "slow drip",
            Self::CutAfter(_) => "cut after 2,000 bytes",
        }
    }
}

async fn set_read_only(servers: &Servers, is_read_only: bool) -> Result<()> {
    let client = administrator(servers).await?;
    let change = if is_read_only {
        "alter system set default_transaction_read_only = on"
    } else {
        "alter system reset default_transaction_read_only"
    };
    client.batch_execute(change).await?;
    client.batch_execute("select pg_reload_conf()").await?;
    Ok(())
}

async fn terminate(servers: &Servers) -> Result<()> {
    let others = "select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and backend_type = 'client backend'";
    administrator(servers).await?.batch_execute(others).await?;
    Ok(())
}

/// Leaves no connection slot to the service's database, or all of them.
async fn set_full(servers: &Servers, is_full: bool) -> Result<()> {
    let limit = if is_full { 0 } else { -1 };
    let change = format!(
        "alter database {} connection limit {limit}",
        database(servers)?
    );
    administrator(servers).await?.batch_execute(&change).await?;
    if is_full {
        terminate(servers).await?;
    }
    Ok(())
}

fn database(servers: &Servers) -> Result<&str> {
    let url = servers.stack.database_url();
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit('/').next().context("the URL names no database")
}

async fn administrator(servers: &Servers) -> Result<Client> {
    let url = servers.stack.postgresql()?.administrator_url();
    let (client, connection) = tokio_postgres::connect(&url, NoTls)
        .await
        .context("PostgreSQL does not answer its administrator")?;
    tokio::spawn(connection);
    Ok(client)
}
