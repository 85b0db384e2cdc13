//! Exports the modules `passwords`, `tokens` and `webhooks` as the WIT says.

use crate::bindings::passwords::{
    Argon2Parameters, BreachDigest, Hasher as HasherResource, PasswordError, Pepper, Verdict,
    Violation,
};
use crate::bindings::tokens::{Claims, Refusal, ServiceSubject, Settings, SettingsError, Subject};
use crate::bindings::tokens::{Keyring as KeyringResource, TokenPair, TokenType};
use crate::bindings::webhooks::SecretError;
use crate::bindings::{
    passwords::Guest as Passwords, passwords::GuestHasher, tokens::Guest as Tokens,
    tokens::GuestKeyring, webhooks::Guest as Webhooks,
};
use crate::passwords::{self, Hasher};
use crate::tokens::Keyring;
use crate::webhooks;

/// Implements the exports.
pub(crate) struct Component;

impl Passwords for Component {
    type Hasher = Hasher;

    fn check_policy(password: String, personal: Vec<String>) -> Vec<Violation> {
        passwords::check_policy(&password, &personal)
    }

    fn digest_for_breaches(password: String) -> BreachDigest {
        passwords::digest_for_breaches(&password)
    }
}

impl GuestHasher for Hasher {
    fn open(
        cost: Argon2Parameters,
        active: Option<Pepper>,
        others: Vec<Pepper>,
    ) -> Result<HasherResource, PasswordError> {
        Self::new(cost, active, others).map(HasherResource::new)
    }

    fn hash(&self, password: String, salt: Vec<u8>) -> Result<String, PasswordError> {
        self.hash_password(&password, &salt)
    }

    fn verify(
        &self,
        password: String,
        stored: Option<String>,
        salt: Vec<u8>,
    ) -> Result<Verdict, PasswordError> {
        self.verify_password(&password, stored.as_deref(), &salt)
    }
}

impl Webhooks for Component {
    fn sign(
        secret: String,
        id: String,
        timestamp: u64,
        payload: String,
    ) -> Result<String, SecretError> {
        webhooks::sign(&secret, &id, timestamp, &payload)
    }
}

impl Tokens for Component {
    type Keyring = Keyring;
}

impl GuestKeyring for Keyring {
    fn open(settings: Settings) -> Result<KeyringResource, SettingsError> {
        Self::new(settings).map(KeyringResource::new)
    }

    fn issue(
        &self,
        subject: Subject,
        generation_began: u64,
        token_id: String,
        now: u64,
    ) -> TokenPair {
        self.issue_pair(&subject, generation_began, &token_id, now)
    }

    fn issue_service(
        &self,
        subject: ServiceSubject,
        token_id: String,
        now: u64,
        lifetime: u32,
    ) -> String {
        self.issue_service_token(&subject, &token_id, now, lifetime)
    }

    fn public_keys(&self) -> String {
        Self::public_keys(self).to_owned()
    }

    fn sign(&self, purpose: String, text: String) -> String {
        self.sign_text(&purpose, &text)
    }

    fn is_signed(&self, purpose: String, text: String, signature: String) -> bool {
        self.is_signed_text(&purpose, &text, &signature)
    }

    fn verify(&self, token: String, expected: TokenType, now: u64) -> Result<Claims, Refusal> {
        self.verify_token(&token, expected, now)
    }
}
