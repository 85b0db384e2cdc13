//! A private Chromium, which tests drive by WebDriver.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::builder::free_folder;
use crate::folder::Folder;
use crate::ports;
use crate::process::{Process, Signal, Stop};
use crate::programs::find_program;
use crate::starting::{DeathSignal, dying_with_us};

const START_TIME: Duration = Duration::from_secs(30);

/// `chromedriver` on 127.0.0.1, which starts browsers. Dropping it ends them and stops it.
#[derive(Debug)]
pub struct ChromeDriver {
    port: u16,
    _process: Arc<Process>,
    /// Its log, and the profiles of its browsers.
    _folder: Folder,
}

impl ChromeDriver {
    /// Starts one.
    ///
    /// # Errors
    /// If it is missing or does not come up; the text quotes its log.
    pub fn launch() -> Result<Self> {
        let program = find_program("chromedriver").context(
            "Chromium is missing: no `chromedriver` on PATH. Install it (`apt-get install \
             chromium-driver`)",
        )?;
        let (folder, port) = free_folder()?;
        let mut command = Command::new(program);
        // Profiles are made where temporary files are.
        command
            .arg(format!("--port={port}"))
            .env("TMPDIR", folder.path())
            .current_dir(folder.path());
        let stop = Stop {
            signal: Signal::TERM,
            patience: Duration::from_secs(10),
            group: true,
            rank: 0,
        };
        let command = dying_with_us(command, DeathSignal::Terminate);
        let log = folder.path().join("chromedriver.log");
        let process = Process::start("chromedriver", command, &log, stop)?;
        process.wait_until(START_TIME, || ports::answers(port))?;
        Ok(Self {
            port,
            _process: process,
            _folder: folder,
        })
    }

    /// Where WebDriver's clients find it: `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
