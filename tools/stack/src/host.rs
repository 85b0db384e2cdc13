//! A host that serves the components: real Spin, or the development host `tools/host`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::folder::workspace_root;
use crate::ports;
use crate::process::{Process, Signal, Stop};
use crate::spin::recent_spin;
use crate::starting::{DeathSignal, dying_with_us};

/// The first start of a machine compiles the components.
const START_TIME: Duration = Duration::from_mins(3);
const STOP_TIME: Duration = Duration::from_secs(15);

/// Which host serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// `spin up`
    Spin,
    /// `tools/host`
    Dev,
}

impl HostKind {
    /// Spin if a recent one is on PATH, else the development host.
    pub fn preferred() -> Self {
        if recent_spin().is_ok() {
            Self::Spin
        } else {
            Self::Dev
        }
    }

    /// The one that `E2E_HOST` names: what `cargo xtask test` runs. The development host if unset.
    ///
    /// # Errors
    /// If it names another.
    pub fn from_environment() -> Result<Self> {
        match std::env::var("E2E_HOST").as_deref() {
            Ok("spin") => Ok(Self::Spin),
            Ok("dev") | Err(_) => Ok(Self::Dev),
            Ok(other) => bail!("E2E_HOST must be spin or dev, not {other}"),
        }
    }

    /// `spin` or `dev`, as on the command line and in `E2E_HOST`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spin => "spin",
            Self::Dev => "dev",
        }
    }
}

/// What a host is to serve.
#[derive(Clone, Debug)]
pub struct HostOptions {
    /// Which host.
    pub kind: HostKind,
    /// The port of 127.0.0.1 to listen on.
    pub port: u16,
    /// The manifest, `spin.toml`.
    pub manifest: PathBuf,
    /// Where the host runs and leaves its log.
    pub folder: PathBuf,
    /// Spin variables, by their names in `spin.toml`.
    pub variables: BTreeMap<String, String>,
}

/// A host on 127.0.0.1. Dropping it stops it.
#[derive(Debug)]
pub struct Host {
    options: HostOptions,
    log: PathBuf,
    process: Mutex<Option<Arc<Process>>>,
}

impl Host {
    /// Starts a host and waits until it answers.
    ///
    /// # Errors
    /// If the port is taken, the host's program is missing or too old, or it does not come up; the
    /// text quotes its log.
    pub fn launch(options: HostOptions) -> Result<Self> {
        fs::create_dir_all(&options.folder)
            .with_context(|| format!("can't create {}", options.folder.display()))?;
        let log = options.folder.join(format!("host-{}.log", options.port));
        // One run, one log: what went before does not explain this one.
        fs::write(&log, "").with_context(|| format!("can't write {}", log.display()))?;
        let host = Self {
            options,
            log,
            process: Mutex::new(None),
        };
        host.start()?;
        Ok(host)
    }

    /// `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.options.port)
    }

    /// What it serves.
    pub fn options(&self) -> &HostOptions {
        &self.options
    }

    /// The file with everything it and the components write.
    pub fn log(&self) -> &Path {
        &self.log
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

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.process().is_ok_and(|process| process.is_running())
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// Always: a host has no reason to end. The text quotes its log.
    pub fn wait(&self) -> Result<()> {
        let process = self.process()?;
        while !process.ends_within(Duration::from_hours(1)) {}
        bail!("the host ended by itself. {}", process.log_tail())
    }

    /// Asks it to end (`SIGTERM`) and waits for its end.
    pub fn stop(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Starts it again after `stop` or a kill, and waits until it answers.
    ///
    /// # Errors
    /// As [`launch`](Self::launch).
    pub fn start(&self) -> Result<()> {
        self.stop();
        let port = self.options.port;
        ports::ensure_free(port)?;
        let stop = Stop {
            signal: Signal::TERM,
            patience: STOP_TIME,
            group: true,
            rank: 1,
        };
        let command = dying_with_us(self.command()?, DeathSignal::Terminate);
        let process = Process::start("the host", command, &self.log, stop)?;
        process.wait_until(START_TIME, || ports::answers(port) && speaks_http(port))?;
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(())
    }

    fn command(&self) -> Result<Command> {
        let root = workspace_root();
        let options = &self.options;
        let mut command = match options.kind {
            HostKind::Spin => {
                let mut command = Command::new(recent_spin()?);
                command
                    .arg("up")
                    .arg("--state-dir")
                    .arg(options.folder.join("spin"));
                command
            }
            HostKind::Dev => {
                let program = root.join("target/host/host");
                if !program.is_file() {
                    bail!("the development host is not built. `cargo xtask build` builds it");
                }
                let mut command = Command::new(program);
                // Shared by all runs, so that only the first one compiles the components.
                command
                    .arg("up")
                    .arg("--cache-dir")
                    .arg(root.join("target/host-cache"));
                command
            }
        };
        command
            .arg("--from")
            .arg(&options.manifest)
            .arg("--runtime-config-file")
            .arg(root.join("runtime-config.toml"))
            .arg("--listen")
            .arg(format!("127.0.0.1:{}", options.port))
            // Not the root: what its `.env` says is for `xtask up`, which passes it on.
            .current_dir(&options.folder);
        for (name, value) in &options.variables {
            command.env(
                format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase()),
                value,
            );
        }
        // wasmtime makes an error at the end of each request, which is none: recording where it comes
        // from takes a tenth of the time of a quick one. Panics are recorded all the same.
        if std::env::var_os("RUST_LIB_BACKTRACE").is_none() {
            command.env("RUST_LIB_BACKTRACE", "0");
        }
        if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
            let cores = thread::available_parallelism().map_or(2, usize::from);
            command.env("TOKIO_WORKER_THREADS", worker_threads(cores).to_string());
        }
        Ok(command)
    }

    fn process(&self) -> Result<Arc<Process>> {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.clone().context("the host is not running")
    }
}

/// A password hash holds a worker thread for all of its time: with several a core, the operating
/// system shares the cores between hashes and everything else.
fn worker_threads(cores: usize) -> usize {
    (4 * cores).max(8)
}

/// Whether what listens on `port` answers a request, with whatever status.
fn speaks_http(port: u16) -> bool {
    let ask = || {
        let address = (Ipv4Addr::LOCALHOST, port).into();
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let request =
            format!("GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = [0; 7];
        stream.read_exact(&mut answer)?;
        std::io::Result::Ok(&answer == b"HTTP/1.")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_four_worker_threads_a_core_and_never_less_than_eight() {
        assert_eq!([1, 2, 3, 16].map(worker_threads), [8, 8, 12, 64]);
    }
}
