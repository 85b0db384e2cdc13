//! A private Redis Cluster: three masters without replicas, that keep nothing but who they are.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::ports;
use crate::programs::find_program;
use crate::redis::Redis;

const MASTERS: u16 = 3;
const START_TIME: Duration = Duration::from_secs(30);

/// What the components may connect to: every node, wherever a redirection leads.
pub(crate) const ADDRESS: &str = "redis://127.0.0.1:*";

/// A private Redis Cluster on 127.0.0.1. Dropping it stops it.
#[derive(Debug)]
pub struct RedisCluster {
    masters: Vec<Redis>,
}

impl RedisCluster {
    /// Starts one for the service on port `service`, with its logs in `folder`.
    pub(crate) fn launch(folder: &Path, service: u16) -> Result<Self> {
        let mut masters = Vec::new();
        for number in 0..MASTERS {
            let name = format!("redis-{number}");
            // What a node of before was called would be in the way.
            if folder.join(&name).exists() {
                fs::remove_dir_all(folder.join(&name))
                    .with_context(|| format!("can't remove {name}"))?;
            }
            let port = ports::for_redis(service + 2 * number)?;
            let bus = ports::for_redis(service + 2 * number + 1)?;
            let options = [
                ("--cluster-enabled", "yes".to_owned()),
                ("--cluster-port", bus.to_string()),
                ("--cluster-node-timeout", "2000".to_owned()),
            ];
            let arguments = options.map(|(name, value)| [name.to_owned(), value]);
            let arguments = arguments.into_iter().flatten().collect();
            masters.push(Redis::launch_with(folder, &name, port, arguments)?);
        }
        let cluster = Self { masters };
        cluster.join()?;
        Ok(cluster)
    }

    /// `redis://127.0.0.1:<port>` of its first master, through which clients find the others.
    pub fn url(&self) -> String {
        self.masters[0].url()
    }

    /// Its masters.
    pub fn masters(&self) -> &[Redis] {
        &self.masters
    }

    /// Makes one cluster of the masters, and waits until each of them says that it is one.
    fn join(&self) -> Result<()> {
        let program = find_program("redis-cli").context(
            "Redis' client is missing: no `redis-cli` on PATH. Install it (`apt-get install \
             redis-tools`)",
        )?;
        let mut command = Command::new(program);
        command.args(["--cluster", "create"]);
        for master in &self.masters {
            command.arg(format!("127.0.0.1:{}", master.port()));
        }
        let output = command.arg("--cluster-yes").output();
        let output = output.context("can't run redis-cli")?;
        if !output.status.success() {
            bail!(
                "redis-cli can't make a cluster: {}",
                String::from_utf8_lossy(&output.stdout).trim()
            );
        }
        let begun = Instant::now();
        while !self.masters.iter().all(|master| is_joined(master.port())) {
            if begun.elapsed() > START_TIME {
                bail!("the Redis Cluster is not complete after {START_TIME:?}");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

/// Whether the node on `port` has found all slots in its cluster.
fn is_joined(port: u16) -> bool {
    let ask = || {
        let address = (Ipv4Addr::LOCALHOST, port).into();
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"CLUSTER INFO\r\n")?;
        let mut answer = [0; 64];
        let length = stream.read(&mut answer)?;
        std::io::Result::Ok(String::from_utf8_lossy(&answer[..length]).contains("cluster_state:ok"))
    };
    ask().unwrap_or(false)
}
