//! Log lines: one JSON object a line, on standard output.

use std::io::Write as _;
use std::sync::atomic::{AtomicU8, Ordering};

use serde::Serialize;

use crate::Clock;

/// The least level that is written, as its rank.
static LEAST: AtomicU8 = AtomicU8::new(Level::Info as u8);

/// How much a log line matters; the later, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for a fault.
    Debug,
    /// The service does what it should.
    Info,
    /// Something is wrong that the service copes with.
    Warn,
    /// A request failed through no fault of its client.
    Error,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Debug, Self::Info, Self::Warn, Self::Error];

    /// Its name in the log and in the setting `log_level`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// From now on lines of this level and of those that matter more are written, and no others.
    pub fn set_least(self) {
        LEAST.store(self as u8, Ordering::Relaxed);
    }

    fn is_written(self) -> bool {
        self as u8 >= LEAST.load(Ordering::Relaxed)
    }
}

/// A line of the log that is being put together; nothing if its level is not written.
///
/// No secret, token, password or e-mail address belongs in one.
#[derive(Debug)]
pub struct LogLine(Option<Vec<u8>>);

impl LogLine {
    /// Begins a line with its time, `level` and `message`.
    pub fn new(level: Level, message: &str) -> Self {
        if !level.is_written() {
            return Self(None);
        }
        Self(Some(vec![b'{']))
            .with("timestamp", Clock.now().to_iso8601())
            .with("level", level.as_str())
            .with("message", message)
    }

    /// Adds a field; each name is given once.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let Some(line) = &mut self.0 {
            let before = line.len();
            if before > 1 {
                line.push(b',');
            }
            let is_written = write_json(line, name).and_then(|()| {
                line.push(b':');
                write_json(line, &value)
            });
            if is_written.is_err() {
                line.truncate(before);
            }
        }
        self
    }

    /// Adds a field if there is a value.
    #[must_use]
    pub fn with_optional(self, name: &str, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Writes the line. If the output takes none, it is lost: nobody's request fails for it.
    pub fn write(self) {
        if let Some(mut line) = self.0 {
            line.extend_from_slice(b"}\n");
            let _ = std::io::stdout().lock().write_all(&line);
        }
    }
}

fn write_json(line: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    serde_json::to_writer(line, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_json_object() {
        let line = LogLine(Some(vec![b'{']))
            .with("message", "two\nlines, \"quoted\"")
            .with("count", 2)
            .with_optional("absent", None::<&str>)
            .with("not JSON", std::collections::HashMap::from([((1, 2), 3)]))
            .with("is_last", true);
        let text = String::from_utf8(line.0.expect("a line")).expect("text");
        assert_eq!(
            text,
            r#"{"message":"two\nlines, \"quoted\"","count":2,"is_last":true"#
        );
    }

    #[test]
    fn only_what_matters_enough_is_written() {
        let written = |least: Level| {
            least.set_least();
            Level::ALL.map(|level| LogLine::new(level, "a line").0.is_some())
        };
        assert_eq!(written(Level::Debug), [true, true, true, true]);
        assert_eq!(written(Level::Warn), [false, false, true, true]);
        assert_eq!(written(Level::Error), [false, false, false, true]);
        assert_eq!(written(Level::Info), [false, true, true, true]);
    }
}
