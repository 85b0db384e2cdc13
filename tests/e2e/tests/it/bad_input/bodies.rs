//! Bodies that can't be read, or are not what a request is made of.

use e2e::Service;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Caller, NO_LIMITS, PREFERENCES, PROFILE, ROUTES};

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn malformed_json_is_refused_with_the_place_on_every_route() {
    let service = Service::with_variables(&[("rate_limits", NO_LIMITS)]);
    let caller = Caller::of(&service).await;
    let before = service.stored(caller.user.id).await;
    let deep_arrays = "[".repeat(100_000);
    let deep_objects = r#"{"a":"#.repeat(100_000);
    let bodies: [&[u8]; 24] = [
        b"{\"name\": ",
        b"{",
        b"}",
        b"{'name': 1}",
        b"{\"name\": 1,}",
        b"{name: 1}",
        b"{\"name\"}",
        b"nul",
        b"NaN",
        b"{\"name\": Infinity}",
        b"{\"name\": 01}",
        b"{\"name\": \"\n\"}",
        b"{\"name\": \"\\x41\"}",
        b"{\"name\": \"\\ud800\"}",
        b"{\"name\": \"\\udc00\\ud800\"}",
        b"{\"name\": \"\xff\"}",
        b"{\"name\": \"\xed\xa0\x80\"}",
        b"\xef\xbb\xbf{}",
        b"{\0\"\0a\0\"\0:\x001\0}\0",
        b"{} {}",
        b" ",
        b"name=x&email=y",
        deep_arrays.as_bytes(),
        deep_objects.as_bytes(),
    ];
    for route in ROUTES {
        for body in bodies {
            let request = caller
                .request(route)
                .body("application/json", body.to_vec());
            let answer = request.send().await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{route:?} {answer}");
            assert_eq!(answer.text("/code"), "malformed_request");
            let error = answer.text("/error");
            assert!(
                error.contains("line") && error.contains("column"),
                "{answer}"
            );
        }
    }
    assert_eq!(service.stored(caller.user.id).await, before);
}

#[tokio::test]
async fn more_values_than_any_request_needs_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let many = format!("{{\"a\":\n[{}0]}}", "0,".repeat(30_000));
    let answer = user
        .request(Method::PUT, PREFERENCES)
        .body("application/json", many.into_bytes())
        .send()
        .await;
    assert_snapshot!(answer.status, @"400 Bad Request");
    assert_snapshot!(answer.text("/error"), @"The body holds more than 20000 values at line 2 column 39999.");
}

#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let service = Service::running();
    let user = service.registered_user().await;
    let answer = user
        .request(Method::PUT, PROFILE)
        .body(
            "application/json",
            "{\"phone_number\": \"1\",\n \"profile\": ",
        )
        .send()
        .await;
    assert_snapshot!(answer.status, @"400 Bad Request");
    assert_snapshot!(answer.text("/message"), @"Malformed request");
    assert_snapshot!(answer.text("/error"), @"JSON parse error - EOF while parsing a value at line 2 column 12");
}

#[tokio::test]
async fn what_is_no_object_is_refused_on_every_route() {
    let service = Service::with_variables(&[("rate_limits", NO_LIMITS)]);
    let caller = Caller::of(&service).await;
    let before = service.stored(caller.user.id).await;
    let nested =
        |levels: usize| -> Value { (0..levels).fold(json!([]), |inner, _| json!([inner])) };
    for route in ROUTES {
        for (body, name) in [
            (json!([]), "list"),
            (json!([{"name": "x"}]), "list"),
            (nested(100), "list"),
            (json!(1), "int"),
            (json!(1.5), "float"),
            (json!("{}"), "str"),
            (json!(true), "bool"),
            (json!(null), "NoneType"),
        ] {
            let answer = caller.request(route).json(&body).send().await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{route:?} {answer}"
            );
            let text = format!("Invalid data. Expected a dictionary, but got {name}.");
            assert_eq!(*answer.data(), json!({"error": [text]}), "{route:?} {body}");
        }
    }
    assert_eq!(service.stored(caller.user.id).await, before);
}

