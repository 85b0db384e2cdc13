//! `POST /api/v1/users/register`

use std::sync::Arc;

use anyhow::{Result, anyhow};
use argon2::password_hash::{PasswordHasher, SaltString};
use axum::extract::State;
use domain::{PushTokenValue, Registration, Username};
use http::StatusCode;

use crate::answer::Answer;
use crate::app::{App, random_bytes};
use crate::sign_in::{ADDRESS, NO_KEY, ORIGIN, SESSION_LIFETIME, in_a_place, signed_in};

pub(crate) async fn register(State(app): State<Arc<App>>, body: String) -> Answer {
    app.attempt(&format!("registration:{ADDRESS}")).await?;
    let registration = Registration::parse(&serde_json::from_str(&body)?)?;
    let password = registration.password.expose_secret().to_owned();
    let hashing = app.clone();
    let hash = in_a_place(&app, move || hashing.hash_password(&password)).await?;

    let push_token = registration.push_token.as_ref();
    let sql = include_str!("../../../../components/auth/src/register.sql");
    let row = app
        .row(
            sql,
            &[
                &registration.email.as_str(),
                &usernames(&registration)?,
                &hash,
                &registration.name.first_name(),
                &registration.name.last_name(),
                &registration.email_enabled,
                &registration.push_enabled,
                &push_token.map(PushTokenValue::expose_secret),
                &Some(ADDRESS),
                &"reference",
                &SESSION_LIFETIME,
                &Vec::<String>::new(),
                &registration.push_token_type.as_str(),
                &ORIGIN,
                &true,
                &NO_KEY,
                &NO_KEY,
            ],
        )
        .await?;
    let message = "User registered successfully";
    signed_in(&app, &row, StatusCode::CREATED, message).await
}

/// The names to try.
fn usernames(registration: &Registration) -> Result<Vec<String>> {
    let [first, second, third, fourth, ..] = random_bytes()?;
    let random = u32::from_be_bytes([first, second, third, fourth]) % 1_000_000;
    let names = Username::candidates(&registration.email, random);
    Ok(names.iter().map(|name| name.as_str().to_owned()).collect())
}

impl App {
    fn hash_password(&self, password: &str) -> Result<String> {
        let failed = |error| anyhow!("argon2: {error}");
        let salt = SaltString::encode_b64(&random_bytes()?).map_err(failed)?;
        let hash = self.argon2.hash_password(password.as_bytes(), &salt);
        Ok(hash.map_err(failed)?.to_string())
    }
}
