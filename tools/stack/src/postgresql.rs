//! A private PostgreSQL server, with a role and a database for the service.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::cluster::{ADMINISTRATOR, Cluster};
use crate::folder::folder_of;
use crate::migrations::prepare_database;
use crate::ports;
use crate::process::{Process, Signal, Stop};
use crate::server_user::substitute;

/// Crash recovery of a killed server is part of it.
const START_TIME: Duration = Duration::from_mins(1);
const STOP_TIME: Duration = Duration::from_secs(20);
/// The service's role and the database that it owns.
const SERVICE: &str = "user_service";

/// What becomes of a server's data.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keeping {
    /// They are there for the next run.
    Data {
        /// They survive a crash of the machine, since the server waits for the disk.
        durable: bool,
        /// This run begins without the old ones.
        fresh: bool,
    },
    /// They are removed at the end.
    Nothing,
}

/// A private PostgreSQL server on 127.0.0.1. Dropping it stops it; its data stay.
#[derive(Debug)]
pub struct PostgreSql {
    cluster: Cluster,
    log: PathBuf,
    port: u16,
    keeping: Keeping,
    process: Mutex<Option<Arc<Process>>>,
}

impl PostgreSql {
    /// Starts one for the service on port `service` with its data in or near `folder`: what is
    /// there, or an empty database.
    pub(crate) fn launch(
        folder: &Path,
        service: u16,
        keeping: Keeping,
        progress: &dyn Fn(&str),
    ) -> Result<Self> {
        let fresh = !matches!(keeping, Keeping::Data { fresh: false, .. });
        let cluster = Cluster::open(&folder.join("postgres"), fresh, progress)?;
        let log = folder.join("postgres.log");
        let port = ports::for_postgresql(service)?;
        let process = Mutex::new(None);
        let server = Self {
            cluster,
            log,
            port,
            keeping,
            process,
        };
        server.start()?;
        prepare_database(
            &server.administrator_url(),
            SERVICE,
            server.cluster.password(),
        )?;
        Ok(server)
    }

    /// Starts a replica that follows it (streaming replication). Its data are a copy of this one's,
    /// beside them, and removed at its end.
    ///
    /// # Errors
    /// If it can't be copied, or the copy does not come up; the text quotes its log.
    pub fn replica(&self) -> Result<Self> {
        let replica = Self {
            cluster: self.cluster.copy(&self.administrator_url())?,
            log: self.log.with_file_name("postgres-replica.log"),
            port: ports::free_port()?,
            keeping: Keeping::Nothing,
            process: Mutex::new(None),
        };
        replica.start()?;
        Ok(replica)
    }

    /// The service's database, as the role that owns it:
    /// `postgres://user_service:<password>@127.0.0.1:<port>/user_service`
    pub fn url(&self) -> String {
        self.url_of(SERVICE, SERVICE)
    }

    /// The same server as its superuser, for what the service's role may not do.
    pub fn administrator_url(&self) -> String {
        self.url_of(ADMINISTRATOR, ADMINISTRATOR)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of its main process.
    ///
    /// # Errors
    /// If it was stopped.
    pub fn pid(&self) -> Result<u32> {
        Ok(self.process()?.id())
    }

    /// Sends a signal to its main process only: connections that are open go on. See
    /// [`freeze`](Self::freeze) and [`kill`](Self::kill).
    ///
    /// # Errors
    /// If it is not running.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        self.process()?.signal(signal)
    }

    /// Stops all of its processes in their tracks (`SIGSTOP`): connections stay open and nothing
    /// answers. Whoever is killed meanwhile leaves the frozen ones behind.
    ///
    /// # Errors
    /// If it is not running.
    pub fn freeze(&self) -> Result<()> {
        let process = self.process()?;
        process.freeze()?;
        process.signal_children(Signal::STOP)
    }

    /// Lets it go on after [`freeze`](Self::freeze).
    ///
    /// # Errors
    /// If it is not running.
    pub fn thaw(&self) -> Result<()> {
        let process = self.process()?;
        process.signal_children(Signal::CONT)?;
        process.signal(Signal::CONT)
    }

