//! TCP ports of 127.0.0.1, all below 32768: from there on the system hands them out to clients.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Whether nobody listens on `port`.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Makes sure that a service can listen on `port`.
///
/// # Errors
/// If somebody does already.
pub fn ensure_free(port: u16) -> Result<()> {
    if !is_free(port) {
        bail!("port {port} is taken. Stop what listens there, or take another one with --port");
    }
    Ok(())
}

/// Whether somebody listens on `port`.
pub(crate) fn answers(port: u16) -> bool {
    let address = (Ipv4Addr::LOCALHOST, port).into();
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
}

/// The port of PostgreSQL that belongs to the service on `port`: the first free one of a series.
///
/// # Errors
/// If none of the series is free.
pub(crate) fn for_postgresql(port: u16) -> Result<u16> {
    first_free(10_000, port)
}

/// The port of Redis that belongs to the service on `port`: the first free one of a series.
///
/// # Errors
/// If none of the series is free.
pub(crate) fn for_redis(port: u16) -> Result<u16> {
    first_free(20_000, port)
}

/// The ports of one RabbitMQ, and the right to them: no other stack takes them meanwhile.
#[derive(Debug)]
pub(crate) struct RabbitMqPorts {
    /// Where consumers connect.
    pub(crate) amqp: u16,
    /// Where the service publishes.
    pub(crate) mqtt: u16,
    /// Where other Erlang nodes would connect.
    pub(crate) distribution: u16,
    /// Where they would ask for that one.
    pub(crate) name_server: u16,
    /// RabbitMQ takes its ports seconds after they were seen to be free; this one is ours at once.
    _reservation: TcpListener,
}

/// The ports of RabbitMQ that belong to the service on `port`: the first free block of a series.
///
/// # Errors
/// If none of the series is free.
pub(crate) fn for_rabbitmq(port: u16) -> Result<RabbitMqPorts> {
    const FIRST: u16 = 30_000;
    const SIZE: u16 = 5;
    const BLOCKS: u16 = 550;
    let mut series = (0..10).map(|step| FIRST + (port % BLOCKS + step * 97) % BLOCKS * SIZE);
    let free = series.find_map(|first| {
        let reservation = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).ok()?;
        let all_free = (first + 1..first + SIZE).all(|other| other != port && is_free(other));
        all_free.then_some(RabbitMqPorts {
            amqp: first + 1,
            mqtt: first + 2,
            distribution: first + 3,
            name_server: first + 4,
            _reservation: reservation,
        })
    });
    free.context("no five ports in a row from 30000 on are free for RabbitMQ. Take another --port")
}

/// The ports that [`free_port`] gave away. Whoever has one may not listen there yet.
static GIVEN_AWAY: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port for a service of its own, free now, and another one for each call. Where one begins to
/// look depends on the process, so that tests running side by side seldom meet.
///
/// # Errors
/// If none is free.
pub fn free_port() -> Result<u16> {
    match free_ports().next() {
        Some(port) => {
            given_away().insert(port);
            Ok(port)
        }
        None => bail!("no port between 4000 and 9999 is free"),
    }
}

/// Free ports for services, in the order in which to try them.
pub(crate) fn free_ports() -> impl Iterator<Item = u16> {
    const COUNT: u32 = 6_000;
    let start = std::process::id().wrapping_mul(61) % COUNT;
    (0..COUNT)
        .map(move |step| 4_000 + u16::try_from((start + step) % COUNT).unwrap_or(0))
        .filter(|port| !given_away().contains(port) && is_free(*port))
}

fn given_away() -> MutexGuard<'static, BTreeSet<u16>> {
    GIVEN_AWAY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn first_free(base: u16, service: u16) -> Result<u16> {
    // A long stride keeps neighbouring services out of each other's way.
    let series = (0..10).map(|step| base + (service % 10_000 + step * 997) % 10_000);
    match series
        .clone()
        .find(|port| *port != service && is_free(*port))
    {
        Some(port) => Ok(port),
        None => bail!(
            "none of the ports {:?} is free. Stop what listens there, or take another --port",
            series.collect::<Vec<_>>()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_away_twice() {
        assert_ne!(free_port().unwrap(), free_port().unwrap());
    }

    #[test]
    fn the_servers_of_every_service_port_listen_below_the_ephemeral_ports() {
        for service in [1, 3000, 3100, 9_999, 13_000, 22_999, 32_767, 65_535] {
            for port in [
                for_postgresql(service).unwrap(),
                for_redis(service).unwrap(),
            ] {
                assert!((10_000..30_000).contains(&port), "{service} -> {port}");
                assert_ne!(port, service);
            }
            let RabbitMqPorts {
                amqp,
                mqtt,
                distribution,
                name_server,
                ..
            } = for_rabbitmq(service).unwrap();
            for port in [amqp, mqtt, distribution, name_server] {
                assert!((30_000..32_768).contains(&port), "{service} -> {port}");
                assert_ne!(port, service);
            }
        }
    }

    #[test]
    fn a_taken_port_is_passed_over() {
        let first = for_postgresql(3_333).unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap();
        assert_ne!(for_postgresql(3_333).unwrap(), first);
        assert!(answers(first));
    }

    #[test]
    fn the_ports_of_rabbitmq_belong_to_one_stack_from_the_start() {
        let first = for_rabbitmq(3_334).unwrap();
        let second = for_rabbitmq(3_334).unwrap();
        assert_ne!(first.amqp, second.amqp);
    }
}
