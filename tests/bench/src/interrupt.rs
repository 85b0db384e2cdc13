//! SIGINT, SIGTERM and SIGHUP stop the servers and end the measurement.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio::sync::oneshot::{Receiver, channel};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen for the signals. At the first one everything that was started is stopped, so
/// that a start that is under way fails at once; when all has stopped, the receiver is told.
pub(crate) fn handle() -> Result<Receiver<()>> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).context("can't handle signals")?;
    let (interrupt, interrupted) = channel();
    thread::spawn(move || {
        if signals.forever().next().is_some() {
            INTERRUPTED.store(true, Ordering::SeqCst);
            stack::stop_all();
            // Nobody listens any more: the program is ending by itself.
            let _ = interrupt.send(());
        }
    });
    Ok(interrupted)
}

/// Whether a signal has come: what failed since then failed for it.
pub(crate) fn has_come() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
