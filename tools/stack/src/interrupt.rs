//! Signals that end a program which has nothing else to see to, such as a test.

use std::{io, process, thread};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::process::stop_all;

/// From now on SIGINT, SIGTERM and SIGHUP stop everything that was started here, even what is
/// frozen, and end the program. The exit status is the shell's: 128 and the signal's number.
///
/// # Errors
/// If the system does not let us handle signals.
pub fn stop_all_on_signals() -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stop_all();
            process::exit(128 + signal);
        }
    });
    Ok(())
}
