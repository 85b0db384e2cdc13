//! What signs webhooks: a setting.

use std::fmt;
use std::ops::RangeInclusive;

use base64ct::{Base64, Encoding};

use crate::settings::SettingError;

/// The setting that holds it.
const NAME: &str = "webhook_secret";
/// What it begins with.
const PREFIX: &str = "whsec_";
/// Bytes that it has.
const LENGTH: RangeInclusive<usize> = 24..=64;

/// A secret as the Standard Webhooks specification (version 1.0) writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// Reads `whsec_` and the base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// If `text` is something else; the error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let is_secret = text
            .strip_prefix(PREFIX)
            .and_then(|encoded| Base64::decode_vec(encoded).ok())
            .is_some_and(|key| LENGTH.contains(&key.len()));
        if is_secret {
            Ok(Self(text.to_owned()))
        } else {
            let explanation = "must be whsec_ and the base64 of 24 to 64 bytes";
            Err(SettingError::new(NAME, explanation))
        }
    }

    /// The secret as it was written.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Without the secret.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WebhookSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_prefix_and_base64() {
        // The example of the specification.
        let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let secret = WebhookSecret::parse(text).unwrap();
        assert_eq!(secret.expose(), text);
        assert_eq!(format!("{secret:?}"), "WebhookSecret");
    }

    #[test]
    fn other_texts_are_refused_and_not_repeated() {
        let longest = Base64::encode_string(&[0; 65]);
        for text in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            &format!("whsec_{longest}"),
        ] {
            let error = WebhookSecret::parse(text).unwrap_err();
            assert_eq!(error.name(), "webhook_secret", "{text}");
            assert_eq!(
                error.to_string(),
                "setting webhook_secret: must be whsec_ and the base64 of 24 to 64 bytes"
            );
        }
    }
}
