//! `GET /api/v1/services/templates/{name}/preview`: the template service through our eyes.

use e2e::{Answer, Service, SignedInService, eventually, random_hex};
use http::{Method, StatusCode};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::assert_forbidden;
use crate::stand_in::{Manner, StandIn};

const WELCOME: &str = r#"{"subject": "Welcome", "body": "Hello {{ name }}"}"#;
const BIENVENUE: &str =
    r#"{"success": true, "data": {"subject": "Bienvenue", "body": "Bonjour {{ name }}"}}"#;
const CANADIAN: &str = r#"{"body": "Allô"}"#;

/// A stand-in with these templates: name and language, which may be empty, and the answer.
async fn stand_in_with(templates: &[(&str, &str, &str)]) -> StandIn {
    let answers = templates.iter().map(|(name, language, answer)| {
        let query = match *language {
            "" => String::new(),
            language => format!("?language={language}"),
        };
        let path = format!("/api/v1/templates/{name}{query}");
        (path, (*answer).to_owned())
    });
    StandIn::new(answers).await
}

/// A stand-in, a service that asks it, and who asks that.
async fn with_templates(templates: &[(&str, &str, &str)]) -> (StandIn, Service, SignedInService) {
    let stand_in = stand_in_with(templates).await;
    let service = Service::with_variables(&[("template_service_url", &stand_in.url)]);
    let caller = SignedInService::new(&service, &["templates:preview"]).await;
    (stand_in, service, caller)
}

/// Asks for a template; `name` may have a query behind it.
async fn preview(caller: &SignedInService, name: &str) -> Answer {
    let (name, query) = name.split_once('?').unwrap_or((name, ""));
    let url = format!("/api/v1/services/templates/{name}/preview?{query}");
    caller.get(&url).await
}

/// The language that a template is found in, its text, and whether it was cached.
async fn found(caller: &SignedInService, name: &str) -> Value {
    let answer = preview(caller, name).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let data = answer.data();
    json!([data["language"], data["body"], data["cached"]])
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert_eq!(answer.text("/code"), "template_service_unavailable");
    assert_eq!(
        answer.text("/error"),
        "The template service can't be used right now. Please try again later."
    );
    assert!(answer.data().is_null(), "{answer}");
}

fn assert_not_found(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
    assert_eq!(answer.text("/error"), "Template not found");
}

