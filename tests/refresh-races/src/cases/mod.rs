//! The cases, each a bug that a server has had.

mod grace_fork;
mod late_reuse;
mod lost_answer;
mod refresh_against_revoke;
mod reuse_toctou;
mod same_second_replay;
mod sibling_successors;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use anyhow::Result;

use crate::server::Server;

/// How many do the same at once.
const AT_ONCE: usize = 32;
/// How often what depends on luck is tried.
const ROUNDS: usize = 12;

/// What a case has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The bug did not show.
    Passed,
    /// It did; the text says what was seen.
    Failed(String),
    /// It can't be there, by what the profile says.
    Skipped(&'static str),
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Verdict>> + 'a>>;

/// A case.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// The bug that it looks for.
    pub about: &'static str,
    run: for<'a> fn(&'a Server) -> Running<'a>,
}

impl Case {
    /// Looks for the bug.
    ///
    /// # Errors
    /// If the server's answers prove nothing.
    pub async fn run(&self, server: &Server) -> Result<Verdict> {
        (self.run)(server).await
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All of them.
pub const ALL: &[Case] = &[
    Case {
        name: "reuse-toctou",
        about: "one refresh token, exchanged many times at once, gives several successors: it is read, and \
                only later marked as used (CVE-2026-1035)",
        run: |server| Box::pin(reuse_toctou::run(server)),
    },
    Case {
        name: "same-second-replay",
        about: "a token of two generations ago passes, since generations are told apart by whole seconds",
        run: |server| Box::pin(same_second_replay::run(server)),
    },
    Case {
        name: "refresh-against-revoke",
        about: "a refresh at the same time as the logout leaves tokens that work",
        run: |server| Box::pin(refresh_against_revoke::run(server)),
    },
    Case {
        name: "sibling-successors",
        about: "within the grace period a used token gives another successor beside the first",
        run: |server| Box::pin(sibling_successors::run(server)),
    },
    Case {
        name: "grace-fork",
        about: "a used token presented once more begins a second chain that nothing detects",
        run: |server| Box::pin(grace_fork::run(server)),
    },
    Case {
        name: "lost-answer",
        about: "who has lost an answer, or has two tabs, is signed out (only with a grace period)",
        run: |server| Box::pin(lost_answer::run(server)),
    },
    Case {
        name: "late-reuse",
        about: "a used token presented after the grace period does not end what came of it (RFC 9700, \
                section 4.14.2)",
        run: |server| Box::pin(late_reuse::run(server)),
    },
];

#[expect(clippy::unnecessary_wraps, reason = "the result of a case")]
fn failed(bug: impl Into<String>) -> Result<Verdict> {
    Ok(Verdict::Failed(bug.into()))
}
