//! Log lines: one JSON object a line, on standard output.

use std::io::Write as _;

use serde_json::{Map, Value};

use crate::Clock;

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The service does what it should.
    Info,
    /// Something is wrong that the service copes with.
    Warn,
    /// A request failed through no fault of its client.
    Error,
}

impl Level {
    fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// A line of the log that is being put together.
///
/// No secret, token, password or e-mail address belongs in one.
#[derive(Debug)]
pub struct LogLine(Map<String, Value>);

impl LogLine {
    /// Begins a line with its time, `level` and `message`.
    pub fn new(level: Level, message: &str) -> Self {
        let mut fields = Map::new();
        fields.insert("timestamp".into(), Clock.now().to_iso8601().into());
        fields.insert("level".into(), level.as_str().into());
        fields.insert("message".into(), message.into());
        Self(fields)
    }

    /// Adds a field, or replaces the one of this name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// Adds a field if there is a value.
    #[must_use]
    pub fn with_optional(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Writes the line. If the output takes none, it is lost: nobody's request fails for it.
    pub fn write(self) {
        let line = format!("{}\n", Value::Object(self.0));
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}
