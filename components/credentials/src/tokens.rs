//! Issuing and verifying JSON Web Tokens (RFC 7519, RFC 8725).

mod claims;
mod header;
mod issue;
mod keyring;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use self::keyring::Keyring;
