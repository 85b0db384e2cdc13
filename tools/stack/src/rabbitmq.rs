//! A private RabbitMQ, set up by the files in `deploy/rabbitmq`.

mod definitions;
mod ready;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use self::definitions::{Passwords, definitions};
use crate::folder::workspace_root;
use crate::ports::{self, RabbitMqPorts};
use crate::postgresql::Keeping;
use crate::process::{Process, Signal, Stop};
use crate::programs::{find_program, find_rabbitmq};
use crate::secret;
use crate::starting::{DeathSignal, dying_with_us};

/// Five seconds on old data, ten on new ones, more on a busy machine.
const START_TIME: Duration = Duration::from_mins(2);
const STOP_TIME: Duration = Duration::from_secs(30);
/// One scheduler that sleeps when there is nothing to do, and no listener but on 127.0.0.1.
const ERLANG_ARGUMENTS: &str = "-kernel inet_dist_use_interface {127,0,0,1} \
                                +S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none";

/// A private RabbitMQ on 127.0.0.1. Dropping it stops it; its data stay.
#[derive(Debug)]
pub struct RabbitMq {
    folder: PathBuf,
    log: PathBuf,
    /// The node's name decides where its data are: the same at the next run on the service's port.
    node: String,
    ports: RabbitMqPorts,
    passwords: Passwords,
    process: Mutex<Option<Arc<Process>>>,
    /// Erlang's name server. Without it the broker would start one that outlives all of us.
    name_server: Mutex<Option<Arc<Process>>>,
}

impl RabbitMq {
    /// Starts one for the service on port `service`, with its data in `folder`: what is there, or
    /// nothing if that is not to be kept.
    pub(crate) fn launch(folder: &Path, service: u16, keeping: Keeping) -> Result<Self> {
        let server = Self {
            folder: folder.join("rabbitmq"),
            log: folder.join("rabbitmq.log"),
            node: format!("user-service-{service}@localhost"),
            ports: ports::for_rabbitmq(service)?,
            passwords: Passwords::random()?,
            process: Mutex::new(None),
            name_server: Mutex::new(None),
        };
        server.prepare(!matches!(keeping, Keeping::Data { fresh: false, .. }))?;
        server.start()?;
        Ok(server)
    }

    /// The publisher's side: `mqtt://user-service:<password>@127.0.0.1:<port>`
    pub fn mqtt_url(&self) -> String {
        format!(
            "mqtt://{}:{}@127.0.0.1:{}",
            definitions::PUBLISHER,
            self.passwords.publisher,
            self.ports.mqtt
        )
    }

    /// A consumer's side, who may have queues named `events-…`:
    /// `amqp://events-reader:<password>@127.0.0.1:<port>/%2f`
    pub fn amqp_url(&self) -> String {
        self.amqp_url_of(definitions::READER, &self.passwords.reader)
    }

    /// The same for an administrator, who may do everything.
    pub fn administrator_url(&self) -> String {
        self.amqp_url_of(definitions::ADMINISTRATOR, &self.passwords.administrator)
    }

    /// The port for AMQP.
    pub fn amqp_port(&self) -> u16 {
        self.ports.amqp
    }

    /// The port for MQTT.
    pub fn mqtt_port(&self) -> u16 {
        self.ports.mqtt
    }

    /// The process id of the broker.
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

