//! Issuing and verifying JSON Web Tokens (RFC 7519, RFC 8725), and signing texts that are none.

mod claims;
mod header;
mod issue;
mod key_set;
mod keyring;
#[cfg(test)]
mod tests;
mod text;
mod verify;
mod verifying_key;

pub(crate) use self::keyring::Keyring;
