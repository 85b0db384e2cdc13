//! `GET /api/docs`: the description as a page, and what it is made of. `tests/browser` looks at it.

use e2e::{Answer, Client, Request, Service};
use http::{Method, StatusCode};

const PAGE: &str = "/api/docs";

/// The URLs that the page names in its head.
pub(crate) async fn assets(client: &Client) -> Vec<String> {
    let page = fetch(client, PAGE).await;
    references(&text(&page))
        .into_iter()
        .filter(|url| url.starts_with(PAGE))
        .collect()
}

/// What a page links to or loads.
fn references(html: &str) -> Vec<String> {
    let values = [" href=\"", " src=\""].map(|name| html.split(name).skip(1));
    let values = values.into_iter().flatten();
    values
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// What a style sheet loads.
fn urls(css: &str) -> Vec<String> {
    css.split("url(")
        .skip(1)
        .map(|rest| rest.trim_start_matches('"').chars().take(40).collect())
        .collect()
}

/// A file as a browser asks for it, which is in no envelope.
async fn fetch(client: &Client, path: &str) -> Answer {
    let request = client.request(Method::GET, path);
    request
        .header("accept-encoding", "gzip, deflate")
        .send_unchecked()
        .await
}

/// A body in gzip as text.
fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.request);
    assert_eq!(answer.header("content-encoding"), "gzip");
    String::from_utf8(answer.content()).expect("UTF-8")
}

#[tokio::test]
async fn the_page_may_run_what_comes_from_here_and_nothing_else() {
    let client = Service::running().client();
    for path in [PAGE, "/api/docs/"] {
        let page = fetch(&client, path).await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let html = text(&page);
        assert_eq!(
            html.matches("<script").count(),
            html.matches("<script src=").count()
        );
        assert!(
            !html.contains("<style") && !html.contains(" style="),
            "{html}"
        );
    }
    // Everything else keeps the policy that forbids all.
    let health = client.get("/health").await;
    assert_eq!(
        health.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'"
    );
}

#[tokio::test]
async fn what_the_page_is_made_of_comes_from_here_and_may_be_kept_for_ever() {
    let client = Service::running().client();
    let page = text(&fetch(&client, PAGE).await);
    for url in references(&page) {
        assert!(
            url.starts_with("/api/") || url.starts_with("data:"),
            "{url}"
        );
    }
    let assets = assets(&client).await;
    assert_eq!(assets.len(), 3, "{page}");
    for url in assets {
        let asset = fetch(&client, &url).await;
        let content_type = match url.rsplit_once('.') {
            Some((_, "css")) => "text/css",
            _ => "text/javascript",
        };
        assert_eq!(
            asset.header("content-type"),
            format!("{content_type}; charset=utf-8")
        );
        assert_eq!(
            asset.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let text = text(&asset);
        if content_type == "text/css" {
            let urls = urls(&text);
            assert!(!urls.is_empty() && urls.iter().all(|url| url.starts_with("data:")));
            assert!(!text.contains("@import"), "{url}");
        }
        if url.contains("/page.") {
            assert!(!text.contains("http"), "{text}");
        }
    }
    let unknown = client.get("/api/docs/swagger-ui.css").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{unknown}");
}

#[tokio::test]
async fn who_has_a_file_already_gets_it_not_again() {
    let client = Service::running().client();
    let asset = assets(&client).await.remove(0);
    for path in [PAGE, &asset] {
        let first = fetch(&client, path).await;
        let tag = first.header("etag");
        assert!(tag.starts_with("W/\""), "{tag}");
        let asked = |known: &str| -> Request {
            let request = client.request(Method::GET, path);
            request.header("if-none-match", known)
        };
        for known in [tag, "*", &tag[2..], &format!("\"other\", {tag}")] {
            let again = asked(known).send_unchecked().await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{known}");
            assert!(again.bytes.is_empty(), "{known}");
            assert!(!again.headers.contains_key("content-length"), "{known}");
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(again.header(name), first.header(name), "{name}");
            }
        }
        for other in ["\"other\"", "W/\"\"", ""] {
            let again = asked(other).send_unchecked().await;
            assert_eq!(again.status, StatusCode::OK, "{other}");
        }
    }
}

#[tokio::test]
async fn a_client_that_takes_no_gzip_gets_the_same_without() {
    let client = Service::running().client();
    let asset = assets(&client).await.remove(0);
    for path in [PAGE, &asset] {
        let compressed = fetch(&client, path).await;
        let plain = client.request(Method::GET, path).send_unchecked().await;
        assert!(!plain.headers.contains_key("content-encoding"), "{path}");
        assert_eq!(text(&compressed).as_bytes(), plain.bytes, "{path}");
        assert_eq!(
            plain.header("content-length"),
            plain.bytes.len().to_string()
        );
        assert_eq!(plain.header("vary"), "Accept-Encoding");

        let head = client.request(Method::HEAD, path);
        let head = head
            .header("accept-encoding", "gzip")
            .send_unchecked()
            .await;
        assert_eq!(head.header("content-encoding"), "gzip", "{path}");
        assert_eq!(
            head.header("content-length"),
            compressed.bytes.len().to_string()
        );
        let head = client.request(Method::HEAD, path).send_unchecked().await;
        assert_eq!(head.status, StatusCode::OK, "{path}");
        assert!(head.bytes.is_empty(), "{path}");
        assert!(!head.headers.contains_key("content-encoding"), "{path}");
        assert!(!head.headers.contains_key("content-length"), "{path}");
    }
}