    /// Shuts it down and waits for its end.
    pub fn stop(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Starts it again on the same ports and data after `stop` or a kill, and waits until it takes
    /// connections. Durable queues and the persistent messages in them are there again.
    ///
    /// # Errors
    /// If it does not come up; the text quotes its log.
    pub fn start(&self) -> Result<()> {
        let program = find_rabbitmq().context(
            "RabbitMQ is missing: no `rabbitmq-server` on PATH. Install it (`apt-get install \
             rabbitmq-server`), set MQTT_URL to a broker that is already there, or do without \
             (`--no-events`)",
        )?;
        self.stop();
        self.ensure_name_server()?;
        let command = dying_with_us(self.command(&program), DeathSignal::Kill);
        let stop = Stop {
            signal: Signal::TERM,
            patience: STOP_TIME,
            // Its helpers end with it; ended before, they would take it along.
            group: false,
            rank: 2,
        };
        let process = Process::start("RabbitMQ", command, &self.log, stop)?;
        process.wait_until(START_TIME, || {
            ports::answers(self.ports.amqp)
                && ready::takes_publisher(
                    self.ports.mqtt,
                    definitions::PUBLISHER,
                    &self.passwords.publisher,
                )
        })?;
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(())
    }

    /// Writes what differs from `deploy/rabbitmq`: ports, small limits and passwords.
    fn prepare(&self, fresh: bool) -> Result<()> {
        let data = self.data();
        if fresh && data.exists() {
            fs::remove_dir_all(&data)
                .with_context(|| format!("can't remove {}", data.display()))?;
        }
        for folder in [&data, &self.home(), &self.configuration()] {
            fs::create_dir_all(folder)
                .with_context(|| format!("can't create {}", folder.display()))?;
        }
        let template = deployed("definitions.json");
        let template = fs::read_to_string(&template)
            .with_context(|| format!("can't read {}", template.display()))?;
        let definitions_file = self.folder.join("definitions.json");
        secret::write(&definitions_file, &definitions(&template, &self.passwords)?)?;
        let private = format!(
            "listeners.tcp.default = 127.0.0.1:{}\n\
             mqtt.listeners.tcp.default = 127.0.0.1:{}\n\
             load_definitions = {}\n\
             vm_memory_high_watermark.absolute = 512MiB\n\
             disk_free_limit.absolute = 100MB\n",
            self.ports.amqp,
            self.ports.mqtt,
            definitions_file.display()
        );
        let file = self.configuration().join("private.conf");
        fs::write(&file, private).with_context(|| format!("can't write {}", file.display()))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            // Where Erlang keeps the cookie that nodes know each other by.
            .env("HOME", self.home())
            .env("RABBITMQ_NODENAME", &self.node)
            .env("RABBITMQ_MNESIA_BASE", self.data())
            .env("RABBITMQ_LOG_BASE", &self.folder)
            // Standard output, which is our log.
            .env("RABBITMQ_LOGS", "-")
            .env("RABBITMQ_CONFIG_FILE", deployed("rabbitmq.conf"))
            .env("RABBITMQ_CONFIG_FILES", self.configuration().join("*.conf"))
            // The machine's own environment file is not for us: this one is not there.
            .env("RABBITMQ_CONF_ENV_FILE", self.folder.join("no-environment"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", deployed("enabled_plugins"))
            .env("RABBITMQ_PID_FILE", self.folder.join("pid"))
            .env("RABBITMQ_DIST_PORT", self.ports.distribution.to_string())
            .env("ERL_EPMD_PORT", self.ports.name_server.to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", ERLANG_ARGUMENTS)
            // Makes the script become the broker, which the death signal must reach, instead of
            // waiting for it.
            .env("RUNNING_UNDER_SYSTEMD", "true");
        command
    }

    fn ensure_name_server(&self) -> Result<()> {
        let mut name_server = self
            .name_server
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if name_server.as_ref().is_some_and(|it| it.is_running()) {
            return Ok(());
        }
        let program = find_program("epmd").context(
            "Erlang's name server is missing: no `epmd` on PATH. Install it (`apt-get install \
             erlang-base`)",
        )?;
        let port = self.ports.name_server;
        let mut command = Command::new(program);
        command
            .args(["-port", &port.to_string(), "-address", "127.0.0.1"])
            .current_dir(&self.folder);
        let stop = Stop {
            signal: Signal::TERM,
            patience: STOP_TIME,
            group: false,
            rank: 4,
        };
        let command = dying_with_us(command, DeathSignal::Kill);
        let process = Process::start("Erlang's name server", command, &self.log, stop)?;
        process.wait_until(START_TIME, || ports::answers(port))?;
        *name_server = Some(process);
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("configuration")
    }

    fn amqp_url_of(&self, user: &str, password: &str) -> String {
        format!("amqp://{user}:{password}@127.0.0.1:{}/%2f", self.ports.amqp)
    }

    fn process(&self) -> Result<Arc<Process>> {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.clone().context("RabbitMQ is not running")
    }
}

/// A file that a broker in production is set up by, too.
fn deployed(name: &str) -> PathBuf {
    workspace_root().join("deploy/rabbitmq").join(name)
}