#[tokio::test]
async fn other_media_types_are_refused_on_every_route() {
    let service = Service::with_variables(&[("rate_limits", NO_LIMITS)]);
    let caller = Caller::of(&service).await;
    let before = service.stored(caller.user.id).await;
    for route in ROUTES {
        for media_type in [
            "text/plain",
            "text/json",
            "application/xml",
            "application/jsonx",
            "application/merge-patch+json",
            "multipart/form-data; boundary=x",
            "application/octet-stream",
            "json",
            "*/*",
            "application/json, text/plain",
            ";application/json",
            "application /json",
            "",
            "\u{e9}",
        ] {
            let answer = caller.request(route).body(media_type, "{}").send().await;
            assert_eq!(
                answer.status,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "{route:?} {media_type}: {answer}"
            );
            assert_eq!(answer.text("/code"), "unsupported_media_type");
        }
    }
    assert_eq!(service.stored(caller.user.id).await, before);
}

#[tokio::test]
async fn a_media_type_may_be_written_in_many_ways() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (media_type, body) in [
        ("APPLICATION/JSON", r#"{"frequency_limit": 9}"#),
        (
            "application/json;charset=UTF-8",
            r#"{"frequency_limit": 9}"#,
        ),
        (
            "application/json ; profile=\"x;y\"",
            r#"{"frequency_limit": 9}"#,
        ),
        ("Application/X-WWW-Form-Urlencoded", "frequency_limit=9"),
        (
            "application/x-www-form-urlencoded;charset=utf-8",
            "frequency_limit=9",
        ),
    ] {
        let request = user
            .request(Method::PUT, PREFERENCES)
            .body(media_type, body);
        let answer = request.send().await;
        assert_eq!(answer.status, StatusCode::OK, "{media_type}: {answer}");
        assert_eq!(answer.data()["frequency_limit"], 9);
    }
}

#[tokio::test]
async fn an_empty_body_is_an_empty_object_whatever_it_is_called() {
    let service = Service::running();
    let user = service.registered_user().await;
    for media_type in [
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
    ] {
        let answer = user
            .request(Method::PUT, PREFERENCES)
            .body(media_type, "")
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{media_type}: {answer}");
    }
}

#[tokio::test]
async fn a_body_without_a_media_type_is_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let request = format!(
        "PUT {PREFERENCES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-length: 2\r\nconnection: close\r\n\r\n{{}}",
        user.access
    );
    let answer = exchange(&user.client, &[request.as_bytes()]).await;
    assert!(answer.starts_with("HTTP/1.1 415 "), "{answer}");
    assert!(
        answer.contains(r#""code":"unsupported_media_type""#),
        "{answer}"
    );
}

#[tokio::test]
async fn broken_forms_are_refused_with_the_place() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.stored(user.id).await;
    for (body, error) in [
        (
            &b"phone_number=1&username=%zz"[..],
            "Form parse error - field 2: a percent sign is not followed by two hexadecimal digits",
        ),
        (
            b"phone_number=%",
            "Form parse error - field 1: a percent sign is not followed by two hexadecimal digits",
        ),
        (
            b"phone_number=1&profile.bio=\xff",
            "Form parse error - field 2: the text is not UTF-8",
        ),
        (
            b"phone_number=%ED%A0%80",
            "Form parse error - field 1: the text is not UTF-8",
        ),
        (
            b"profile=1&profile.bio=2",
            "Form parse error - field 2: its name is both a value's and an object's",
        ),
        (
            b"a.b.c.d.e.f.g.h.i=1",
            "Form parse error - field 1: its name has too many dots",
        ),
    ] {
        let request = user.request(Method::PUT, PROFILE);
        let answer = request
            .body("application/x-www-form-urlencoded", body)
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer}");
        assert_eq!(answer.text("/error"), error);
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn the_last_of_two_equal_names_counts() {
    let service = Service::running();
    let user = service.registered_user().await;
    for (media_type, body) in [
        (
            "application/json",
            r#"{"frequency_limit": "x", "frequency_limit": 8}"#,
        ),
        (
            "application/x-www-form-urlencoded",
            "frequency_limit=x&frequency_limit=8",
        ),
    ] {
        let request = user
            .request(Method::PUT, PREFERENCES)
            .body(media_type, body);
        let answer = request.send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        assert_eq!(answer.data()["frequency_limit"], 8);
    }
}

