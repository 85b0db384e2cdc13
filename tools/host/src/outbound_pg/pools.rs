//! The pools of one component's connections to PostgreSQL, one for each connection string.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};

use crate::allowed_hosts::AllowedHosts;

/// How many connections a pool keeps at most, as in Spin.
const POOL_SIZE: usize = 64;

/// The pools of one component.
#[derive(Debug, Default)]
pub(crate) struct Pools(Mutex<HashMap<String, Pool>>);

impl Pools {
    /// Takes a connection to `address` from its pool, or waits for one.
    pub(super) async fn connect(&self, address: &str) -> anyhow::Result<Object> {
        let pool = self
            .pool(address)
            .context("establishing PostgreSQL connection pool")?;
        Ok(pool.get().await?)
    }

    fn pool(&self, address: &str) -> anyhow::Result<Pool> {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(address) {
            return Ok(pool.clone());
        }
        let config: Config = address
            .parse()
            .context("parsing Postgres connection string")?;
        // `prefer`, the default, does without TLS where the server has none.
        if config.get_ssl_mode() == SslMode::Require {
            bail!("sslmode=require, but the development host has no TLS");
        }
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Clean,
        };
        let manager = Manager::from_config(config, NoTls, recycling);
        let pool = Pool::builder(manager)
            .max_size(POOL_SIZE)
            .build()
            .context("building Postgres connection pool")?;
        pools.insert(address.to_owned(), pool.clone());
        Ok(pool)
    }
}

/// Checks every server of a connection string against the component's list.
/// The error is the text for the component.
pub(super) fn check_allowed(address: &str, allowed_hosts: &AllowedHosts) -> Result<(), String> {
    let config: Config = address
        .parse()
        .map_err(|error: tokio_postgres::Error| error.to_string())?;
    for (index, host) in config.get_hosts().iter().enumerate() {
        let Host::Tcp(host) = host else {
            return Err("Unix sockets are not supported on WebAssembly".to_owned());
        };
        // One port for each host, or one for all.
        let ports = config.get_ports();
        let port = ports
            .get(index)
            .or(ports.first().filter(|_| ports.len() == 1));
        let url = format!(
            "{host}{}",
            port.map(|port| format!(":{port}")).unwrap_or_default()
        );
        if !allowed_hosts.allows(&url, "postgres") {
            return Err(format!("address postgres://{url} is not permitted"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_of_a_connection_string_must_be_allowed() {
        let entries = [
            "postgres://db:5432".to_owned(),
            "postgres://db:6432".to_owned(),
        ];
        let allowed = AllowedHosts::new("main", &entries, &HashMap::new()).unwrap();
        let check = |address: &str| check_allowed(address, &allowed);
        assert_eq!(check("postgres://user:secret@db/name"), Ok(()));
        assert_eq!(check("host=db port=6432 user=u"), Ok(()));
        assert_eq!(check("postgres://u@db:5432,db:6432/name"), Ok(()));
        assert_eq!(
            check("postgres://u@db:7432/name"),
            Err("address postgres://db:7432 is not permitted".to_owned())
        );
        assert_eq!(
            check("postgres://u@db:5432,other:5432/name"),
            Err("address postgres://other:5432 is not permitted".to_owned())
        );
        assert!(
            check("host=/run/postgresql user=u")
                .unwrap_err()
                .starts_with("Unix sockets")
        );
        assert!(check("not a connection string").is_err());
    }

    #[test]
    fn tls_that_is_required_is_an_error() {
        let pools = Pools::default();
        let error = pools
            .pool("postgres://u@db/name?sslmode=require")
            .unwrap_err();
        assert!(format!("{error:#}").contains("no TLS"));
        assert!(pools.pool("postgres://u@db/name?sslmode=prefer").is_ok());
    }
}
