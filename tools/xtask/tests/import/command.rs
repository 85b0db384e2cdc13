//! The commands as an operator gives them.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use e2e::random_hex;
use serde_json::Value;

/// The database of the old service, and that of this one.
pub(crate) struct Databases {
    django: String,
    ours: String,
}

/// What a run has said.
pub(crate) struct Outcome {
    pub(crate) status: ExitStatus,
    /// The lines of its report.
    pub(crate) report: Vec<Value>,
    /// What it has said besides.
    pub(crate) said: String,
    pub(crate) duration: Duration,
}

impl Databases {
    pub(crate) fn new(django: &str, ours: &str) -> Self {
        let [django, ours] = [django, ours].map(str::to_owned);
        Self { django, ours }
    }

    /// Runs `import-django` to its end.
    pub(crate) fn import(&self, arguments: &[&str]) -> Outcome {
        self.run("import-django", arguments)
    }

    /// Runs `export-django` to its end.
    pub(crate) fn export(&self, arguments: &[&str]) -> Outcome {
        self.run("export-django", arguments)
    }

    /// Begins an import.
    pub(crate) fn begin_import(&self, arguments: &[&str]) -> Child {
        let mut command = self.command("import-django", arguments);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn run(&self, task: &str, arguments: &[&str]) -> Outcome {
        let report = report_file();
        let begun = Instant::now();
        let output = self
            .command(task, arguments)
            .arg("--report")
            .arg(&report)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let duration = begun.elapsed();
        let text = fs::read_to_string(&report).unwrap();
        fs::remove_file(report).unwrap();
        Outcome {
            status: output.status,
            report: text
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            said: String::from_utf8(output.stderr).unwrap(),
            duration,
        }
    }

    fn command(&self, task: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg(task)
            .args(arguments)
            .env("DJANGO_DATABASE_URL", &self.django)
            .env("DATABASE_URL", &self.ours);
        command
    }
}

impl Outcome {
    /// The fields and reasons of what it reports with this `action` of the row `id`.
    pub(crate) fn reports(&self, action: &str, id: &str) -> Vec<String> {
        let lines = self.report.iter();
        lines
            .filter(|line| line["action"] == action && line["id"] == id)
            .map(|line| line["field"].as_str().unwrap_or("-").to_owned())
            .collect()
    }

    /// How many rows of `table` it reports with this `action`.
    pub(crate) fn count(&self, action: &str, table: &str) -> usize {
        let lines = self.report.iter();
        lines
            .filter(|line| line["action"] == action && line["table"] == table)
            .count()
    }
}

fn report_file() -> PathBuf {
    std::env::temp_dir().join(format!("import-{}.ndjson", random_hex(16)))
}
