//! `/api/v1/users/sessions`: where the caller is signed in.

use e2e::{Answer, Service, TestUser};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;
use uuid::Uuid;

const SESSIONS: &str = "/api/v1/users/sessions";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test]
async fn a_user_sees_where_he_is_signed_in() {
    let service = Service::running();
    let user = service.registered_user().await;
    let browser = signed_in_by(&user, FIREFOX).await;
    service.registered_user().await;

    let answer = browser.get(SESSIONS).await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_eq!(answer.body["meta"]["total"], 2);
    let address = user.client.address().to_string();
    let [current, other] = &answer.data().as_array().expect("a list")[..] else {
        panic!("two sessions, not {answer}")
    };
    assert_eq!(current["id"], browser.session().to_string());
    assert_eq!(current["ip_address"], address);
    assert_json_snapshot!(current, {
        ".id" => "[id]", ".ip_address" => "[address]", ".created_at" => "[time]",
        ".last_seen" => "[time]", ".expires_at" => "[time]",
    }, @r#"
    {
      "id": "[id]",
      "device": "Firefox on Linux",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      "ip_address": "[address]",
      "created_at": "[time]",
      "last_seen": "[time]",
      "expires_at": "[time]",
      "is_current": true
    }
    "#);
    assert_eq!(other["id"], user.session().to_string());
    assert_eq!(other["device"], "Unknown device");
    assert_eq!(other["is_current"], false);
}

#[tokio::test]
async fn a_session_that_was_renewed_comes_first_and_pages_are_cut() {
    let service = Service::running();
    let user = service.registered_user().await;
    user.another_session().await;
    user.another_session().await;
    let user = user.refreshed().await;
    let first = user.get(&format!("{SESSIONS}?limit=1")).await;
    assert_eq!(first.data()[0]["id"], user.session().to_string());
    let meta = &first.body["meta"];
    assert_eq!(
        (&meta["total"], &meta["total_pages"]),
        (&json!(3), &json!(3))
    );
    let last = user.get(&format!("{SESSIONS}?limit=2&page=9")).await;
    assert_eq!(last.data().as_array().map(Vec::len), Some(1));
    let refused = user.get(&format!("{SESSIONS}?limit=0")).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused}"
    );
}

#[tokio::test]
async fn what_is_over_is_not_listed() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (logged_out, expired, forgotten) = (
        user.another_session().await,
        user.another_session().await,
        user.another_session().await,
    );
    logged_out.post("/api/v1/users/logout", &json!({})).await;
    let expire = "update sessions set expires_at = now() where id = $1";
    service.execute(expire, &[&expired.session()]).await;
    let forget = "update sessions set rotated_at = now() - interval '8 days' where id = $1";
    service.execute(forget, &[&forgotten.session()]).await;
    let answer = user.get(SESSIONS).await;
    assert_eq!(answer.body["meta"]["total"], 1, "{answer}");
}

#[tokio::test]
async fn a_session_is_ended_by_its_owner_only() {
    let service = Service::running();
    let user = service.registered_user().await;
    let other = user.another_session().await;
    let stranger = service.registered_user().await;

    for id in [
        other.session().to_string(),
        Uuid::new_v4().to_string(),
        "x".into(),
    ] {
        let answer = end(&stranger, &id).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer}");
        assert_eq!(answer.body["error"], "Session not found");
    }
    assert!(other.has_access().await);

    let answer = end(&user, &other.session().to_string()).await;
    assert_snapshot!(answer.status, @"204 No Content");
    assert!(!other.has_access().await && user.has_access().await);
    assert_eq!(other.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    let again = end(&user, &other.session().to_string()).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "{again}");

    end(&user, &user.session().to_string()).await;
    assert!(!user.has_access().await);
}

#[tokio::test]
async fn all_others_end_at_once_and_each_is_written_down() {
    let service = Service::running();
    let user = service.registered_user().await;
    let others = [user.another_session().await, user.another_session().await];
    let stranger = service.registered_user().await;

    let answer = user
        .post("/api/v1/users/sessions/end_others", &json!({}))
        .await;

    assert_snapshot!(answer.status, @"200 OK");
    assert_snapshot!(answer.data(), @r#"{"ended_count":2}"#);
    for other in &others {
        assert!(!other.has_access().await);
        assert_eq!(other.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    }
    assert!(user.has_access().await && stranger.has_access().await);
    let rows = "select count(*) from audit_log where request_id = $1 and action = 'session_expired'
         and subject_id = $2";
    let id = answer.header("x-request-id");
    assert_eq!(service.value::<i64>(rows, &[&id, &user.id]).await, 2);
}

async fn end(user: &TestUser, session: &str) -> Answer {
    user.delete(&format!("{SESSIONS}/{session}")).await
}

/// Another session of `user`, by this program.
async fn signed_in_by(user: &TestUser, user_agent: &str) -> TestUser {
    let request = user.client.request(Method::POST, "/api/v1/users/login");
    let body = json!({"email": user.email, "password": user.password});
    let answer = request
        .header("user-agent", user_agent)
        .json(&body)
        .send()
        .await;
    TestUser::signed_in(user.client.clone(), &answer, &user.password)
}
