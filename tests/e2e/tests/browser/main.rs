//! The page at `/api/docs` in a real browser, as a developer uses it. It needs Chromium: `cargo xtask test
//! --schema` runs it.

mod browser;

use e2e::Service;
use http::Method;
use serde_json::Value;

use crate::browser::Browser;

/// The methods that an operation can have.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[tokio::test]
#[ignore = "needs Chromium: cargo xtask test --schema"]
async fn the_page_shows_every_operation_and_a_user_can_try_them() {
    let service = Service::running();
    let user = service.registered_user().await;
    let browser = Browser::open().await;
    browser.go_to(&format!("{}/api/docs", service.url())).await;

    let description = service.client().request(Method::GET, "/api/schema");
    let description = description.send_unchecked().await.body;
    assert_eq!(browser.count(".opblock").await, operations(&description));

    browser.click(".btn.authorize").await;
    browser.fill(".auth-container input", &user.access).await;
    browser.click(".auth-container .btn.authorize").await;
    browser.click(".auth-container .btn-done").await;

    let profile = r#".opblock-get:has([data-path="/api/v1/users/profile"])"#;
    let below_profile = |selector: &str| format!("{profile} {selector}");
    for button in [".opblock-summary-control", ".try-out__btn", ".execute"] {
        browser.click(&below_profile(button)).await;
    }
    let answer = browser
        .text(&below_profile(".live-responses-table .response"))
        .await;
    assert!(answer.starts_with("200"), "{answer}");
    // Nothing optional was filled in: all of the user is there.
    assert!(answer.contains(&user.email), "{answer}");

    let loaded = "return performance.getEntriesByType('resource').map(entry => entry.name)";
    let loaded = browser.run(loaded).await;
    let loaded = loaded.as_array().expect("what was loaded");
    assert!(loaded.len() >= 5, "{loaded:?}");
    for url in loaded {
        let url = url.as_str().unwrap_or_default();
        assert!(url.starts_with(service.url()), "{url}");
    }
    assert_eq!(browser.console().await, Vec::<String>::new());
}

/// How many operations are described.
fn operations(description: &Value) -> usize {
    let paths = description["paths"].as_object().expect("paths");
    let operations = paths
        .values()
        .flat_map(|path| METHODS.map(|method| path.get(method)));
    operations.flatten().count()
}
