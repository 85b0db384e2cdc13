//! A refresh and a logout at the same time: whichever comes first, nothing works afterwards.

use anyhow::{Context, Result};
use futures::future::{join, join_all};

use super::{ROUNDS, Verdict, failed};
use crate::server::Server;
use crate::tokens::Tokens;

/// Refreshes beside one logout, so that one of them meets it.
const REFRESHES: usize = 4;

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    for _ in 0..ROUNDS {
        let first = server.login().await?;
        let refreshes = join_all((0..REFRESHES).map(|_| server.refresh(&first)));
        let (given, ended) = join(refreshes, server.logout(&first)).await;
        // Refused, the logout has found the session ended already, by the refreshes as a theft.
        ended.context("the logout failed")?;
        let given: Result<Vec<_>> = given.into_iter().collect();
        for tokens in given?.iter().flatten().chain([&first]) {
            if let Some(bug) = survivor(server, tokens).await? {
                return failed(bug);
            }
        }
    }
    Ok(Verdict::Passed)
}

/// What of `tokens` still works.
async fn survivor(server: &Server, tokens: &Tokens) -> Result<Option<&'static str>> {
    if server.refresh(tokens).await?.is_some() {
        return Ok(Some("a refresh token has outlived the logout"));
    }
    if server.ends_access() && server.has_access(tokens).await? {
        return Ok(Some("an access token has outlived the logout"));
    }
    Ok(None)
}
