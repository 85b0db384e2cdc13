//! What is issued, and that it is accepted.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::Keyring;
use super::{
    Base64UrlUnpadded, Encoding, NOW, SECRET, SESSION, TOKEN_ID, USER, keyring, named_keyring,
    service_subject, settings, subject,
};
use crate::bindings::tokens::{Claims, Refusal, Settings, SettingsError, Subject, TokenType};

/// The header and the claims of `token`, as text.
fn opened(token: &str) -> [String; 2] {
    let mut parts = token
        .split('.')
        .map(|part| String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()));
    [(); 2].map(|()| parts.next().unwrap().unwrap())
}

/// What `token` says for the claim `name`.
fn claim(token: &str, name: &str) -> Value {
    let [_, claims] = opened(token);
    serde_json::from_str::<Value>(&claims).unwrap()[name].take()
}

#[test]
fn a_pair_of_tokens_is_written_as_the_contract_says() {
    let pair = keyring().issue_pair(&subject(7), NOW - 100, TOKEN_ID, NOW);
    let [header, claims] = opened(&pair.access);
    assert_eq!(header, r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(
        claims,
        format!(
            r#"{{"token_type":"access","exp":1700003600,"iat":1700000000,"jti":"{TOKEN_ID}","user_id":"{USER}","sid":"{SESSION}","scope":"user"}}"#
        )
    );
    let [header, claims] = opened(&pair.refresh);
    assert_eq!(header, r#"{"alg":"HS256","typ":"JWT"}"#);
    // The jti: the first half of SHA-256 over the session's text and the generation in 8 bytes.
    assert_eq!(
        claims,
        format!(
            r#"{{"token_type":"refresh","exp":1700604700,"iat":1699999900,"jti":"569584d99f99bd909bd136148fbe905b","user_id":"{USER}","sid":"{SESSION}","scope":"user","gen":7}}"#
        )
    );
}

#[test]
fn a_service_token_names_its_account_and_credential() {
    let token = keyring().issue_service_token(&service_subject(), TOKEN_ID, NOW, 600);
    let [header, claims] = opened(&token);
    assert_eq!(header, r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(
        claims,
        format!(
            r#"{{"token_type":"service","exp":1700000600,"iat":1700000000,"jti":"{TOKEN_ID}","user_id":"{USER}","sid":"{SESSION}","scope":"users:read push-tokens:read"}}"#
        )
    );
}

#[test]
fn issuer_and_audience_are_written_when_set() {
    let pair = named_keyring().issue_pair(&subject(1), NOW, TOKEN_ID, NOW);
    let service = named_keyring().issue_service_token(&service_subject(), TOKEN_ID, NOW, 600);
    for token in [&pair.access, &pair.refresh, &service] {
        let names = ["iss", "aud"].map(|name| claim(token, name));
        assert_eq!(names, ["issuer", "audience"]);
    }
}

#[test]
fn an_issued_pair_is_accepted_each_as_what_it_is() {
    for keyring in [keyring(), named_keyring()] {
        let pair = keyring.issue_pair(&subject(7), NOW - 100, TOKEN_ID, NOW);
        let access = keyring
            .verify_token(&pair.access, TokenType::Access, NOW)
            .unwrap();
        let expected = Claims {
            user_id: USER.to_owned(),
            session_id: Some(SESSION.to_owned()),
            generation: None,
            scope: "user".to_owned(),
            token_id: TOKEN_ID.to_owned(),
            expires_at: NOW + 3_600,
        };
        assert_eq!(access, expected);

        let refresh = keyring
            .verify_token(&pair.refresh, TokenType::Refresh, NOW)
            .unwrap();
        let expected = Claims {
            generation: Some(7),
            token_id: "569584d99f99bd909bd136148fbe905b".to_owned(),
            expires_at: NOW - 100 + 604_800,
            ..expected
        };
        assert_eq!(refresh, expected);
    }
}

#[test]
fn an_issued_service_token_is_accepted_until_it_expires() {
    for keyring in [keyring(), named_keyring()] {
        let token = keyring.issue_service_token(&service_subject(), TOKEN_ID, NOW, 600);
        let expected = Claims {
            user_id: USER.to_owned(),
            session_id: Some(SESSION.to_owned()),
            generation: None,
            scope: "users:read push-tokens:read".to_owned(),
            token_id: TOKEN_ID.to_owned(),
            expires_at: NOW + 600,
        };
        let verify = |now| keyring.verify_token(&token, TokenType::Service, now);
        assert_eq!(verify(NOW + 599), Ok(expected));
        assert_eq!(verify(NOW + 600), Err(Refusal::Expired));
    }
}

#[test]
fn a_token_is_refused_as_any_other_type() {
    let keyring = keyring();
    let pair = keyring.issue_pair(&subject(1), NOW, TOKEN_ID, NOW);
    let service = keyring.issue_service_token(&service_subject(), TOKEN_ID, NOW, 600);
    let all = [TokenType::Access, TokenType::Refresh, TokenType::Service];
    for (token, own) in [
        (&pair.access, TokenType::Access),
        (&pair.refresh, TokenType::Refresh),
        (&service, TokenType::Service),
    ] {
        for expected in all.into_iter().filter(|expected| *expected != own) {
            let refused = keyring.verify_token(token, expected, NOW);
            assert_eq!(refused, Err(Refusal::WrongType), "{own:?} as {expected:?}");
        }
    }
}

#[test]
fn a_secret_of_fewer_than_32_bytes_is_refused_without_being_told() {
    let open = |secret: &str| {
        Keyring::new(Settings {
            secret: secret.to_owned(),
            ..settings()
        })
    };
    for secret in ["", &SECRET[..31], "\u{e9}\u{e9}\u{e9}\u{e9}"] {
        let Err(SettingsError::WeakSecret(text)) = open(secret) else {
            panic!("{secret} was accepted");
        };
        assert!(text.contains("secret") && (secret.is_empty() || !text.contains(secret)));
    }
    // Bytes are counted: 16 letters of two bytes each.
    assert!(open(&SECRET[..32]).is_ok() && open(&"\u{e9}".repeat(16)).is_ok());
}

#[test]
fn a_refresh_token_of_the_old_service_is_accepted_without_session() {
    // By PyJWT, with the claims of djangorestframework-simplejwt.
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
        eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6MTcwMDYwNDgwMCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiI1\
        ZjBjN2ExZTliM2Q0YzJhOGU2ZjFiMGQ3YzlhNWUzNCIsInVzZXJfaWQiOiIwMTkwYjhlNC03ZjJhLTdjM2QtOWUx\
        Zi01YTZiN2M4ZDllMGYifQ.qjonFg0bF_TjVbeNMUkF4WJeOTZKmxVCdU0I0a7HcqU";
    let claims = keyring().verify_token(token, TokenType::Refresh, NOW);
    let expected = Claims {
        user_id: USER.to_owned(),
        session_id: None,
        generation: None,
        scope: String::new(),
        token_id: TOKEN_ID.to_owned(),
        expires_at: 1_700_604_800,
    };
    assert_eq!(claims, Ok(expected));
}

#[test]
fn ends_of_time_do_not_overflow() {
    let pair = keyring().issue_pair(&subject(u64::MAX), u64::MAX, TOKEN_ID, u64::MAX);
    for token in [&pair.access, &pair.refresh] {
        assert_eq!(claim(token, "exp"), json!(u64::MAX));
        let refused = keyring().verify_token(token, TokenType::Access, u64::MAX);
        assert_eq!(refused, Err(Refusal::Malformed));
    }
}

proptest! {
    #[test]
    fn the_refresh_token_of_a_generation_is_always_the_same(
        generation in 0..=i64::MAX.unsigned_abs(),
        began in 0..NOW,
        one in 0..NOW,
        other in 0..NOW,
    ) {
        let issue = |now, id: &str| keyring().issue_pair(&subject(generation), began, id, now);
        let refresh = issue(one, TOKEN_ID).refresh;
        prop_assert_eq!(&issue(other, "0123456789abcdef0123456789abcdef").refresh, &refresh);

        let next = keyring().issue_pair(&subject(generation + 1), began, TOKEN_ID, one).refresh;
        prop_assert_ne!(&next, &refresh);
        let elsewhere = Subject { session_id: USER.to_owned(), ..subject(generation) };
        let elsewhere = keyring().issue_pair(&elsewhere, began, TOKEN_ID, one).refresh;
        prop_assert_ne!(claim(&elsewhere, "jti"), claim(&refresh, "jti"));
    }

    #[test]
    fn what_is_issued_is_accepted_until_it_expires(
        scope: String,
        generation in 0..=i64::MAX.unsigned_abs(),
        age in 0..4_000_u64,
    ) {
        let subject = Subject { scope: scope.clone(), ..subject(generation) };
        let pair = keyring().issue_pair(&subject, NOW, TOKEN_ID, NOW);
        // The scope may be longer than a token may be.
        prop_assume!(pair.refresh.len() <= 8_192);
        let access = keyring().verify_token(&pair.access, TokenType::Access, NOW + age);
        prop_assert_eq!(access.map(|claims| claims.scope), if age < 3_600 { Ok(scope) } else { Err(Refusal::Expired) });
        let refresh = keyring().verify_token(&pair.refresh, TokenType::Refresh, NOW + age);
        prop_assert_eq!(refresh.map(|claims| claims.generation), Ok(Some(generation)));
    }
}
