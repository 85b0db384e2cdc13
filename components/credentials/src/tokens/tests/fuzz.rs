//! Fuzz targets: what is presented as a token. tests/fuzz/README.md says how to run them for longer.

use super::{HEADER, NOW, TokenType, USER, good_claims, keyring, sealed, signed};

#[test]
fn a_token_has_one_spelling() {
    let keyring = keyring();
    let token = signed(HEADER, good_claims().to_string());
    let is_accepted = |token: &str| keyring.verify_token(token, TokenType::Access, NOW).is_ok();
    assert!(is_accepted(&token));
    let parts: Vec<&str> = token.split('.').collect();
    bolero::check!().for_each(|bytes: &[u8]| {
        let Ok(text) = str::from_utf8(bytes) else {
            return;
        };
        // By itself, and in the place of each part of a good one.
        let mut presented = vec![text.to_owned()];
        for index in 0..parts.len() {
            let mut parts = parts.clone();
            parts[index] = text;
            presented.push(parts.join("."));
        }
        for presented in presented {
            assert_eq!(is_accepted(&presented), presented == token, "{presented}");
        }
    });
}

/// What nobody but us can make, so that a fault in reading it is none that strangers find.
#[test]
fn whatever_we_sign_is_read_or_refused() {
    let keyring = keyring();
    bolero::check!()
        .with_type::<(Vec<u8>, Vec<u8>)>()
        .for_each(|(header, claims)| {
            for token in [
                signed(header, claims),
                signed(HEADER, claims),
                sealed(&String::from_utf8_lossy(claims)),
            ] {
                for kind in [TokenType::Access, TokenType::Refresh, TokenType::Service] {
                    if let Ok(claims) = keyring.verify_token(&token, kind, NOW) {
                        assert_eq!(claims.user_id.len(), USER.len(), "{token}");
                    }
                }
            }
        });
}
