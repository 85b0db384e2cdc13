//! The parsed keys and the rules that tokens are issued and verified by.

use jwt_compact::alg::Hs256Key;

use super::key_set::KeySet;
use crate::bindings::tokens::{Settings, SettingsError};

/// Bytes that the secret of HS256 has at least (RFC 7518, section 3.2).
const MINIMUM_SECRET_LENGTH: usize = 32;

/// The secret of HS256 and the keys of EdDSA with the settings for their tokens. `Debug` is left out on
/// purpose.
pub(crate) struct Keyring {
    pub(super) secret: Hs256Key,
    /// Whether tokens that the secret has signed are accepted.
    pub(super) accepts_secret: bool,
    pub(super) keys: KeySet,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    /// In seconds.
    pub(super) access_lifetime: u64,
    /// In seconds.
    pub(super) refresh_lifetime: u64,
}

impl Keyring {
    /// Takes the keys and the rules from `settings`.
    ///
    /// # Errors
    /// [`SettingsError::WeakSecret`] if the secret is shorter than HS256 demands;
    /// [`SettingsError::InvalidKeys`] says what is wrong with the keys.
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        let length = settings.secret.len();
        if length < MINIMUM_SECRET_LENGTH {
            return Err(SettingsError::WeakSecret(format!(
                "secret is of {length} bytes; HS256 needs {MINIMUM_SECRET_LENGTH} at least"
            )));
        }
        let keys = KeySet::parse(settings.keys.as_deref()).map_err(SettingsError::InvalidKeys)?;
        if keys.active().is_none() && !settings.accept_secret {
            return Err(SettingsError::InvalidKeys(
                "must have an active key where tokens of the secret are not accepted".to_owned(),
            ));
        }
        Ok(Self {
            secret: Hs256Key::new(&settings.secret),
            accepts_secret: settings.accept_secret,
            keys,
            issuer: settings.issuer,
            audience: settings.audience,
            access_lifetime: settings.access_lifetime.into(),
            refresh_lifetime: settings.refresh_lifetime.into(),
        })
    }

    /// The public keys as a JWK Set.
    pub(crate) fn public_keys(&self) -> &str {
        self.keys.public()
    }
}
