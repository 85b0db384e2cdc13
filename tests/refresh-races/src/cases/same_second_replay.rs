//! Three generations within a second: the oldest token gives nothing new.

use anyhow::Result;

use super::{ROUNDS, Verdict, failed};
use crate::server::Server;

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    for _ in 0..ROUNDS {
        let first = server.login().await?;
        let second = server.refreshed(&first).await?;
        let third = server.refreshed(&second).await?;
        if let Some(replayed) = server.refresh(&first).await? {
            // Some give the current one again, which is no harm.
            let is_known = [&second.refresh, &third.refresh].contains(&&replayed.refresh);
            if !is_known || server.grace().is_none() {
                return failed("a token of two generations ago was exchanged");
            }
        }
    }
    Ok(Verdict::Passed)
}
