//! Signatures of webhooks (the Standard Webhooks specification, version 1.0).

use std::ops::RangeInclusive;

use base64ct::{Base64, Encoding};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{Algorithm, AlgorithmSignature};

use crate::bindings::webhooks::SecretError;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes that a secret has.
const LENGTH: RangeInclusive<usize> = 24..=64;

/// The signature of a message, as in the header `webhook-signature`.
///
/// # Errors
/// [`SecretError::Malformed`] if `secret` is none.
pub(crate) fn sign(
    secret: &str,
    id: &str,
    timestamp: u64,
    payload: &str,
) -> Result<String, SecretError> {
    let key = secret
        .strip_prefix(PREFIX)
        .and_then(|encoded| Base64::decode_vec(encoded).ok())
        .filter(|key| LENGTH.contains(&key.len()))
        .ok_or(SecretError::Malformed)?;
    // HS256 is HMAC-SHA256 (RFC 7518, section 3.2).
    let message = format!("{id}.{timestamp}.{payload}");
    let signature = Hs256.sign(&Hs256Key::new(&key), message.as_bytes());
    let signature = Base64::encode_string(&signature.as_bytes());
    Ok(format!("v1,{signature}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_specification_does_in_its_example() {
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature, Ok(expected.to_owned()));
    }

    #[test]
    fn other_secrets_sign_nothing() {
        for secret in [
            "",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_not base64, but long enough for one",
        ] {
            let signature = sign(secret, "id", 0, "");
            assert_eq!(signature, Err(SecretError::Malformed), "{secret}");
        }
    }
}
