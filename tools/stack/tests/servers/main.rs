//! Private servers, as real processes.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in here fails the test that called it"
)]

mod rabbitmq;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use std::{fs, thread};

use sqlx::{Connection, PgConnection};
use stack::{Signal, Source, Stack, migrate, running_database_url};

#[test]
fn a_database_survives_a_stop_and_a_kill_of_its_server() {
    let stack = Stack::builder().start().unwrap();
    let server = stack.postgresql().unwrap();
    execute(stack.database_url(), "create table kept as select 1 as one").unwrap();

    server.stop();
    assert!(server.pid().is_err());
    server.start().unwrap();
    assert_eq!(
        number(stack.database_url(), "select one from kept").unwrap(),
        1
    );

    server.kill().unwrap();
    server.start().unwrap();
    assert_eq!(
        number(stack.database_url(), "select one from kept").unwrap(),
        1
    );

    server.signal(Signal::KILL).unwrap();
    server.start().unwrap();
    assert_eq!(
        number(stack.database_url(), "select one from kept").unwrap(),
        1
    );
}

#[test]
fn a_frozen_database_answers_when_it_is_thawed() {
    stack::stop_all_on_signals().unwrap();
    let stack = Stack::builder().start().unwrap();
    let server = stack.postgresql().unwrap();
    server.freeze().unwrap();
    wait_until_frozen(server.pid().unwrap());
    let url = stack.database_url().to_owned();
    let question = thread::spawn(move || number(&url, "select 1").unwrap());
    server.thaw().unwrap();
    assert_eq!(question.join().unwrap(), 1);
    // A frozen server is stopped all the same.
    server.freeze().unwrap();
    server.stop();
    assert!(server.pid().is_err());
}

#[test]
fn the_roles_sessions_do_not_stay_idle_in_a_transaction() {
    let stack = Stack::builder().start().unwrap();
    let setting = "select (extract(epoch from current_setting(\
                   'idle_in_transaction_session_timeout')::interval))::int";
    assert_eq!(number(stack.database_url(), setting).unwrap(), 3);
}

#[test]
fn the_database_of_a_running_service_is_found_by_its_port() {
    let stack = Stack::builder().start().unwrap();
    let found = running_database_url(stack.port()).unwrap();
    assert_eq!(found, stack.database_url());
    assert_eq!(number(&found, "select 1").unwrap(), 1);

    stack.postgresql().unwrap().stop();
    let text = running_database_url(stack.port()).unwrap_err().to_string();
    assert!(text.contains(&format!("--port {}", stack.port())), "{text}");
}

#[test]
fn redis_is_empty_after_a_restart() {
    let stack = Stack::builder().start().unwrap();
    let server = stack.redis().unwrap();
    let first = server.pid().unwrap();
    assert_eq!(redis(server.port(), "SET kept 1"), "+OK");
    assert_eq!(redis(server.port(), "EXISTS kept"), ":1");
    server.signal(Signal::STOP).unwrap();
    server.signal(Signal::CONT).unwrap();
    server.signal(Signal::KILL).unwrap();
    server.start().unwrap();
    assert_ne!(server.pid().unwrap(), first);
    assert_eq!(redis(server.port(), "EXISTS kept"), ":0");
    assert_eq!(server.url(), stack.redis_url());
}

#[test]
fn a_second_run_on_the_same_port_is_refused() {
    let first = Stack::builder().start().unwrap();
    let second = Stack::builder().port(first.port()).start();
    let text = second.unwrap_err().to_string();
    assert!(text.contains(&format!("port {}", first.port())), "{text}");
}

#[test]
fn migrations_may_run_at_the_same_time_and_create_their_database() {
    let stack = Stack::builder().start().unwrap();
    let server = stack.postgresql().unwrap();
    let url = server.administrator_url();
    let url = format!("{}/other", url.strip_suffix("/postgres").unwrap());
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            thread::spawn(move || migrate(&url))
        })
        .collect();
    for run in runs {
        run.join().unwrap().unwrap();
    }
    let count = "select count(*)::int from _sqlx_migrations";
    assert_eq!(
        number(&url, count).unwrap(),
        number(stack.database_url(), count).unwrap()
    );
    assert!(number(&url, count).unwrap() > 0);
}

#[test]
fn servers_that_are_there_are_used() {
    let first = Stack::builder().start().unwrap();
    let second = Stack::builder()
        .database(Source::Existing(first.database_url().to_owned()))
        .redis(Source::Existing(first.redis_url().to_owned()))
        .rabbitmq(Source::Existing("mqtt://me:pw@mq.example:1883".to_owned()))
        .amqp_url("amqp://mq.example")
        .variable("refresh_reuse_interval", "0")
        .start()
        .unwrap();
    assert!(second.postgresql().is_err());
    assert!(second.redis().is_err());
    assert!(second.rabbitmq().is_err());
    assert_eq!(second.amqp_url(), "amqp://mq.example");
    assert_eq!(
        second.variable("mqtt_url"),
        Some("mqtt://me:pw@mq.example:1883")
    );
    assert_eq!(
        second.variable("mqtt_address"),
        Some("mqtt://mq.example:1883")
    );
    assert_eq!(first.variable("mqtt_url"), Some(""));
    assert_eq!(first.variable("mqtt_address"), Some(""));
    let server = format!(
        "postgres://127.0.0.1:{}",
        first.postgresql().unwrap().port()
    );
    assert_eq!(second.variable("database_address"), Some(server.as_str()));
    assert_eq!(second.variable("redis_address"), Some(first.redis_url()));
    assert_eq!(second.variable("refresh_reuse_interval"), Some("0"));
    for secret in ["jwt_secret", "internal_secret"] {
        assert_eq!(second.variable(secret).map(str::len), Some(64));
        assert_ne!(second.variable(secret), first.variable(secret));
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let text = format!(
        "{:#}",
        migrate("postgres://me:secret@127.0.0.1:1/users").unwrap_err()
    );
    assert!(text.contains("postgres://127.0.0.1:1"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

/// Waits until the process `id` and all of its children are stopped, as the system sees them. One
/// that has just ended stays a zombie, since its parent can't take note of it.
fn wait_until_frozen(id: u32) {
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    assert!(!children.trim().is_empty(), "PostgreSQL has processes");
    let end = Instant::now() + Duration::from_secs(10);
    for process in children.split_whitespace().chain([&*id.to_string()]) {
        let is_stopped = || {
            let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
            status.contains("State:\tT") || status.contains("State:\tZ")
        };
        while !is_stopped() {
            assert!(Instant::now() < end, "process {process} goes on");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The first line that Redis answers to `command`.
fn redis(port: u16, command: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "{command}\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn execute(url: &str, statement: &'static str) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::query(statement).execute(&mut connection).await?;
        Ok(())
    })
}

fn number(url: &str, query: &'static str) -> anyhow::Result<i32> {
    runtime()?.block_on(async {
        let mut connection = PgConnection::connect(url).await?;
        Ok(sqlx::query_scalar(query).fetch_one(&mut connection).await?)
    })
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
