//! The setting `email_verification`: when addresses are verified.

use api::{ApiError, config};

/// When an account's address is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmailVerificationMode {
    /// When somebody asks for it.
    OnRequest,
    /// A registration asks for it.
    OnRegistration,
    /// The same, and who has not done it can't sign in.
    BeforeLogin,
}

impl EmailVerificationMode {
    /// Reads the setting.
    ///
    /// # Errors
    /// [`ApiError::Misconfigured`] if it is none of the words.
    pub(crate) async fn read() -> Result<Self, ApiError> {
        let words = ["on_request", "on_registration", "before_login"];
        let word = config::one_of("email_verification", &words).await?;
        Ok(match word {
            "before_login" => Self::BeforeLogin,
            "on_registration" => Self::OnRegistration,
            _ => Self::OnRequest,
        })
    }

    /// Whether a registration sends a message.
    pub(crate) fn is_begun_by_registration(self) -> bool {
        self != Self::OnRequest
    }

    /// Whether an account without it has no sessions.
    pub(crate) fn is_required(self) -> bool {
        self == Self::BeforeLogin
    }
}
