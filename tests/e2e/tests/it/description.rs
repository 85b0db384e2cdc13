//! `GET /api/schema`: the description of the API, and whether its examples are what happens.

mod examples;

use std::fs;

use e2e::{Answer, Service};
use http::{Method, StatusCode};
use insta::assert_snapshot;
use stack::workspace_root;

const SCHEMA: &str = "/api/schema";

async fn ask(service: &Service, headers: &[(&str, &str)]) -> Answer {
    let request = service.client().request(Method::GET, SCHEMA);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    request.send_unchecked().await
}

#[tokio::test]
async fn the_committed_document_is_answered_to_everybody() {
    let service = Service::running();

    let answer = ask(&service, &[]).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_snapshot!(
        answer.header("content-type"),
        @"application/vnd.oai.openapi+json;version=3.1"
    );
    assert_snapshot!(answer.header("cache-control"), @"public, max-age=300");
    let committed = fs::read(workspace_root().join("openapi.json")).expect("the document");
    assert!(answer.bytes == committed, "another document");
    let compressed = ask(&service, &[("accept-encoding", "gzip")]).await;
    assert_eq!(compressed.header("content-encoding"), "gzip");
    assert_eq!(compressed.header("etag"), answer.header("etag"));
    assert!(compressed.bytes.len() * 4 < answer.bytes.len());
    assert_eq!(compressed.body, answer.body);
}

#[tokio::test]
async fn who_has_it_is_told_so() {
    let service = Service::running();
    let tag = ask(&service, &[]).await.header("etag").to_owned();
    let strong = tag.trim_start_matches("W/");
    for known in [&*tag, strong, "*", &format!(r#""another", {tag}"#)] {
        let answer = ask(&service, &[("if-none-match", known)]).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(answer.header("etag"), tag);
        assert!(answer.bytes.is_empty(), "{known}");
    }
    for unknown in [r#""another""#, r#"W/"another""#, ""] {
        let answer = ask(&service, &[("if-none-match", unknown)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{unknown}");
    }
}
