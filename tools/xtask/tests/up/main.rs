//! `up` as a user meets it: it starts, what it prints works, and a signal ends all of it. And `events`
//! beside it.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in here fails the test that called it"
)]

mod events;
mod service;

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use crate::service::Up;

#[test]
fn what_up_prints_works_and_ctrl_c_ends_everything() {
    assert_up_works_until(Signal::INT);
}

#[test]
fn what_up_prints_works_and_sigterm_ends_everything() {
    assert_up_works_until(Signal::TERM);
}

fn assert_up_works_until(signal: Signal) {
    let mut up = Up::start(&[]);
    let commands = up.commands();

    let answers = run(&commands.join("\n"));
    assert_eq!(answers.matches("\"success\":true").count(), 2, "{answers}");
    assert!(answers.lines().last().unwrap().contains("Ada Lovelace"));

    let processes = descendants(up.process.id());
    let ports = ports(&processes);
    assert!(ports.contains(&up.port) && ports.len() >= 3, "{ports:?}");
    kill_process(Pid::from_child(&up.process), signal).unwrap();
    let status = up.process.wait().unwrap();
    assert_eq!(status.code(), Some(128 + signal.as_raw()), "{status}");
    for process in processes {
        assert_eq!(command_line(process), "", "process {process} goes on");
    }
    for port in ports {
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
}

fn run(script: &str) -> String {
    let output = Command::new("bash").args(["-c", script]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The processes that `process` has started, and those that they have.
fn descendants(process: u32) -> Vec<u32> {
    let tasks = Path::new("/proc").join(process.to_string()).join("task");
    let mut found = Vec::new();
    for task in tasks.read_dir().into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            let child = child.parse().unwrap();
            found.push(child);
            found.extend(descendants(child));
        }
    }
    found
}

/// The ports that stand in the command lines of `processes`.
fn ports(processes: &[u32]) -> BTreeSet<u16> {
    let lines = processes.iter().map(|process| command_line(*process));
    lines
        .flat_map(|line| {
            let words = line.split(|c: char| !c.is_ascii_digit()).map(str::to_owned);
            words.collect::<Vec<_>>()
        })
        .filter_map(|word| word.parse().ok())
        // From 32768 on they are those of clients.
        .filter(|port| (1024..32768).contains(port))
        .collect()
}

/// The command line of a process; empty if there is no such process, or no more than its exit status.
fn command_line(process: u32) -> String {
    fs::read_to_string(format!("/proc/{process}/cmdline"))
        .unwrap_or_default()
        .replace('\0', " ")
}
