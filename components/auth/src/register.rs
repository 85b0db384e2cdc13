//! `POST /api/v1/users/register`: creates an account and signs it in, unless its address must be
//! verified first.

use std::sync::Arc;

use api::rate_limit::{self, LimitKey};
use api::{ApiError, AuditOrigin, Body, Client, Context, Idempotency, Record, Success, random};
use axum::extract::State;
use domain::{Email, FieldErrors, Password, Registration, Username};
use serde_json::Value;
use store::user_cache::{CachedDocument, Change};
use store::{DatabaseError, Row};

use crate::account_tokens::{self, Purpose};
use crate::hashing::violations;
use crate::signed_in::{SignedIn, UserWithTokens};
use crate::state::Auth;

const MESSAGE: &str = "User registered successfully";

/// How many user names with random digits are tried.
const RANDOM_USERNAMES: u32 = 10;

pub(crate) async fn register(
    State(app): State<Arc<Auth>>,
    client: Client,
    context: Context,
    origin: AuditOrigin,
    // Looked at after the attempt is counted: every answer tells the limit.
    idempotency: Result<Idempotency, ApiError>,
    body: Result<Body, ApiError>,
) -> Result<Success<UserWithTokens>, ApiError> {
    rate_limit::count(&app, &context, LimitKey::Registration(&client.rate_key())).await?;
    let (idempotency, body) = (idempotency?, body?);
    let is_breached = is_breached(&app, &body).await;
    let policy =
        |password: &Password, personal: &[String]| violations(password, personal, is_breached);
    let registration = match Registration::parse_with(&body, policy) {
        Ok(registration) => registration,
        Err(errors) => return Err(with_taken_email(&app, &body, errors).await?),
    };
    let password = app.hash(&registration.password).await?;

    // A key is that of an address: his own may be another one when he comes again.
    let record = idempotency.record(&app, "register", registration.email.as_str(), &body);

    let new = New {
        registration: &registration,
        password: &password,
        record: record.as_ref(),
    };
    let row = match insert(&app, &new, &client, &origin).await {
        Ok(row) => row,
        Err(error) => return repeated(&app, &context, record.as_ref(), error).await,
    };
    let created = SignedIn::from_row(&row)?;
    let previous_owner = row
        .get::<Option<_>>("previous_owner")?
        .zip(row.get::<Option<_>>("previous_owner_version")?);
    context.note_user(created.user);
    app.cache
        .apply_or_note(created.user, created.changes())
        .await;
    if let Some((owner, version)) = previous_owner {
        app.cache
            .apply_or_note(owner, vec![Change::outdated(CachedDocument::User, version)])
            .await;
    }
    if app.email_verification.is_begun_by_registration() {
        account_tokens::request_soon(&app, Purpose::Verification, &registration.email, &origin);
    }
    let told = previous_owner.map(|(owner, _)| owner);
    app.events
        .deliver_soon(told.into_iter().chain([created.user]));
    Ok(Success::created(MESSAGE, created.with_tokens(&app)?))
}

/// An account that is to be written.
struct New<'a> {
    registration: &'a Registration,
    /// The hash of its password.
    password: &'a str,
    /// What is kept of the request, if it may be sent again.
    record: Option<&'a Record>,
}

/// Writes the account; answers it, and whose push token came over to it, with his version.
async fn insert(
    app: &Auth,
    new: &New<'_>,
    client: &Client,
    origin: &AuditOrigin,
) -> Result<Row, DatabaseError> {
    let write = async |usernames| write(app, new, usernames, client, origin).await;
    match write(usernames(new.registration)).await {
        // Many want the same names at this moment: leave those to them.
        Err(DatabaseError::Conflict(_)) => write(random_usernames(new.registration)).await,
        answer => answer,
    }
}

