//! What is counted or measured, and by which labels.

use std::fmt::Write as _;

/// A family of metrics: one for each set of values of its labels.
#[derive(Debug)]
pub struct Family {
    /// Its name, without what OpenMetrics adds to it.
    pub name: &'static str,
    /// What it tells.
    pub help: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The names of its labels; their values come from small sets, never from a client.
    pub labels: &'static [&'static str],
}

/// The kinds of metrics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A count that only grows.
    Counter,
    /// Durations in seconds, counted by these upper bounds.
    Histogram(&'static [f64]),
    /// What holds now.
    Gauge,
}

impl Family {
    /// Writes `{label="value",..}` to `text`, or nothing if there are no labels.
    pub(super) fn write_labels(&self, text: &mut String, values: &[&str]) {
        debug_assert_eq!(self.labels.len(), values.len(), "{}", self.name);
        let mut separator = '{';
        for (label, value) in self.labels.iter().zip(values) {
            // Texts can always be written to.
            let _ = write!(text, "{separator}{label}=\"");
            for letter in value.chars() {
                match letter {
                    '\\' => text.push_str("\\\\"),
                    '"' => text.push_str("\\\""),
                    '\n' => text.push_str("\\n"),
                    letter => text.push(letter),
                }
            }
            text.push('"');
            separator = ',';
        }
        if separator == ',' {
            text.push('}');
        }
    }
}
