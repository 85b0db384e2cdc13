//! A process of ours: started so that it dies with us, signalled, stopped, and its log quoted.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process, kill_process_group};

use crate::starting::{DeathSignal, dying_with_us, spawn};

/// How often a condition is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// How long a process may take to stop in its tracks: a moment, unless it waits for a disk.
const FREEZE_TIME: Duration = Duration::from_secs(10);
/// How much of a log is quoted when its process fails.
const LOG_LINES: usize = 15;

/// A running process, or one that has ended.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    log: PathBuf,
    stop: Stop,
    child: Mutex<Child>,
}

/// How a process is asked to end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// Ends it in good order.
    pub(crate) signal: Signal,
    /// How long that may take before it is killed.
    pub(crate) patience: Duration,
    /// Whether the signal goes to its whole process group.
    pub(crate) group: bool,
    /// Who is stopped first when all are: the lowest.
    pub(crate) rank: u8,
}

impl Process {
    /// Starts `command` with both outputs appended to `log`, in a process group of its own so that
    /// Ctrl-C reaches only us.
    pub(crate) fn start(
        name: &str,
        mut command: Command,
        log: &Path,
        stop: Stop,
    ) -> Result<Arc<Self>> {
        let output = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("can't write the log {}", log.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone().context("can't share the log")?)
            .stderr(output)
            .process_group(0);
        let child = spawn(command).with_context(|| format!("can't start {name}"))?;
        let process = Arc::new(Self {
            name: name.to_owned(),
            log: log.to_owned(),
            stop,
            child: Mutex::new(child),
        });
        running().list.push(Running {
            rank: stop.rank,
            process: Arc::downgrade(&process),
        });
        Ok(process)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child().id()
    }

    /// Sends `signal` to it, or to its group if it is stopped as a group.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        let mut child = self.child();
        if child.try_wait()?.is_some() {
            bail!("{} is not running", self.name);
        }
        let pid = Pid::from_child(&child);
        let sent = if self.stop.group {
            kill_process_group(pid, signal)
        } else {
            kill_process(pid, signal)
        };
        sent.with_context(|| format!("can't signal {}", self.name))
    }

    /// Stops it in its tracks (`SIGSTOP`) and waits until it has stopped: from then on it starts no
    /// further children.
    pub(crate) fn freeze(&self) -> Result<()> {
        self.signal(Signal::STOP)?;
        let status = format!("/proc/{}/status", self.id());
        let is_frozen = || fs::read_to_string(&status).is_ok_and(|text| text.contains("State:\tT"));
        if !wait_for(FREEZE_TIME, is_frozen) {
            bail!(
                "{} does not stop, or there is no Linux's /proc to see it",
                self.name
            );
        }
        Ok(())
    }

    /// Sends `signal` to each of its children.
    pub(crate) fn signal_children(&self, signal: Signal) -> Result<()> {
        let id = self.id();
        let list = fs::read_to_string(format!("/proc/{id}/task/{id}/children"))
            .context("can't list child processes: Linux's /proc is needed for it")?;
        for child in list.split_whitespace() {
            let pid = child
                .parse()
                .ok()
                .and_then(Pid::from_raw)
                .context("no process id")?;
            // One that has just ended needs no signal.
            let _ = kill_process(pid, signal);
        }
        Ok(())
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.child().try_wait(), Ok(None))
    }

    /// Asks it to end, and kills it if it does not within its time.
    pub(crate) fn stop(&self) {
        if !self.is_running() {
            return;
        }
        // A frozen process would never see the signal. An error means that it has just ended.
        let _ = self.signal(self.stop.signal);
        let _ = self.signal_children(Signal::CONT);
        let _ = self.signal(Signal::CONT);
        if !self.ends_within(self.stop.patience) {
            let _ = self.signal(Signal::KILL);
            self.ends_within(self.stop.patience);
        }
    }

    /// Whether it ends within `time`.
    pub(crate) fn ends_within(&self, time: Duration) -> bool {
        wait_for(time, || !self.is_running())
    }

    /// Waits until `ready`, at most `time`.
    ///
    /// # Errors
    /// If it ends or the time runs out first; the text quotes the end of its log.
    pub(crate) fn wait_until(&self, time: Duration, ready: impl Fn() -> bool) -> Result<()> {
        if wait_for(time, || ready() || !self.is_running()) && self.is_running() {
            return Ok(());
        }
        let what = match self.child().try_wait() {
            Ok(Some(status)) => format!("{} ended ({status})", self.name),
            _ => format!("{} was not ready within {} s", self.name, time.as_secs()),
        };
        bail!("{what}. {}", self.log_tail())
    }

    /// The last lines of its log, with where it is.
    pub(crate) fn log_tail(&self) -> String {
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n  ");
        format!("The end of its log {}:\n  {tail}", self.log.display())
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
        running().list.retain(|entry| !entry.is(self));
    }
}

/// Whether `condition` holds within `time`.
pub(crate) fn wait_for(time: Duration, condition: impl Fn() -> bool) -> bool {
    let end = Instant::now() + time;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= end {
            return false;
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Runs `command`, which writes where we write and reads nothing, and waits for its end. Like
/// [`Process::start`] it gets a process group, so that what it has started ends with it.
///
/// # Errors
/// If it can't be started.
pub fn run_to_end(command: Command) -> Result<ExitStatus> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut command = dying_with_us(command, DeathSignal::Terminate);
    // In a group of its own it is in the background: it would be stopped if it read the terminal.
    command.stdin(Stdio::null()).process_group(0);
    let child = spawn(command).with_context(|| format!("can't start {name}"))?;
    let stop = Stop {
        signal: Signal::TERM,
        patience: Duration::from_secs(10),
        group: true,
        rank: 0,
    };
    let process = Arc::new(Process {
        name,
        log: PathBuf::new(),
        stop,
        child: Mutex::new(child),
    });
    running().list.push(Running {
        rank: stop.rank,
        process: Arc::downgrade(&process),
    });
    loop {
        if let Some(status) = process.child().try_wait()? {
            return Ok(status);
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Stops every process that was started here, hosts before servers, and lets none start any more.
/// For the end of the program.
pub fn stop_all() {
    let mut list = {
        let mut running = running();
        running.ended = true;
        running.list.clone()
    };
    list.sort_by_key(|entry| entry.rank);
    for entry in list {
        if let Some(process) = entry.process.upgrade() {
            process.stop();
            continue;
        }
        // Another thread is dropping it; the end of the program would break that off.
        let process = entry.process.as_ptr();
        while running().list.iter().any(|entry| entry.is(process)) {
            thread::sleep(LOOK_AGAIN);
        }
    }
}

#[derive(Clone)]
struct Running {
    rank: u8,
    process: Weak<Process>,
}

impl Running {
    fn is(&self, process: *const Process) -> bool {
        self.process.as_ptr() == process
    }
}

struct AllRunning {
    list: Vec<Running>,
    ended: bool,
}

/// Whether everything is being stopped.
pub(crate) fn is_ending() -> bool {
    running().ended
}

fn running() -> MutexGuard<'static, AllRunning> {
    static ALL: Mutex<AllRunning> = Mutex::new(AllRunning {
        list: Vec::new(),
        ended: false,
    });
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}
