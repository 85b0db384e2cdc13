//! A private Redis that keeps nothing on disk.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::ports;
use crate::process::{Process, Signal, Stop};
use crate::programs::find_program;
use crate::starting::{DeathSignal, dying_with_us};

const START_TIME: Duration = Duration::from_secs(30);

/// A private Redis server on 127.0.0.1. Dropping it stops it.
#[derive(Debug)]
pub struct Redis {
    folder: PathBuf,
    log: PathBuf,
    port: u16,
    /// On the command line, after what every private Redis has there.
    further: Vec<String>,
    process: Mutex<Option<Arc<Process>>>,
}

impl Redis {
    /// Starts one for the service on port `service`, with its log in `folder`.
    pub(crate) fn launch(folder: &Path, service: u16) -> Result<Self> {
        Self::launch_with(folder, "redis", ports::for_redis(service)?, Vec::new())
    }

    /// Starts one on `port` that is called `name` in `folder`, with these arguments besides.
    pub(crate) fn launch_with(
        folder: &Path,
        name: &str,
        port: u16,
        further: Vec<String>,
    ) -> Result<Self> {
        let redis = Self {
            folder: folder.join(name),
            log: folder.join(format!("{name}.log")),
            port,
            further,
            process: Mutex::new(None),
        };
        redis.start()?;
        Ok(redis)
    }

    /// `redis://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process id.
    ///
    /// # Errors
    /// If it was stopped.
    pub fn pid(&self) -> Result<u32> {
        Ok(self.process()?.id())
    }

    /// Sends it a signal: `STOP` freezes it, `CONT` lets it go on, `KILL` kills it.
    ///
    /// # Errors
    /// If it is not running.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        self.process()?.signal(signal)
    }

    /// Stops it and waits for its end.
    pub fn stop(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Starts it again on the same port after `stop` or a kill, and waits until it answers. It is
    /// empty then.
    ///
    /// # Errors
    /// If it does not come up; the text quotes its log.
    pub fn start(&self) -> Result<()> {
        let program = find_program("redis-server").context(
            "Redis is missing: no `redis-server` on PATH. Install it (`apt-get install \
             redis-server`), or set REDIS_URL to a server that is already there",
        )?;
        self.stop();
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("can't create {}", self.folder.display()))?;
        let mut command = Command::new(program);
        command
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args([
                "--save",
                "",
                "--appendonly",
                "no",
                "--daemonize",
                "no",
                "--dir",
            ])
            .arg(&self.folder)
            .args(&self.further);
        let stop = Stop {
            signal: Signal::TERM,
            patience: Duration::from_secs(10),
            group: false,
            rank: 2,
        };
        let command = dying_with_us(command, DeathSignal::Kill);
        let process = Process::start("Redis", command, &self.log, stop)?;
        process.wait_until(START_TIME, || is_ready(self.port))?;
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(())
    }

    fn process(&self) -> Result<Arc<Process>> {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.clone().context("Redis is not running")
    }
}

fn is_ready(port: u16) -> bool {
    let ping = || {
        let address = (Ipv4Addr::LOCALHOST, port).into();
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        std::io::Result::Ok(&answer == b"+PONG")
    };
    ping().unwrap_or(false)
}
