//! A used token presented again at once: it gives the same successor, or nothing.

use anyhow::Result;

use super::{Verdict, failed};
use crate::server::Server;

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    let first = server.login().await?;
    let successor = server.refreshed(&first).await?;
    match server.refresh(&first).await? {
        None => Ok(Verdict::Passed),
        Some(_) if server.grace().is_none() => failed("a token that works once worked twice"),
        Some(again) if again.refresh == successor.refresh => Ok(Verdict::Passed),
        Some(_) => failed("a used token gave a sibling of its successor"),
    }
}
