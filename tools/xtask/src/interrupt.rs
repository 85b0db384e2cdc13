//! SIGINT, SIGTERM and SIGHUP stop everything that was started and end the program.

use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::progress;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen for the signals. The exit status is the shell's: 128 and the signal's number.
pub(crate) fn handle() -> Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).context("can't handle signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            INTERRUPTED.store(true, Ordering::SeqCst);
            progress::step("Stopping");
            stack::stop_all();
            exit(128 + signal);
        }
    });
    Ok(())
}

/// After an interrupt: waits for the end that is on its way.
pub(crate) fn wait_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        thread::park();
    }
}
