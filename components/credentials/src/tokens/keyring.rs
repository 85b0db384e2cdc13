//! The parsed key and the rules that tokens are issued and verified by.

use jwt_compact::alg::Hs256Key;

use crate::bindings::tokens::{Settings, SettingsError};

/// Bytes that the secret of HS256 has at least (RFC 7518, section 3.2).
const MINIMUM_SECRET_LENGTH: usize = 32;

/// The secret key of HS256 with the settings for its tokens. `Debug` is left out on purpose.
pub(crate) struct Keyring {
    pub(super) key: Hs256Key,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    /// In seconds.
    pub(super) access_lifetime: u64,
    /// In seconds.
    pub(super) refresh_lifetime: u64,
}

impl Keyring {
    /// Takes the key and the rules from `settings`.
    ///
    /// # Errors
    /// [`SettingsError::WeakSecret`] if the secret is shorter than HS256 demands.
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        let length = settings.secret.len();
        if length < MINIMUM_SECRET_LENGTH {
            return Err(SettingsError::WeakSecret(format!(
                "secret is of {length} bytes; HS256 needs {MINIMUM_SECRET_LENGTH} at least"
            )));
        }
        Ok(Self {
            key: Hs256Key::new(&settings.secret),
            issuer: settings.issuer,
            audience: settings.audience,
            access_lifetime: settings.access_lifetime.into(),
            refresh_lifetime: settings.refresh_lifetime.into(),
        })
    }
}
