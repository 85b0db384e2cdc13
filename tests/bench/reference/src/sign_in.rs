//! `POST /api/v1/users/login`, and what it shares with a registration.

use std::sync::Arc;

use anyhow::{Result, anyhow, ensure};
use argon2::password_hash::{PasswordHash, PasswordVerifier};
use axum::extract::State;
use domain::Login;
use http::StatusCode;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use crate::answer::{Answer, success};
use crate::app::App;
use crate::cache::Change;

/// The address that requests come from.
pub(crate) const ADDRESS: &str = "127.0.0.1";
/// What the audit trail says of where they come from.
pub(crate) const ORIGIN: &str = r#"{"address": "127.0.0.1", "user_agent": "reference"}"#;
/// What is bound where a request has no idempotency key.
pub(crate) const NO_KEY: Option<&str> = None;
/// Seconds that a session lives at most.
pub(crate) const SESSION_LIFETIME: i64 = 7_776_000;
/// Sessions that a user may have.
const SESSIONS: i64 = 100;

pub(crate) async fn login(State(app): State<Arc<App>>, body: String) -> Answer {
    app.attempt(&format!("login_address:{ADDRESS}")).await?;
    let login = Login::parse(&serde_json::from_str(&body)?)?;
    let subject = u128::from_be_bytes(first_half(login.email.as_str()));
    app.attempt(&format!("login:{subject:032x}")).await?;

    let sql = include_str!("../../../../components/auth/src/login_account.sql");
    let account = app
        .row(sql, &[&login.email.as_str(), &Some(ADDRESS)])
        .await?;
    let stored: String = account.try_get("password")?;
    let password = login.password.expose_secret().to_owned();
    let (hashing, hash) = (app.clone(), stored.clone());
    in_a_place(&app, move || hashing.verify_password(&password, &hash)).await?;

    let sql = include_str!("../../../../components/auth/src/login.sql");
    let row = app
        .row(
            sql,
            &[
                &account.try_get::<_, uuid::Uuid>("id")?,
                &stored,
                &stored,
                &Some(ADDRESS),
                &"reference",
                &SESSION_LIFETIME,
                &SESSIONS,
                &ORIGIN,
                // The account is not to be erased, and nobody hears of events.
                &false,
                &Vec::<String>::new(),
            ],
        )
        .await?;
    signed_in(&app, &row, StatusCode::OK, "Login successful").await
}

/// Does the work of a hash in a thread of its own, while a place for it is held.
///
/// # Errors
/// If it fails, or no place is free.
pub(crate) async fn in_a_place<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let place = app.claim_hash().await?;
    let core = app.cores.acquire().await?;
    let answer = tokio::task::spawn_blocking(work).await?;
    drop(core);
    app.give_back(&place).await?;
    answer
}

/// The user object with tokens, from the row that login and registration answer.
///
/// # Errors
/// If the row has another shape.
pub(crate) async fn signed_in(app: &App, row: &Row, status: StatusCode, message: &str) -> Answer {
    let user = row.try_get("user_id")?;
    let session = row.try_get("session_id")?;
    let version = row.try_get("version")?;
    let document: &str = row.try_get("user_document")?;
    let changes = [
        Change::Document("user", version, Some(document.to_owned())),
        Change::Document("preferences", version, row.try_get("preferences_document")?),
        Change::Live(session),
    ];
    app.tell(user, &changes).await?;
    let mut fields: Map<String, Value> = serde_json::from_str(document)?;
    let pair = app.issue(user, session, row.try_get("generation")?)?;
    fields.insert("tokens".to_owned(), serde_json::to_value(pair)?);
    success(status, message, &serde_json::to_string(&fields)?)
}

impl App {
    fn verify_password(&self, password: &str, stored: &str) -> Result<()> {
        let hash = PasswordHash::new(stored).map_err(|error| anyhow!("{error}"))?;
        let verified = self.argon2.verify_password(password.as_bytes(), &hash);
        ensure!(verified.is_ok(), "not the password");
        Ok(())
    }
}

fn first_half(text: &str) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(text)[..16]);
    half
}
