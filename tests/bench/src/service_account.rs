//! Another service that asks this one.

use anyhow::{Context, Result};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{Connection as _, PgConnection};

use crate::connection::Connection;
use crate::exchange::{Expectation, post};
use crate::servers::Servers;

const NAME: &str = "bench";
const SECRET: &str = "uss_bench";
const PERMISSIONS: &[&str] = &["delivery:decide"];

const ISSUED: Expectation = Expectation::new(StatusCode::OK, "Token issued successfully");

/// Makes a service account and answers a token of it.
///
/// # Errors
/// If the database or the service refuses it.
pub(crate) async fn token(servers: &Servers) -> Result<String> {
    #[derive(Deserialize)]
    struct Body {
        access_token: String,
    }
    create(servers.database_url())
        .await
        .context("can't make a service account")?;
    let credentials = json!({
        "grant_type": "client_credentials",
        "client_id": NAME,
        "client_secret": SECRET,
    });
    let request = post("/api/v1/services/token", &credentials)?;
    let answer = Connection::to(&servers.ours()?.url)?.send(request).await?;
    ISSUED.check(&answer)?;
    let body: Body =
        serde_json::from_slice(&answer.body).context("the answer to a token request is odd")?;
    Ok(body.access_token)
}

/// As `cargo xtask service-account create` does.
async fn create(database_url: &str) -> Result<()> {
    let mut database = PgConnection::connect(database_url).await?;
    sqlx::query(include_str!(
        "../../../tools/xtask/src/service_account/create.sql"
    ))
    .bind(NAME)
    .bind(PERMISSIONS)
    .bind(Sha256::digest(SECRET).to_vec())
    .bind("bench")
    .execute(&mut database)
    .await?;
    Ok(())
}
