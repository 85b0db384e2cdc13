//! What an instance of this component keeps between requests.

use std::ops::Deref;

use api::config::{number, password_peppers, service_url, whole_number};
use api::{Access, ApiError, App, Events};
use domain::{NumberSetting, PasswordPepper, PasswordPeppers};
use outbound::BreachedPasswords;
use store::HashPlaces;

use crate::hashing::refused;
use crate::passwords::{Argon2Parameters, Hasher, Pepper};
use crate::verification::EmailVerificationMode;

/// The most that memory times iterations may be.
const MOST_WORK_KIB: u32 = 262_144;

/// The state of this component.
#[derive(Debug)]
pub(crate) struct Auth {
    access: Access,
    /// Whom changes are told to.
    pub(crate) events: Events,
    /// What makes and verifies password hashes.
    pub(crate) hasher: Hasher,
    /// Places for computing password hashes.
    pub(crate) hash_places: HashPlaces,
    /// Passwords that were breached elsewhere, if there is a list to ask.
    pub(crate) breached_passwords: Option<BreachedPasswords>,
    /// The longest life of a session, in seconds.
    pub(crate) session_max_lifetime: u32,
    /// How many live sessions a user may have.
    pub(crate) sessions_per_user: u32,
    /// When addresses are verified.
    pub(crate) email_verification: EmailVerificationMode,
    /// Seconds that a token for an address is good for.
    pub(crate) verification_token_lifetime: u32,
    /// Seconds that a token for a new password is good for.
    pub(crate) reset_token_lifetime: u32,
    /// Days that an account is kept after its owner has asked for its erasure; 0: it goes at once.
    pub(crate) deletion_grace_days: u32,
}

impl Auth {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] names the setting that is missing or wrong.
    pub(crate) async fn open() -> Result<Self, ApiError> {
        let access = Access::open().await?;
        Ok(Self {
            hasher: hasher().await?,
            hash_places: HashPlaces::new(
                access.redis.clone(),
                number(NumberSetting::HASHES_AT_ONCE).await?,
                number(NumberSetting::MAX_HASHES).await?,
            ),
            breached_passwords: service_url("breached_passwords_url")
                .await?
                .map(|url| BreachedPasswords::new(url, &access.redis)),
            session_max_lifetime: number(NumberSetting::SESSION_MAX_LIFETIME).await?,
            sessions_per_user: number(NumberSetting::SESSIONS_PER_USER).await?,
            email_verification: EmailVerificationMode::read().await?,
            verification_token_lifetime: number(NumberSetting::VERIFICATION_TOKEN_LIFETIME).await?,
            reset_token_lifetime: number(NumberSetting::RESET_TOKEN_LIFETIME).await?,
            deletion_grace_days: number(NumberSetting::DELETION_GRACE_DAYS).await?,
            events: Events::open(&access).await?,
            access,
        })
    }
}

/// What makes password hashes of the cost and the peppers that are set.
async fn hasher() -> Result<Hasher, ApiError> {
    let pepper = |pepper: &PasswordPepper| Pepper {
        id: pepper.id().to_owned(),
        secret: pepper.expose_secret().to_owned(),
    };
    let PasswordPeppers { active, others } = password_peppers().await?;
    let active = active.as_ref().map(pepper);
    let others: Vec<Pepper> = others.iter().map(pepper).collect();
    Hasher::open(argon2_parameters().await?, active.as_ref(), &others).map_err(refused)
}

/// The cost of password hashes; `credentials` takes no higher one.
async fn argon2_parameters() -> Result<Argon2Parameters, ApiError> {
    let parallelism = whole_number("argon2_parallelism", 1..=16).await?;
    let memory_kib = whole_number("argon2_memory", 8 * parallelism..=65_536).await?;
    let most_iterations = (MOST_WORK_KIB / memory_kib).min(10);
    Ok(Argon2Parameters {
        memory_kib,
        iterations: whole_number("argon2_iterations", 1..=most_iterations).await?,
        parallelism,
    })
}

impl Deref for Auth {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<Access> for Auth {
    fn as_ref(&self) -> &Access {
        &self.access
    }
}

impl AsRef<App> for Auth {
    fn as_ref(&self) -> &App {
        self.access.as_ref()
    }
}
