//! `--timing`: whether the time that an answer takes tells who has an account, and how it stands with it.
//! Two kinds of requests take turns, and their times are compared.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use http::StatusCode;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use stack::HostKind;

use crate::accounts::{PASSWORD, register};
use crate::connection::Connection;
use crate::exchange::{Request, post};
use crate::progress;
use crate::servers::Servers;

/// How many of each kind are compared.
const PAIRS: usize = 2_000;

/// How many go before that are not counted.
const WARM_UP: usize = 50;

const LOGIN: &str = "/api/v1/users/login";
const RESET: &str = "/api/v1/auth/password-reset";

/// Two kinds of requests whose answers are the same.
struct Comparison {
    name: &'static str,
    /// Where both are sent.
    url: String,
    status: StatusCode,
    unknown: Request,
    known: Request,
}

/// What a comparison has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Difference {
    unknown: Moments,
    known: Moments,
}

/// What the times of one kind are like, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moments {
    median: f64,
    mean: f64,
    variance: f64,
    count: f64,
}

/// Measures all comparisons, and renders them as a table.
///
/// # Errors
/// If the servers do not start, or an answer is not what it should be.
pub(crate) async fn report(kind: HostKind) -> Result<String> {
    let servers = Servers::start(kind)?;
    let limited = servers.limited(kind)?;
    let mut text = format!(
        "| {PAIRS} pairs | median unknown | median known | gap | Welch's t |\n|---|---:|---:|---:|---:|\n"
    );
    for comparison in comparisons(&servers, &limited.url()).await? {
        progress(&format!("Measuring {} ...", comparison.name));
        let Difference { unknown, known } = measure(&comparison).await?;
        let gap = known.median - unknown.median;
        let t = welch(unknown, known);
        writeln!(
            text,
            "| {} | {:.2} ms | {:.2} ms | {gap:+.2} ms | {t:+.2} |",
            comparison.name, unknown.median, known.median
        )?;
    }
    text.push_str("\nNothing is told by a |t| below 4.5.\n");
    Ok(text)
}

async fn comparisons(servers: &Servers, limited: &str) -> Result<[Comparison; 5]> {
    let url = servers.ours()?.url;
    let accounts = register(&url, "timing", 3).await?;
    let [known, closed, marked] = [0, 1, 2].map(|index| accounts[index].email.as_str());
    let unknown = "timing-x@example.com";
    let mut database = PgConnection::connect(servers.database_url()).await?;
    for (email, change) in [
        (
            closed,
            "update users set is_active = false where email = $1",
        ),
        (
            marked,
            "update users set password_reset_required_at = now() where email = $1",
        ),
    ] {
        sqlx::query(change)
            .bind(email)
            .execute(&mut database)
            .await?;
    }
    let login = |name, email, password: &str| {
        let attempt = |email: &str| post(LOGIN, &json!({"email": email, "password": password}));
        anyhow::Ok(Comparison {
            name,
            url: url.clone(),
            status: StatusCode::UNPROCESSABLE_ENTITY,
            unknown: attempt(unknown)?,
            known: attempt(email)?,
        })
    };
    let wrong = format!("{PASSWORD}?");
    let reset = |email: &str| post(RESET, &json!({"email": email}));
    Ok([
        login("login with a wrong password", known, &wrong)?,
        login(
            "login to a closed account, with its password",
            closed,
            PASSWORD,
        )?,
        login(
            "login with a wrong password where it has to be reset",
            marked,
            &wrong,
        )?,
        Comparison {
            url: limited.to_owned(),
            status: StatusCode::TOO_MANY_REQUESTS,
            ..login("login where too many were tried", known, &wrong)?
        },
        Comparison {
            name: "request for a password reset",
            url: url.clone(),
            status: StatusCode::ACCEPTED,
            unknown: reset(unknown)?,
            known: reset(known)?,
        },
    ])
}

/// Sends both kinds in turns, now the one first and now the other.
async fn measure(comparison: &Comparison) -> Result<Difference> {
    let mut connection = Connection::to(&comparison.url)?;
    let (mut unknown, mut known) = (Vec::with_capacity(PAIRS), Vec::with_capacity(PAIRS));
    for pair in 0..WARM_UP + PAIRS {
        let mut times = [Duration::ZERO; 2];
        for turn in [pair % 2, 1 - pair % 2] {
            let request = [&comparison.unknown, &comparison.known][turn].clone();
            let begun = Instant::now();
            let answer = connection.send(request).await?;
            times[turn] = begun.elapsed();
            // The first attempts use up what a limit leaves.
            ensure!(
                answer.status == comparison.status || pair < WARM_UP,
                "{}: {}",
                comparison.name,
                answer.status
            );
        }
        if pair >= WARM_UP {
            unknown.push(times[0]);
            known.push(times[1]);
        }
    }
    Ok(Difference {
        unknown: Moments::of(&unknown),
        known: Moments::of(&known),
    })
}

impl Moments {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand times")]
    fn of(times: &[Duration]) -> Self {
        let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let count = times.len() as f64;
        let mean = times.iter().sum::<f64>() / count;
        let squares = times.iter().map(|time| (time - mean).powi(2));
        Self {
            median: times[times.len() / 2],
            mean,
            variance: squares.sum::<f64>() / (count - 1.0),
            count,
        }
    }
}

/// How far apart the means are, in units of what chance does to their difference.
fn welch(a: Moments, b: Moments) -> f64 {
    (b.mean - a.mean) / (a.variance / a.count + b.variance / b.count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(milliseconds: &[u64]) -> Moments {
        let times: Vec<_> = milliseconds
            .iter()
            .copied()
            .map(Duration::from_millis)
            .collect();
        Moments::of(&times)
    }

    #[test]
    fn the_difference_of_means_is_measured_in_what_chance_does_to_it() {
        let (a, b) = (moments(&[1, 2, 3, 4, 5]), moments(&[2, 4, 6, 8, 10]));
        assert!((a.median - 3.0).abs() < 1e-9 && (b.mean - 6.0).abs() < 1e-9);
        // 3 / sqrt(2.5 / 5 + 10 / 5)
        assert!((welch(a, b) - 1.897_366_596).abs() < 1e-6);
        assert!(welch(a, a).abs() < 1e-9);
    }
}
