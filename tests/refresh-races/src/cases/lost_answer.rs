//! An answer that did not arrive: asked again within the grace period, the session goes on.

use anyhow::Result;

use super::{Verdict, failed};
use crate::server::Server;

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    if server.grace().is_none() {
        return Ok(Verdict::Skipped("tokens work once, by the profile"));
    }
    let first = server.login().await?;
    server.refreshed(&first).await?;
    let Some(again) = server.refresh(&first).await? else {
        return failed("who has lost an answer is refused");
    };
    if !server.has_access(&again).await? {
        return failed("who has lost an answer gets an access token that opens nothing");
    }
    match server.refresh(&again).await? {
        Some(_) => Ok(Verdict::Passed),
        None => failed("who has lost an answer gets a refresh token that is refused"),
    }
}
