//! `POST /api/v1/services/unsubscribe-links` and `/api/v1/unsubscribe/{link}`: one-click unsubscribe (RFC
//! 8058).

use e2e::{Answer, Service, SignedInService, TestUser};
use http::{Method, StatusCode};
use serde_json::json;

const LINKS: &str = "/api/v1/services/unsubscribe-links";
const PREFERENCES: &str = "/api/v1/users/preferences";
const FORM: &str = "application/x-www-form-urlencoded";
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

#[tokio::test]
async fn one_click_unsubscribes_and_may_be_repeated() {
    let service = Service::running();
    let events = service.events().await;
    let user = service.registered_user().await;
    let link = link(&service, &user, "marketing").await;

    for _ in 0..2 {
        let answer = post(&service, &link, FORM, ONE_CLICK).await;
        assert_eq!(answer.status, StatusCode::OK);
        let preferences = user.get(PREFERENCES).await;
        assert_eq!(preferences.data()["email_marketing"], false);
        assert_eq!(preferences.data()["email_transactional"], true);
    }
    let told = events.of(&user.id, 2).await;
    assert_eq!(told[1].routing_key, "user.preferences_updated");
    assert_eq!(told[1].body["data"]["changed"], json!(["email_marketing"]));
    let profile = user.get("/api/v1/users/profile").await;
    assert_eq!(
        profile.data()["notification_preferences"]["email_marketing"],
        false
    );
}

#[tokio::test]
async fn mail_programs_send_the_form_in_parts() {
    let service = Service::running();
    let user = service.registered_user().await;
    let link = link(&service, &user, "system").await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";

    let answer = post(&service, &link, "multipart/form-data; boundary=b", body).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(user.get(PREFERENCES).await.data()["email_system"], false);
}

#[tokio::test]
async fn opening_a_link_changes_nothing_and_shows_a_page() {
    let service = Service::running();
    let user = service.registered_user().await;
    let link = link(&service, &user, "marketing").await;
    let before = service.stored(user.id).await;

    let answer = service.client().get(&link).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let page = String::from_utf8_lossy(&answer.bytes);
    assert!(
        page.contains("<form method=\"post\">") && page.contains("marketing"),
        "{page}"
    );
    assert!(!page.contains(&user.email));
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn only_links_of_ours_unsubscribe() {
    let service = Service::running();
    let user = service.registered_user().await;
    let stranger = service.registered_user().await;
    let good = link(&service, &user, "marketing").await;
    let other = link(&service, &stranger, "marketing").await;
    let (target, _) = good.rsplit_once('.').expect("a signature");
    let (_, signature) = other.rsplit_once('.').expect("a signature");
    let before = service.stored(user.id).await;
    for bad in [
        format!("{target}.{signature}"),
        format!("{target}."),
        target.to_owned(),
        format!("{good}x"),
        "/api/v1/unsubscribe/x.y".to_owned(),
        format!("/api/v1/unsubscribe/{}", user.access),
    ] {
        let answer = post(&service, &bad, FORM, ONE_CLICK).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{bad}: {answer}");
        assert_eq!(
            service.client().get(&bad).await.status,
            StatusCode::NOT_FOUND
        );
    }
    for body in ["", "List-Unsubscribe=Two-Clicks", "unsubscribe=yes"] {
        let answer = post(&service, &good, FORM, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}: {answer}");
    }
    assert_eq!(service.stored(user.id).await, before);
}

#[tokio::test]
async fn a_user_who_is_gone_is_not_told_of() {
    let service = Service::running();
    let user = service.registered_user().await;
    let link = link(&service, &user, "marketing").await;
    let deletion = json!({"password": user.password});
    let deleted = user
        .request(Method::DELETE, "/api/v1/users/account")
        .json(&deletion)
        .send()
        .await;
    assert_eq!(deleted.status, StatusCode::OK, "{deleted}");
    let answer = post(&service, &link, FORM, ONE_CLICK).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn links_with_a_secret_of_their_own_outlive_the_secret_of_tokens() {
    let (old, new, own) = ("o".repeat(32), "n".repeat(32), "u".repeat(32));
    let before = Service::with_variables(&[("jwt_secret", &old)]);
    let user = before.registered_user().await;
    let first = link(&before, &user, "marketing").await;

    let with_own = Service::with_variables(&[("jwt_secret", &old), ("unsubscribe_secret", &own)]);
    let second = link(&with_own, &user, "system").await;
    assert_ne!(second, link(&before, &user, "system").await);
    for link in [&first, &second] {
        let answer = with_own.client().get(link).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
    }

    let after = Service::with_variables(&[("jwt_secret", &new), ("unsubscribe_secret", &own)]);
    let answer = post(&after, &first, FORM, ONE_CLICK).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
    let answer = post(&after, &second, FORM, ONE_CLICK).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let switch = "select email_system from notification_preferences where user_id = $1";
    assert!(!after.value::<bool>(switch, &[&user.id]).await);
}

#[tokio::test]
async fn security_messages_have_no_link() {
    let service = Service::running();
    let user = service.registered_user().await;
    let caller = SignedInService::new(&service, &["unsubscribe:link"]).await;
    let body = json!({"user_id": user.id, "category": "security"});
    let answer = caller.post(LINKS, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert!(answer.data()["category"].is_array(), "{answer}");
}

/// The path of a link that stops e-mails of `category`.
async fn link(service: &Service, user: &TestUser, category: &str) -> String {
    let caller = SignedInService::new(service, &["unsubscribe:link"]).await;
    let body = json!({"user_id": user.id, "channel": "email", "category": category});
    let answer = caller.post(LINKS, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    answer.text("/data/path").to_owned()
}

async fn post(service: &Service, link: &str, content_type: &str, body: &str) -> Answer {
    let client = service.client();
    let request = client.request(Method::POST, link);
    request.body(content_type, body.to_owned()).send().await
}
