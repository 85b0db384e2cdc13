//! Signed texts that are no tokens.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::*;

#[test]
fn a_signature_is_the_hmac_of_purpose_and_text() {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(b"unsubscribe\0some text");
    let expected = Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes());
    assert_eq!(keyring().sign_text("unsubscribe", "some text"), expected);
    assert_eq!(expected.len(), 43);
}

#[test]
fn only_the_signature_of_this_text_for_this_purpose_is_good() {
    let keyring = keyring();
    let signature = keyring.sign_text("unsubscribe", "text");
    assert!(keyring.is_signed_text("unsubscribe", "text", &signature));
    for (purpose, text, signature) in [
        ("unsubscribe", "texu", &*signature),
        ("unsubscribed", "text", &signature),
        ("unsubscrib", "e\0text", &signature),
        ("unsubscribe", "text", &signature[1..]),
        ("unsubscribe", "text", ""),
        ("unsubscribe", "text", &format!("{signature}=")),
    ] {
        assert!(!keyring.is_signed_text(purpose, text, signature), "{text}");
    }
}
