//! A used token presented late is stolen, or its successor is: the session ends.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::{Verdict, failed};
use crate::server::Server;

/// Later than the end of the grace period, by whatever clocks differ.
const MARGIN: Duration = Duration::from_millis(1_500);

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    let first = server.login().await?;
    let successor = server.refreshed(&first).await?;
    sleep(server.grace().unwrap_or_default() + MARGIN).await;
    if server.refresh(&first).await?.is_some() {
        return failed("a used token was exchanged after the grace period");
    }
    if server.refresh(&successor).await?.is_some() {
        return failed("the session goes on although a used token was presented");
    }
    if server.ends_access() && server.has_access(&successor).await? {
        return failed("an access token of the session works although a used token was presented");
    }
    Ok(Verdict::Passed)
}
