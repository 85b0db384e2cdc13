//! A key that a token may be signed by, with the one algorithm that it is for.

use jwt_compact::alg::{Ed25519, Hs256, Hs256Key};
use jwt_compact::{Algorithm, AlgorithmSignature};

/// The key to verify a token with. Its kind decides the algorithm, so a public key is never taken for
/// the secret of HS256 (RFC 8725, sections 2.1 and 3.1).
pub(super) enum VerifyingKey<'a> {
    /// The secret, for HS256.
    Secret(&'a Hs256Key),
    /// A public key, for EdDSA.
    Ed25519(&'a ed25519_dalek::VerifyingKey),
}

impl VerifyingKey<'_> {
    /// What `alg` must be.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Secret(_) => "HS256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// Whether `signature` is one of `message` by this key.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Secret(key) => is_signature(&Hs256, key, message, signature),
            Self::Ed25519(key) => is_signature(&Ed25519, key, message, signature),
        }
    }
}

fn is_signature<A: Algorithm>(
    algorithm: &A,
    key: &A::VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    // Those of other lengths must not come to `try_from_slice`, which may panic.
    A::Signature::LENGTH.is_some_and(|length| length.get() == signature.len())
        && A::Signature::try_from_slice(signature)
            .is_ok_and(|signature| algorithm.verify_signature(&signature, key, message))
}
