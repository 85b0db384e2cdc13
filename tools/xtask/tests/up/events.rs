//! `events` beside a running service: what happens is a line, Ctrl-C its end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::run;
use crate::service::Up;

#[test]
fn a_registration_is_a_line_and_ctrl_c_is_the_end() {
    let mut up = Up::start(&[]);
    let commands = up.commands();
    let mut events = Events::start(up.port);
    assert!(exists(up.port, &events.queue));

    run(&commands[0]);
    let event: Value = serde_json::from_str(&events.line()).unwrap();
    assert_eq!(event["type"], "user.registered");
    assert_eq!(event["data"]["user"]["first_name"], "Ada");

    kill_process(Pid::from_child(&events.process), Signal::INT).unwrap();
    let status = events.process.wait().unwrap();
    assert_eq!(status.code(), Some(0), "{status}");
    assert_eq!(events.line(), "", "what is printed are events");
    let end = Instant::now() + Duration::from_secs(10);
    while exists(up.port, &events.queue) {
        assert!(Instant::now() < end, "the queue is left");
        thread::sleep(Duration::from_millis(50));
    }

    kill_process(Pid::from_child(&up.process), Signal::TERM).unwrap();
    up.process.wait().unwrap();
    let refusal = refusal(up.port);
    let expected = format!(
        "error: can't consume events. Is `cargo xtask up --port {}` running?",
        up.port
    );
    assert!(refusal.starts_with(&expected), "{refusal}");
}

#[test]
fn without_a_service_or_without_its_events_the_error_says_what_to_do() {
    let port = stack::free_port().unwrap();
    assert_eq!(
        refusal(port),
        format!(
            "error: no service has run on port {port}. Start `cargo xtask up --port {port}`, or set \
             AMQP_URL to amqp://user:password@host:port/%2f\n"
        )
    );

    let mut up = Up::start(&["--no-events"]);
    up.commands();
    let port = up.port;
    assert_eq!(
        refusal(port),
        format!(
            "error: the service on port {port} was started without RabbitMQ (`--no-events`). Start \
             `cargo xtask up --port {port}` without that\n"
        )
    );
}

/// A running `events`. Dropping it ends it.
struct Events {
    process: Child,
    output: BufReader<ChildStdout>,
    queue: String,
}

impl Events {
    /// Begins to print those of the service on `port`, and waits until none is missed any more.
    fn start(port: u16) -> Self {
        let mut process = command(port).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        let mut text = String::new();
        errors.read_line(&mut text).unwrap();
        let rest = text.strip_prefix("Waiting for events in the queue ");
        let queue = rest.and_then(|rest| rest.split(',').next());
        let queue = queue.unwrap_or_else(|| panic!("{text}")).to_owned();
        // What else it says must not wait for a reader.
        thread::spawn(move || errors.read_to_end(&mut Vec::new()));
        Self {
            process,
            output,
            queue,
        }
    }

    /// The next line that it prints; empty at its end.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        // It has ended, unless the test has failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What `events` says on `port`, where it can't begin.
fn refusal(port: u16) -> String {
    let output = command(port).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn command(port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["events", "--port", &port.to_string()])
        .env("AMQP_URL", "")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Whether there is such a queue on the broker of the service on `port`. It is another connection's,
/// so the broker lets nobody see more of it.
fn exists(port: u16, queue: &str) -> bool {
    let url = stack::kept_amqp_url(port).unwrap().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let declared = runtime.block_on(async {
        let connection = Connection::connect(&url, ConnectionProperties::default());
        let channel = connection.await.unwrap().create_channel().await.unwrap();
        let options = QueueDeclareOptions {
            passive: true,
            ..QueueDeclareOptions::default()
        };
        channel
            .queue_declare(queue.into(), options, FieldTable::default())
            .await
    });
    let refusal = declared.unwrap_err().to_string();
    let is_locked = refusal.contains("RESOURCE_LOCKED");
    assert!(is_locked || refusal.contains("NOT_FOUND"), "{refusal}");
    is_locked
}
