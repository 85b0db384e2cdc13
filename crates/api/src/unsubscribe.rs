//! Unsubscribe links: what a link unsubscribes from, and our signature on it.

use domain::unsubscribe::UnsubscribeTarget;

use crate::app::Access;
use crate::config;
use crate::credentials::{Keyring, Settings, SettingsError};
use crate::error::ApiError;

/// What the signature is for: no other text of ours passes for a link.
const PURPOSE: &str = "unsubscribe";

/// What signs links and knows them again: a secret of their own, or the one of tokens.
#[derive(Debug)]
pub struct UnsubscribeLinks {
    own: Option<Keyring>,
}

impl UnsubscribeLinks {
    /// Reads `unsubscribe_secret`.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] says what is wrong with it.
    pub async fn open() -> Result<Self, ApiError> {
        let secret = config::text("unsubscribe_secret").await?;
        if secret.is_empty() {
            return Ok(Self { own: None });
        }
        let settings = Settings {
            secret,
            accept_secret: true,
            keys: None,
            ..config::token_settings().await?
        };
        let own = Keyring::open(&settings).map_err(|error| match error {
            SettingsError::WeakSecret(text) | SettingsError::InvalidKeys(text) => {
                config::misconfigured("unsubscribe_secret", &text)
            }
        })?;
        Ok(Self { own: Some(own) })
    }

    /// The last segment of the link's URL.
    pub fn link_of(&self, access: &Access, target: UnsubscribeTarget) -> String {
        let keyring = self.own.as_ref().unwrap_or(&access.keyring);
        let text = target.to_string();
        let signature = keyring.sign(PURPOSE, &text);
        format!("{text}.{signature}")
    }

    /// What `link`, the last segment of a URL, unsubscribes from; nothing if it is none of ours.
    ///
    /// One that the secret of tokens has signed stays good: it may be in a message that was sent
    /// before links got a secret of their own.
    pub fn target_of(&self, access: &Access, link: &str) -> Option<UnsubscribeTarget> {
        let (text, signature) = link.split_once('.')?;
        let is_signed = self
            .own
            .iter()
            .chain([&access.keyring])
            .any(|keyring| keyring.is_signed(PURPOSE, text, signature));
        if is_signed {
            UnsubscribeTarget::parse(text).ok()
        } else {
            None
        }
    }
}
