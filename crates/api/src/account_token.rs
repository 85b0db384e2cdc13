//! Tokens that are sent to an e-mail address, and the six-digit codes beside them: what each is for, and
//! what is kept of it.

use domain::AccountCode;

use crate::app::Access;
use crate::digest::sha256_hex;
use crate::random;

/// Seconds that a code is good for (ASVS 6.5.5).
pub const CODE_LIFETIME: u64 = 600;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// That an account's address is its owner's.
    Verification,
    /// A new password for who has lost his.
    PasswordReset,
    /// Another address of an account.
    EmailChange,
    /// To keep an account that is to be erased.
    DeletionCancel,
}

impl Purpose {
    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
            Self::EmailChange => "email_change",
            Self::DeletionCancel => "deletion_cancel",
        }
    }
}

/// A token that nobody has yet, and what is kept of it. `Debug` is left out on purpose.
pub struct NewToken {
    /// The token: 256 random bits in hex digits.
    pub token: String,
    /// Its SHA-256 in hex digits.
    pub token_hash: String,
    /// The code beside it.
    pub code: AccountCode,
    /// The hash of the code in hex digits.
    pub code_hash: String,
}

impl Access {
    /// A new token for `purpose`, to be sent to `email`.
    pub fn new_token(&self, purpose: Purpose, email: &str) -> NewToken {
        let token = random::hex::<32>();
        let code = AccountCode::of_chance(u64::from_be_bytes(random::bytes()));
        NewToken {
            token_hash: sha256_hex(&token),
            code_hash: self.code_hash(purpose, email, &code),
            token,
            code,
        }
    }

    /// What is kept of a code. There are so few that whoever reads the database could try them all,
    /// if the hash were not by a key that is not in it.
    pub fn code_hash(&self, purpose: Purpose, email: &str, code: &AccountCode) -> String {
        let text = format!("{} {email} {}", purpose.as_str(), code.expose_secret());
        sha256_hex(&self.keyring.sign("account_code", &text))
    }
}