    /// Kills all of its processes at once (`SIGKILL`), as a crash would.
    ///
    /// # Errors
    /// If it is not running.
    pub fn kill(&self) -> Result<()> {
        let process = self.process()?;
        // The main process would start recovery if it saw a child killed: it goes first.
        process.freeze()?;
        process.signal_children(Signal::KILL)?;
        process.signal(Signal::KILL)?;
        self.stop();
        Ok(())
    }

    /// Shuts it down, breaking off open connections, and waits for its end.
    pub fn stop(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Starts it again on the same port and data, and waits until it takes connections.
    ///
    /// # Errors
    /// If it does not come up; the text quotes its log.
    pub fn start(&self) -> Result<()> {
        self.stop();
        // After a kill its last processes may hold the shared memory for some moments more.
        let end = Instant::now() + START_TIME;
        let process = loop {
            match self.start_process() {
                Err(error) if is_still_ending(&error) && Instant::now() < end => {}
                started => break started?,
            }
        };
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(())
    }

    fn start_process(&self) -> Result<Arc<Process>> {
        let mut command = self.cluster.command("postgres");
        let data = self.cluster.data();
        command.arg("-D").arg(&data);
        let port = self.port.to_string();
        let mut settings = vec![
            ("port", port.as_str()),
            ("listen_addresses", "127.0.0.1"),
            // Nobody uses it, and its path would have to stay below 108 bytes.
            ("unix_socket_directories", ""),
            // Each component of each host keeps up to 64, and tests start hosts on one server.
            ("max_connections", "1000"),
            ("log_line_prefix", "%m [%p] "),
        ];
        if !matches!(self.keeping, Keeping::Data { durable: true, .. }) {
            settings.extend([
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
            ]);
        }
        for (name, value) in settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let stop = Stop {
            signal: Signal::INT,
            patience: STOP_TIME,
            group: false,
            rank: 3,
        };
        let process = Process::start("PostgreSQL", command, &self.log, stop)?;
        let status = data.join("postmaster.pid");
        let pid = process.id().to_string();
        process.wait_until(START_TIME, || says_ready(&status, &pid))?;
        Ok(process)
    }

    fn url_of(&self, role: &str, database: &str) -> String {
        url(role, self.cluster.password(), self.port, database)
    }

    fn process(&self) -> Result<Arc<Process>> {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.clone().context("PostgreSQL is not running")
    }
}

impl Drop for PostgreSql {
    fn drop(&mut self) {
        self.stop();
        if matches!(self.keeping, Keeping::Nothing) {
            // What can't be removed is removed by the next run on this port.
            let _ = self.cluster.remove();
        }
    }
}

/// The service's database on the private server that another process runs for the service on port
/// `service`.
///
/// # Errors
/// If there is none that takes connections; the text says how to start one.
pub fn running_database_url(service: u16) -> Result<String> {
    let preferred = folder_of(service).join("postgres");
    let replacement = substitute(&preferred);
    [preferred, replacement]
        .iter()
        .find_map(|folder| running_in(folder))
        .with_context(|| {
            format!(
                "no PostgreSQL of `cargo xtask up --port {service}` is running. Start that, name \
                 another port with --port, or set DATABASE_URL"
            )
        })
}

/// The service's database on the server whose data are in `folder`, if it takes connections.
fn running_in(folder: &Path) -> Option<String> {
    let status = fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    let port = status.lines().nth(3)?.trim().parse().ok()?;
    let password = fs::read_to_string(folder.join("password")).ok()?;
    ports::answers(port).then(|| url(SERVICE, &password, port, SERVICE))
}

fn url(role: &str, password: &str, port: u16, database: &str) -> String {
    format!("postgres://{role}:{password}@127.0.0.1:{port}/{database}")
}

/// Whether `postmaster.pid` says that the server `pid` takes connections: its last line, as `pg_ctl`
/// reads it.
fn says_ready(status: &Path, pid: &str) -> bool {
    let text = fs::read_to_string(status).unwrap_or_default();
    let mut lines = text.lines();
    let says = |line: &str| ["ready", "standby"].contains(&line.trim());
    lines.next() == Some(pid) && lines.next_back().is_some_and(says)
}

fn is_still_ending(error: &anyhow::Error) -> bool {
    error.to_string().contains("shared memory block (key")
}