#[tokio::test]
async fn a_template_is_found_in_the_language_or_a_wider_one_or_the_default() {
    let templates = [
        ("welcome", "", WELCOME),
        ("welcome", "fr", BIENVENUE),
        ("greeting", "", WELCOME),
        ("greeting", "fr-CA", CANADIAN),
    ];
    let (stand_in, _service, caller) = with_templates(&templates).await;

    let answer = preview(&caller, "welcome?language=fr-CA").await;
    assert_json_snapshot!(answer.data(), @r#"
    {
      "name": "welcome",
      "language": "fr",
      "subject": "Bienvenue",
      "body": "Bonjour {{ name }}",
      "cached": false
    }
    "#);
    let below = |path: &str| format!("/api/v1/templates/{path}");
    assert_eq!(
        stand_in.asked(),
        ["welcome?language=fr-CA", "welcome?language=fr"].map(below)
    );

    let expected = json!(["fr-CA", "Allô", false]);
    assert_eq!(found(&caller, "greeting?language=fr-CA").await, expected);
    let expected = json!([null, "Hello {{ name }}", false]);
    assert_eq!(found(&caller, "greeting?language=de-AT").await, expected);
    assert_eq!(found(&caller, "welcome").await, expected);
    assert_eq!(
        stand_in.asked(),
        [
            "greeting?language=fr-CA",
            "greeting?language=de-AT",
            "greeting?language=de",
            "greeting",
            "welcome",
        ]
        .map(below)
    );
}

#[tokio::test]
async fn what_was_found_and_what_was_not_is_remembered() {
    let templates = [("welcome", "", WELCOME), ("welcome", "fr", BIENVENUE)];
    let (stand_in, service, caller) = with_templates(&templates).await;
    let first = json!(["fr", "Bonjour {{ name }}", false]);
    assert_eq!(found(&caller, "welcome?language=fr-CA").await, first);
    assert_not_found(&preview(&caller, "nothing").await);
    stand_in.asked();

    let again = json!(["fr", "Bonjour {{ name }}", true]);
    for language in ["fr-CA", "fr"] {
        let name = format!("welcome?language={language}");
        assert_eq!(found(&caller, &name).await, again);
    }
    assert_not_found(&preview(&caller, "nothing").await);
    assert_eq!(stand_in.asked(), [""; 0]);
    for (key, longest) in [
        ("{welcome}:fr", 300),
        ("{welcome}:fr-CA", 30),
        ("{nothing}:", 30),
    ] {
        let ttl: i64 = service.redis(&["TTL", &format!("us:template:{key}")]).await;
        assert!((1..=longest).contains(&ttl), "{key}: {ttl}");
    }
    // What is remembered needs no template service.
    stand_in.end().await;
    assert_eq!(found(&caller, "welcome?language=fr-CA").await, again);
    assert_unavailable(&preview(&caller, "welcome").await);
}

#[tokio::test]
async fn without_redis_the_template_service_is_asked_each_time() {
    let stand_in = stand_in_with(&[("welcome", "", WELCOME)]).await;
    let service = Service::without_redis_with(&[("template_service_url", &stand_in.url)]);
    let caller = SignedInService::new(&service, &["templates:preview"]).await;
    for _ in 0..2 {
        let expected = json!([null, "Hello {{ name }}", false]);
        assert_eq!(found(&caller, "welcome").await, expected);
    }
    assert_eq!(stand_in.asked().len(), 2);
}

#[tokio::test]
async fn what_is_no_name_of_a_template_is_not_found_and_not_asked_for() {
    let (stand_in, _service, caller) = with_templates(&[]).await;
    let too_long = "a".repeat(101);
    for name in [
        "%2e",
        "%2e%2e",
        "..%2fusers",
        "%2e%2e%2f%2e%2e%2fusers",
        "a%2fb",
        "a%5cb",
        "a%3fb",
        "a%23b",
        "a%20b",
        "a%00",
        "a%252f",
        "A",
        "%C3%A4",
        "%FF",
        &too_long,
    ] {
        assert_not_found(&preview(&caller, name).await);
    }
    for language in ["e", "fr_CA", "fr%26x%3D1", "%00", "english-language"] {
        let answer = preview(&caller, &format!("welcome?language={language}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(answer.data()["language"].is_array(), "{answer}");
    }
    assert_eq!(stand_in.asked(), [""; 0]);
}

#[tokio::test]
async fn whatever_is_wrong_with_the_template_service_is_503() {
    let (stand_in, service, caller) = with_templates(&[("welcome", "", WELCOME)]).await;
    for manner in [
        Manner::Silent,
        Manner::HangsUp,
        Manner::Half,
        Manner::Status(500),
        Manner::Status(503),
        Manner::Status(302),
        Manner::Status(401),
        Manner::Status(204),
        Manner::Huge,
        Manner::Html,
        Manner::NoTemplate,
    ] {
        stand_in.answers(manner);
        assert_unavailable(&preview(&caller, "welcome").await);
        assert_eq!(
            stand_in.asked().len(),
            1,
            "{manner:?}: no redirection, no repetition"
        );
        service.redis::<i64>(&["DEL", "us:circuit:templates"]).await;
    }
    stand_in.answers(Manner::Good);
    assert_eq!(found(&caller, "welcome").await[2], false);
}

#[tokio::test]
async fn a_template_service_that_fails_is_left_alone_and_then_tried_by_one() {
    let (stand_in, _service, caller) = with_templates(&[("welcome", "", WELCOME)]).await;
    stand_in.answers(Manner::Status(500));
    for _ in 0..5 {
        assert_unavailable(&preview(&caller, "welcome").await);
    }
    assert_eq!(stand_in.asked().len(), 5);
    for _ in 0..20 {
        let answer = preview(&caller, "welcome").await;
        assert_unavailable(&answer);
        let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=5).contains(&seconds), "{answer}");
    }
    assert_eq!(stand_in.asked(), [""; 0], "it is left alone");

    eventually("one request tries it", async || {
        assert_unavailable(&preview(&caller, "welcome").await);
        !stand_in.asked().is_empty()
    })
    .await;
    for _ in 0..20 {
        assert_unavailable(&preview(&caller, "welcome").await);
    }
    assert_eq!(
        stand_in.asked(),
        [""; 0],
        "the failed trial opens the circuit again"
    );

    stand_in.answers(Manner::Good);
    eventually("it is used again", async || {
        preview(&caller, "welcome").await.status == StatusCode::OK
    })
    .await;
    assert_not_found(&preview(&caller, "nothing").await);
    assert_eq!(stand_in.asked().len(), 2);
}

#[tokio::test]
async fn a_template_service_that_is_not_there_is_503() {
    let stand_in = stand_in_with(&[]).await;
    let service = Service::with_variables(&[("template_service_url", &stand_in.url)]);
    stand_in.end().await;
    let caller = SignedInService::new(&service, &["templates:preview"]).await;
    assert_unavailable(&preview(&caller, "welcome").await);
}

#[tokio::test]
async fn a_template_service_that_is_not_allowed_is_not_asked() {
    let stand_in = stand_in_with(&[("welcome", "", WELCOME)]).await;
    let service = Service::with_variables(&[
        ("template_service_url", &stand_in.url),
        ("template_service_address", "http://127.0.0.1:1"),
    ]);
    let caller = SignedInService::new(&service, &["templates:preview"]).await;
    assert_unavailable(&preview(&caller, "welcome").await);
    assert_eq!(stand_in.asked(), [""; 0]);
}

#[tokio::test]
async fn without_a_template_service_there_are_no_templates() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["templates:preview"]).await;
    let answer = preview(&caller, "welcome").await;
    assert_unavailable(&answer);
    assert_eq!(answer.header("retry-after"), "60");
}

#[tokio::test]
async fn a_preview_needs_its_permission() {
    let service = Service::running();
    let caller = SignedInService::new(&service, &["users:read"]).await;
    assert_forbidden(&preview(&caller, "welcome").await, "templates:preview");
}

#[tokio::test]
async fn the_callers_trace_goes_on_to_the_template_service() {
    let (stand_in, _service, caller) = with_templates(&[("welcome", "", WELCOME)]).await;
    let trace_id = random_hex(32);
    let request = caller.request(Method::GET, "/api/v1/services/templates/welcome/preview");
    let answer = request
        .header("traceparent", format!("00-{trace_id}-b7ad6b7169203331-01"))
        .header("tracestate", "congo=t61rcWkgMzE")
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert!(answer.header("server-timing").contains(", http;dur="));

    let parent = stand_in.header("traceparent").expect("a trace");
    let parts: Vec<_> = parent.split('-').collect();
    let [version, trace, span, flags] = parts[..] else {
        panic!("{parent}");
    };
    assert_eq!((version, trace, flags), ("00", &*trace_id, "01"));
    assert_ne!(span, "b7ad6b7169203331", "the request is a span of its own");
    assert_eq!(
        stand_in.header("tracestate").as_deref(),
        Some("congo=t61rcWkgMzE")
    );

    assert_not_found(&preview(&caller, "other").await);
    assert_eq!(stand_in.header("traceparent"), None);
}
