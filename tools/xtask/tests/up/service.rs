//! A running `cargo xtask up`.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use stack::HostKind;

/// A running `up`. Dropping it ends it and removes what it keeps for the next start on its port.
pub(crate) struct Up {
    pub(crate) process: Child,
    pub(crate) port: u16,
}

impl Up {
    /// With private servers, whatever this machine's settings say, and these further `arguments`.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let port = stack::free_port().unwrap();
        let host = HostKind::from_environment().unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["up", "--port", &port.to_string(), "--host", host.name()])
            .args(arguments)
            .env("DATABASE_URL", "")
            .env("REDIS_URL", "")
            .env("MQTT_URL", "")
            // Otherwise one would be written to `.env`.
            .env("SPIN_VARIABLE_JWT_SECRET", "not in use anywhere, but in here.")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { process, port }
    }

    /// The three commands that it prints once it serves.
    pub(crate) fn commands(&mut self) -> Vec<String> {
        let mut output = BufReader::new(self.process.stdout.take().unwrap());
        let mut commands = Vec::new();
        let mut line = String::new();
        while commands.len() < 3 {
            line.clear();
            let length = output.read_line(&mut line).unwrap();
            assert_ne!(length, 0, "`up` has ended after {commands:?}");
            if line.starts_with("curl ") || line.starts_with("TOKEN=") {
                commands.push(line.trim_end().to_owned());
            }
        }
        // What else it says must not wait for a reader.
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        commands
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            // The test has failed. An error means that it has just ended.
            let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
            let _ = self.process.wait();
        }
        let _ = fs::remove_dir_all(stack::workspace_root().join(format!(".local/{}", self.port)));
    }
}
