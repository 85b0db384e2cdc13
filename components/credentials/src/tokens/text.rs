//! Signing short texts that are no tokens: what is in a link.

use base64ct::{Base64UrlUnpadded, Encoding};
use jwt_compact::Algorithm;
use jwt_compact::AlgorithmSignature;
use jwt_compact::alg::Hs256;
use subtle::ConstantTimeEq;

use super::Keyring;

impl Keyring {
    /// The signature of `text` for `purpose`, in base64url.
    pub(crate) fn sign_text(&self, purpose: &str, text: &str) -> String {
        // Nothing that a token signs holds a zero byte.
        let message = format!("{purpose}\0{text}");
        let signature = Hs256.sign(&self.secret, message.as_bytes());
        Base64UrlUnpadded::encode_string(&signature.as_bytes())
    }

    /// Whether `signature` is that of `text` for `purpose`.
    pub(crate) fn is_signed_text(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let expected = self.sign_text(purpose, text);
        expected.as_bytes().ct_eq(signature.as_bytes()).into()
    }
}