async fn write(
    app: &Auth,
    new: &New<'_>,
    usernames: Vec<String>,
    client: &Client,
    origin: &AuditOrigin,
) -> Result<Row, DatabaseError> {
    let registration = new.registration;
    app.database
        .statement(include_str!("register.sql"))
        .bind(registration.email.as_str())
        .bind(usernames)
        .bind(new.password)
        .bind(registration.name.first_name())
        .bind(registration.name.last_name())
        .bind(registration.email_enabled)
        .bind(registration.push_enabled)
        .bind(
            registration
                .push_token
                .as_ref()
                .map(domain::PushTokenValue::expose_secret),
        )
        .bind(client.address())
        .bind(client.user_agent.as_str())
        .bind(u64::from(app.session_max_lifetime))
        .bind(app.events.destinations())
        .bind(registration.push_token_type.as_str())
        .bind(origin.text())
        .bind(!app.email_verification.is_required())
        .bind(new.record.map(|record| record.id.as_str()))
        .bind(new.record.map(|record| record.fingerprint.as_str()))
        .repeat_on(&["users_username_key", "push_tokens_token_key"])
        .one()
        .await
}

/// What is answered where the database has refused the account: the same as before, if this is the same
/// request once more and nothing has happened to the account since; or else what is wrong.
async fn repeated(
    app: &Auth,
    context: &Context,
    record: Option<&Record>,
    error: DatabaseError,
) -> Result<Success<UserWithTokens>, ApiError> {
    let Some(record) = record.filter(|_| is_taken(&error) || Record::is_known(&error)) else {
        return Err(taken(error));
    };
    let statement = app
        .database
        .statement(include_str!("register_repeated.sql"));
    let known = statement
        .bind(record.id.as_str())
        .bind(record.fingerprint.as_str())
        .optional()
        .await?;
    match known {
        Some(row) if !row.get::<bool>("is_same")? => Err(ApiError::IdempotencyKeyReused),
        Some(row) if row.get("is_untouched")? => {
            let created = SignedIn::from_row(&row)?;
            context.note_user(created.user);
            Ok(Success::created(MESSAGE, created.with_tokens(app)?))
        }
        _ => Err(taken(error)),
    }
}

/// The names to try, in this order: those of the contract, then more with random digits, since a
/// common local part may have used up many.
fn usernames(registration: &Registration) -> Vec<String> {
    let mut names: Vec<_> = candidates(registration)
        .iter()
        .map(|username| username.as_str().to_owned())
        .collect();
    names.extend(random_usernames(registration));
    names
}

/// Names with random digits.
fn random_usernames(registration: &Registration) -> Vec<String> {
    (0..RANDOM_USERNAMES)
        .filter_map(|_| candidates(registration).pop())
        .map(|username| username.as_str().to_owned())
        .collect()
}

fn candidates(registration: &Registration) -> Vec<Username> {
    let random_six_digits = u32::from_be_bytes(random::bytes()) % 1_000_000;
    Username::candidates(&registration.email, random_six_digits)
}

/// Whether the password is breached, if there is one to be read.
async fn is_breached(app: &Auth, body: &Value) -> bool {
    let password = body.get("password").map(Password::from_json);
    match password {
        Some(Ok(password)) => app.is_breached(&password).await,
        _ => false,
    }
}

/// What is wrong with the request, and that its e-mail is taken, if it is: all is told at once.
async fn with_taken_email(
    app: &Auth,
    body: &Value,
    mut errors: FieldErrors,
) -> Result<ApiError, ApiError> {
    let email = body.get("email").and_then(Value::as_str);
    if let Some(email) = email.and_then(|email| Email::parse(email.trim()).ok()) {
        let statement = app.database.statement(include_str!("register_email.sql"));
        let row = statement.bind(email.as_str()).one().await?;
        if row.get("is_taken")? {
            errors.merge(email_taken());
        }
    }
    Ok(errors.into())
}

fn email_taken() -> FieldErrors {
    FieldErrors::one("email", "A user with this email already exists.")
}

fn is_taken(error: &DatabaseError) -> bool {
    error.violates("users_email_key")
}

fn taken(error: DatabaseError) -> ApiError {
    if is_taken(&error) {
        email_taken().into()
    } else {
        error.into()
    }
}
