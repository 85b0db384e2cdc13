//! Known bugs of refresh token rotation (RFC 9700, section 4.14), as cases that run against any server with
//! login and refresh. A profile says how that server is spoken to.

mod cases;
mod client;
mod profile;
mod report;
mod request;
mod server;
mod tokens;

pub use cases::{ALL, Case, Verdict};
pub use profile::Profile;
pub use report::{Row, table};
pub use server::Server;

use anyhow::Result;

/// Runs the cases whose names contain `only` against the server of `profile`, one after the other.
///
/// # Errors
/// If the account that the profile describes can't be made. What goes wrong later is the row of its case.
pub async fn run(profile: Profile, only: &str) -> Result<Vec<Row>> {
    let server = Server::open(profile).await?;
    let mut rows = Vec::new();
    for case in ALL.iter().filter(|case| case.name.contains(only)) {
        rows.push(Row::new(case, case.run(&server).await));
    }
    Ok(rows)
}
