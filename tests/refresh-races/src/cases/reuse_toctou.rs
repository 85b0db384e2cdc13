//! Many exchanges of one token at once: there is one successor.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{AT_ONCE, Verdict, failed};
use crate::server::Server;

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    let first = server.login().await?;
    let given = server.refresh_at_once(&first, AT_ONCE).await?;
    let successors: BTreeSet<_> = given.iter().map(|tokens| &tokens.refresh).collect();
    if successors.len() > 1 {
        return failed(format!(
            "{AT_ONCE} exchanges at once gave {} different successors",
            successors.len()
        ));
    }
    let Some(successor) = given.first() else {
        return failed(format!("all of {AT_ONCE} exchanges at once were refused"));
    };
    if server.grace().is_none() {
        // Whether the others count as theft, and end the session, is the server's to say.
        return Ok(if given.len() > 1 {
            Verdict::Failed(format!(
                "a token that works once worked {} times",
                given.len()
            ))
        } else {
            Verdict::Passed
        });
    }
    match server.refresh(successor).await? {
        Some(_) => Ok(Verdict::Passed),
        None => failed("exchanges at once have ended the session"),
    }
}
