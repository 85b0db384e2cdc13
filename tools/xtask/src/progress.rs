//! What is going on, said on standard error with the time since the start.

use std::io::Write;
use std::sync::LazyLock;
use std::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Says that `what` begins.
pub(crate) fn step(what: &str) {
    say(&format!("[{:>4} s] {what} ...", START.elapsed().as_secs()));
}

/// Says `text`. A reader that has gone away is no reason to fail.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints `text`, a result, on standard output.
pub(crate) fn print(text: &str) {
    let mut output = std::io::stdout();
    let _ = writeln!(output, "{text}").and_then(|()| output.flush());
}
