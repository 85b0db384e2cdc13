//! The end of the program, which is also that of this test's process.

use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Only so that what never ends fails the test.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn what_a_command_in_the_foreground_has_started_ends_with_it() {
    let file = std::env::temp_dir().join(format!("stack-end-{}", std::process::id()));
    // As cargo starts compilers.
    let mut command = Command::new("sh");
    command
        .args(["-c", "sleep 600 & echo $! > \"$0\"; wait"])
        .arg(&file);
    let running = thread::spawn(|| stack::run_to_end(command));
    let started = || fs::read_to_string(&file).unwrap_or_default();
    wait_until(|| started().ends_with('\n'));
    let process = format!("/proc/{}/cmdline", started().trim());
    // It has none for a moment while it becomes another program.
    wait_until(|| is_there(&process));

    stack::stop_all();

    assert!(!running.join().unwrap().unwrap().success());
    wait_until(|| !is_there(&process));
    let refused = stack::run_to_end(Command::new("true"));
    assert!(refused.is_err(), "nothing is started any more");
    fs::remove_file(file).unwrap();
}

/// Whether there is a process with this command line; one that has ended has none.
fn is_there(command_line: &str) -> bool {
    fs::read_to_string(command_line).is_ok_and(|line| !line.is_empty())
}

fn wait_until(condition: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "in vain for {PATIENCE:?}");
        thread::sleep(Duration::from_millis(5));
    }
}
