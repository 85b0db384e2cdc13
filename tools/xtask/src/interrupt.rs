//! SIGINT, SIGTERM and SIGHUP stop everything that was started and end the program.

use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::progress;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static SIGINT_SUCCEEDS: AtomicBool = AtomicBool::new(false);

/// Begins to listen for the signals. The exit status is the shell's: 128 and the signal's number.
pub(crate) fn handle() -> Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).context("can't handle signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            INTERRUPTED.store(true, Ordering::SeqCst);
            progress::step("Stopping");
            stack::stop_all();
            let is_success = signal == SIGINT && SIGINT_SUCCEEDS.load(Ordering::SeqCst);
            exit(if is_success { 0 } else { 128 + signal });
        }
    });
    Ok(())
}

/// Says that Ctrl-C is how this task is meant to end: the exit status is 0 then.
pub(crate) fn sigint_succeeds() {
    SIGINT_SUCCEEDS.store(true, Ordering::SeqCst);
}

/// Whether a signal has come: what fails from then on is being stopped.
pub(crate) fn has_come() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// After an interrupt: waits for the end that is on its way.
pub(crate) fn wait_if_interrupted() {
    while has_come() {
        thread::park();
    }
}
