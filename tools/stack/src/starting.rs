//! Starts processes so that they die with us, even if we are killed.

use std::io;
use std::process::{Child, Command};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::process::is_ending;
use crate::programs::find_program;

/// The signal that a process is sent when we die.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DeathSignal {
    /// `SIGKILL`, which ends a frozen process too.
    Kill,
    /// `SIGTERM`, for what has children of its own to end.
    Terminate,
}

impl DeathSignal {
    /// The option of `setpriv` that asks for it.
    pub(crate) fn option(self) -> String {
        let name = match self {
            Self::Kill => "KILL",
            Self::Terminate => "TERM",
        };
        format!("--pdeathsig={name}")
    }
}

/// `command`, made to be sent `signal` when we die.
///
/// The kernel offers this to the child alone, between fork and exec; `setpriv` (util-linux, part of
/// every Debian) does it there. Elsewhere the command is left as it is.
pub(crate) fn dying_with_us(command: Command, signal: DeathSignal) -> Command {
    let options = [signal.option()];
    if cfg!(target_os = "linux") && find_program("setpriv").is_some() {
        through_setpriv(&options, &command)
    } else {
        command
    }
}

/// `command`, run by `setpriv` with `options`.
pub(crate) fn through_setpriv(options: &[String], command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    wrapped
        .args(options)
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

/// Starts `command` from a thread that lives as long as we do: a child's death signal is sent when
/// the thread that started it ends, not when the process does.
pub(crate) fn spawn(command: Command) -> io::Result<Child> {
    type Request = (Command, Sender<io::Result<Child>>);
    static STARTER: LazyLock<Sender<Request>> = LazyLock::new(|| {
        let (sender, requests) = channel::<Request>();
        thread::spawn(move || {
            for (mut command, answer) in requests {
                let child = if is_ending() {
                    Err(io::Error::new(
                        io::ErrorKind::Interrupted,
                        "the program is ending",
                    ))
                } else {
                    command.spawn()
                };
                // Nobody waits any more: the child has been dropped and nothing is left to say.
                let _ = answer.send(child);
            }
        });
        sender
    });
    let gone = |_| io::Error::other("the starting thread is gone");
    let (sender, answer) = channel();
    STARTER
        .send((command, sender))
        .map_err(|error| gone(error.to_string()))?;
    answer.recv().map_err(|error| gone(error.to_string()))?
}
