//! What a process and those that it has started take of the machine, as Linux tells.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// The unit of times in `/proc/<pid>/stat`, on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Processor time since the start, and memory now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) cpu: Duration,
    pub(crate) memory_kib: u64,
}

impl Usage {
    /// That of the process `pid` and all below it.
    ///
    /// # Errors
    /// If there is no such process.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let mut total = Self::alone(pid)?;
        for child in children(pid) {
            // One that has just ended takes nothing.
            let usage = Self::of(child).unwrap_or_default();
            total.cpu += usage.cpu;
            total.memory_kib += usage.memory_kib;
        }
        Ok(total)
    }

    /// That of the process `pid` alone.
    ///
    /// # Errors
    /// If there is no such process.
    pub(crate) fn alone(pid: u32) -> Result<Self> {
        own(pid).with_context(|| format!("can't see what process {pid} takes"))
    }
}

fn own(pid: u32) -> Result<Usage> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(Usage {
        cpu: cpu(&stat).context("odd /proc/<pid>/stat")?,
        // A process that has ended and was not waited for has none.
        memory_kib: memory_kib(&status).unwrap_or(0),
    })
}

/// `utime` and `stime`, the 14th and 15th field; the second is a name in parentheses.
fn cpu(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let [user, system]: [u32; 2] = [times.next()?.parse().ok()?, times.next()?.parse().ok()?];
    Some(TICK * (user + system))
}

fn memory_kib(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The processes that any thread of `pid` has started.
fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|children| {
            let ids = children.split_whitespace();
            ids.filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_memory_are_read_whatever_the_name() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 8 0 1 2 3";
        assert_eq!(cpu(stat), Some(Duration::from_secs(2)));
        assert_eq!(
            memory_kib("Name:\tx\nVmRSS:\t   12345 kB\nThreads:\t8\n"),
            Some(12_345)
        );
        assert_eq!(cpu("nonsense"), None);
    }

    #[test]
    fn this_process_takes_something() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.memory_kib > 100);
    }
}