#[tokio::test]
async fn huge_numbers_are_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = service.stored(user.id).await;
    let digits = "9".repeat(10_000);
    for number in ["1e400", "-1e400", "1E+9999999999", &digits, "0.1e309"] {
        let body = format!(r#"{{"frequency_limit": {number}1}}"#);
        let request = user
            .request(Method::PUT, PREFERENCES)
            .body("application/json", body);
        let answer = request.send().await;
        assert!(
            [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY].contains(&answer.status),
            "{answer}"
        );
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn a_body_may_have_a_mebibyte_and_not_a_byte_more() {
    let service = Service::running();
    let user = service.registered_user().await;
    let padded = |length: usize| {
        let begin = r#"{"frequency_limit": 7"#;
        format!("{begin}{}}}", " ".repeat(length - begin.len() - 1))
    };

    let request = user.request(Method::PUT, PREFERENCES);
    let fits = request
        .body("application/json", padded(MEBIBYTE))
        .send()
        .await;
    assert_snapshot!(fits.status, @"200 OK");

    let before = service.stored(user.id).await;
    let request = user.request(Method::PUT, PREFERENCES);
    let too_large = request
        .body("application/json", padded(MEBIBYTE + 1))
        .send()
        .await;
    assert_snapshot!(too_large.status, @"413 Payload Too Large");
    assert_snapshot!(too_large.text("/code"), @"payload_too_large");
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn a_large_body_in_chunks_without_a_length_is_refused() {
    let service = Service::running();
    let user = service.registered_user().await;
    let head = format!(
        "PUT {PREFERENCES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        user.access
    );
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let mut parts = vec![head.as_bytes()];
    parts.extend(vec![chunk.as_bytes(); 17]);
    parts.push(b"0\r\n\r\n");

    let answer = exchange(&user.client, &parts).await;

    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""code":"payload_too_large""#), "{answer}");
}

#[tokio::test]
async fn a_small_body_in_chunks_is_read() {
    let service = Service::running();
    let user = service.registered_user().await;
    let head = format!(
        "PUT {PREFERENCES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        user.access
    );
    let parts = [
        head.as_bytes(),
        b"5\r\n{\"fre\r\n",
        b"10\r\nquency_limit\":6}\r\n",
        b"0\r\n\r\n",
    ];

    let answer = exchange(&user.client, &parts).await;

    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(user.get(PREFERENCES).await.data()["frequency_limit"], 6);
}

#[tokio::test]
async fn who_is_not_signed_in_hears_so_whatever_he_sends() {
    let service = Service::running();
    let large = " ".repeat(MEBIBYTE + 1);
    for (media_type, body) in [
        ("application/json", "{"),
        ("text/plain", "x"),
        ("application/json", "[]"),
        ("application/json", &large),
    ] {
        let request = service.client().request(Method::PUT, PROFILE);
        let answer = request.body(media_type, body.to_owned()).send().await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer}");
    }
}

#[tokio::test]
async fn a_body_with_get_and_delete_is_no_matter() {
    let service = Service::running();
    let user = service.registered_user().await;
    let request = user.request(Method::GET, PROFILE).body("text/plain", "{");
    assert_eq!(request.send().await.status, StatusCode::OK);
    let path = "/api/v1/users/push-tokens/nope";
    let request = user.request(Method::DELETE, path).body("text/plain", "{");
    assert_eq!(request.send().await.status, StatusCode::NOT_FOUND);
}

/// Sends `parts` one by one on a connection and answers all that comes back.
async fn exchange(client: &e2e::Client, parts: &[&[u8]]) -> String {
    let mut connection = client.connect().await;
    for part in parts {
        // The service may have answered and closed before it has read everything.
        if connection.write_all(part).await.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    // What came before a reset counts.
    let _ = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
