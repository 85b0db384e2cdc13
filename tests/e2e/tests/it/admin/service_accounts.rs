//! `/api/v1/admin/service-accounts`.

use e2e::{Answer, Service, ServiceAccount, TestUser, random_hex};
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{assert_audited, assert_refused, values};

const ACCOUNTS: &str = "/service-accounts";

/// Makes an account, and answers it with its secret.
async fn create(
    service: &Service,
    admin: &TestUser,
    permissions: &[&str],
) -> (Answer, ServiceAccount) {
    let name = format!("service-{}", random_hex(16));
    let body = json!({"name": name, "permissions": permissions});
    let answer = admin.act_with(Method::POST, ACCOUNTS, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    let account = ServiceAccount {
        client: service.client(),
        id: answer.text("/data/id").parse().expect("a UUID"),
        name,
        secret: answer.text("/data/secret").to_owned(),
        credential: Uuid::nil(),
    };
    (answer, account)
}

#[tokio::test]
async fn an_account_is_made_with_a_secret_that_works_and_is_shown_once() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (answer, account) = create(&service, &admin, &["users:read"]).await;
    assert_audited(&service, &answer, "service_account_created", (&admin, None)).await;
    assert!(account.secret.starts_with("uss_") && account.secret.len() == 68);
    let token = account.try_token().await;
    assert_eq!(token.text("/scope"), "users:read", "{token}");

    let before = &account.name[..account.name.len() - 1];
    let list = admin
        .look(&format!("{ACCOUNTS}?after={before}&limit=1"))
        .await;
    assert_eq!(values(&list, "name"), [json!(account.name)], "{list}");
    assert_eq!(list.data()[0]["secrets"], 1, "{list}");
    assert!(!list.body.to_string().contains(&account.secret), "{list}");
    let trail = "select count(*) from audit_log where strpos(audit_log::text, $1) > 0";
    assert_eq!(service.value::<i64>(trail, &[&account.secret]).await, 0);
}

#[tokio::test]
async fn a_list_goes_on_behind_a_name_and_behind_nothing_else() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    for after in ["%00", "", "Mailer"] {
        let answer = admin.look(&format!("{ACCOUNTS}?after={after}")).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{after:?}: {answer}"
        );
        assert!(answer.data()["after"].is_array(), "{after:?}: {answer}");
    }
}

#[tokio::test]
async fn a_name_is_taken_once_and_what_is_wrong_is_named() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (_, account) = create(&service, &admin, &["users:read"]).await;
    let body = json!({"name": account.name, "permissions": ["users:read"]});
    let taken = admin.act_with(Method::POST, ACCOUNTS, body).await;
    assert_refused(
        &taken,
        StatusCode::UNPROCESSABLE_ENTITY,
        "validation_failed",
    );
    assert!(taken.data()["name"].is_array(), "{taken}");

    let body = json!({"name": "A", "permissions": ["admin:users:read"]});
    let request = admin.request(Method::POST, &format!("{}{ACCOUNTS}", e2e::ADMIN));
    let refused = request.json(&body).send().await;
    let names: Vec<_> = refused.data().as_object().expect("errors").keys().collect();
    assert_eq!(names, ["name", "permissions", "reason"], "{refused}");
}

#[tokio::test]
async fn a_secret_is_rotated_with_grace_or_at_once() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (_, first) = create(&service, &admin, &["users:read"]).await;
    let path = format!("{ACCOUNTS}/{}/rotate", first.name);
    let with_secret = |answer: &Answer| ServiceAccount {
        secret: answer.text("/data/secret").to_owned(),
        ..first.clone()
    };

    let answer = admin
        .act_with(Method::POST, &path, json!({"grace_seconds": 60}))
        .await;
    assert_audited(&service, &answer, "service_account_rotated", (&admin, None)).await;
    let second = with_secret(&answer);
    assert_eq!(first.try_token().await.status, StatusCode::OK);
    assert_eq!(second.try_token().await.status, StatusCode::OK);

    let third = with_secret(&admin.do_act(Method::POST, &path).await);
    assert_eq!(first.try_token().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(second.try_token().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(third.try_token().await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_an_account_may_do_is_set_and_the_account_is_ended_for_good() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let (_, account) = create(&service, &admin, &["users:read"]).await;
    let permissions = format!("{ACCOUNTS}/{}/permissions", account.name);
    let body = json!({"permissions": ["preferences:read", "delivery:decide"]});
    let answer = admin
        .act_with(Method::PUT, &permissions, body.clone())
        .await;
    let action = "privilege_permissions_changed";
    assert_audited(&service, &answer, action, (&admin, None)).await;
    let token = account.try_token().await;
    assert_eq!(
        token.text("/scope"),
        "preferences:read delivery:decide",
        "{token}"
    );

    let disable = format!("{ACCOUNTS}/{}/disable", account.name);
    let answer = admin.do_act(Method::POST, &disable).await;
    assert_audited(
        &service,
        &answer,
        "service_account_disabled",
        (&admin, None),
    )
    .await;
    assert_eq!(account.try_token().await.status, StatusCode::UNAUTHORIZED);
    for answer in [
        admin.act(Method::POST, &disable).await,
        admin.act_with(Method::PUT, &permissions, body).await,
        admin
            .act(Method::POST, &format!("{ACCOUNTS}/{}/rotate", account.name))
            .await,
        admin
            .act(Method::POST, &format!("{ACCOUNTS}/nobody/disable"))
            .await,
        admin
            .act(Method::POST, &format!("{ACCOUNTS}/No%20Name/disable"))
            .await,
    ] {
        assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
    }
}
