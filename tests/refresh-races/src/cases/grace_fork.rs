//! A used token presented after its successor was used, too: no second chain begins.

use anyhow::Result;

use super::{Verdict, failed};
use crate::server::Server;

pub(super) async fn run(server: &Server) -> Result<Verdict> {
    let first = server.login().await?;
    let second = server.refreshed(&first).await?;
    let third = server.refreshed(&second).await?;
    let Some(fork) = server.refresh(&first).await? else {
        return Ok(Verdict::Passed);
    };
    if fork.refresh == third.refresh {
        return Ok(Verdict::Passed);
    }
    let of_the_fork = server.refresh(&fork).await?;
    let of_the_chain = server.refresh(&third).await?;
    match (of_the_fork, of_the_chain) {
        (Some(one), Some(other)) if one.refresh != other.refresh => {
            failed("two chains of one session go on side by side")
        }
        _ => Ok(Verdict::Passed),
    }
}
