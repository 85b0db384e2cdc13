//! The native service that does the same statements and Redis commands, `tests/bench/reference`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use stack::workspace_root;

/// A running reference. Dropping it stops it; if this process dies, it ends by itself.
#[derive(Debug)]
pub(crate) struct Reference {
    process: Child,
    url: String,
}

impl Reference {
    /// Starts one with the Spin variables `variables`, as the service has them.
    ///
    /// # Errors
    /// If it does not start.
    pub(crate) fn start(variables: &BTreeMap<String, String>) -> Result<Self> {
        let variables = variables
            .iter()
            .map(|(name, value)| (name.to_ascii_uppercase(), value));
        let mut process = Command::new(workspace_root().join("target/host/reference"))
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("can't start the native reference")?;
        let output = process.stdout.take().context("no output")?;
        let mut url = String::new();
        BufReader::new(output)
            .read_line(&mut url)
            .context("the native reference does not say where it listens")?;
        Ok(Self {
            process,
            url: url.trim_end().to_owned(),
        })
    }

    /// `http://127.0.0.1:<port>`
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
