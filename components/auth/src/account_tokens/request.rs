//! A token for whoever reads an address, if there is an account that it is of any use for. All of
//! it is done after the answer, so that the answer and the time that it takes are the same for
//! every address (ASVS 6.3.8, OWASP's Forgot Password cheat sheet).

use std::sync::Arc;

use api::{ApiError, AuditOrigin, spawn};
use domain::{Email, UserId};
use telemetry::{Level, LogLine, trace};

use super::{CODE_LIFETIME, Purpose};
use crate::state::Auth;

/// Gives the account of `email` a token for `purpose` once the answer is out, and has it sent.
pub(crate) fn request_soon(app: &Arc<Auth>, purpose: Purpose, email: &Email, origin: &AuditOrigin) {
    let (app, email, origin) = (app.clone(), email.clone(), origin.clone());
    // The event is a part of the trace, though it is written later.
    let trace = trace::current();
    spawn(async move {
        let written = trace::traced(trace, request(&app, purpose, &email, &origin)).await;
        match written {
            Ok(user) => app.events.deliver_soon(user),
            Err(error) => LogLine::new(Level::Error, "a message with a token was not written")
                .with("request_id", origin.request_id())
                .with("purpose", purpose.as_str())
                .with("error", error.to_string())
                .write(),
        }
    });
}

/// Answers whose account it is, if there is one.
async fn request(
    app: &Auth,
    purpose: Purpose,
    email: &Email,
    origin: &AuditOrigin,
) -> Result<Option<UserId>, ApiError> {
    let new = app.new_token(purpose, email.as_str());
    let row = app
        .database
        .statement(include_str!("request.sql"))
        .bind(email.as_str())
        .bind(purpose.as_str())
        .bind(new.token_hash)
        .bind(new.code_hash)
        .bind(app.token_lifetime(purpose))
        .bind(CODE_LIFETIME)
        .bind(new.token)
        .bind(new.code.expose_secret())
        .bind(app.events.destinations())
        .bind(origin.text())
        .optional()
        .await?;
    Ok(row.map(|row| row.get("user_id")).transpose()?)
}
