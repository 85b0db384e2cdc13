//! What is done to a user: each act counts at once, is written down with its reason, and may be repeated.

use e2e::{Answer, Service, TestUser, random_hex};
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{assert_audited, assert_refused, audited};

#[tokio::test]
async fn who_is_deactivated_is_out_at_once_until_he_is_activated() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    assert!(user.has_access().await);

    let path = format!("/users/{}/deactivate", user.id);
    let answer = admin.do_act(Method::POST, &path).await;
    assert_audited(&service, &answer, "user_deactivated", (&admin, Some(&user))).await;
    assert!(!user.has_access().await);
    assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    let login = user.try_login(&user.password).await;
    assert_refused(
        &login,
        StatusCode::UNPROCESSABLE_ENTITY,
        "validation_failed",
    );

    let again = admin.do_act(Method::POST, &path).await;
    assert_eq!(audited(&service, &again).await, 0, "nothing was changed");

    let path = format!("/users/{}/activate", user.id);
    let answer = admin.do_act(Method::POST, &path).await;
    assert_audited(&service, &answer, "user_activated", (&admin, Some(&user))).await;
    assert!(!user.has_access().await, "an ended session stays so");
    assert!(user.another_session().await.has_access().await);
}

#[tokio::test]
async fn other_services_are_told_who_is_active_and_verified() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let events = service.events().await;
    let user = service.registered_user().await;
    for act in ["verify", "deactivate", "activate"] {
        admin
            .do_act(Method::POST, &format!("/users/{}/{act}", user.id))
            .await;
    }
    let told = events.of(&user.id, 4).await;
    let seen: Vec<_> = told[1..]
        .iter()
        .map(|event| {
            assert_eq!(event.routing_key, "user.updated");
            let user = &event.body["data"]["user"];
            (user["is_verified"].clone(), user["is_active"].clone())
        })
        .collect();
    let yes_and = |active| (json!(true), json!(active));
    assert_eq!(seen, [yes_and(true), yes_and(false), yes_and(true)]);
}

#[tokio::test]
async fn who_is_verified_sees_it_himself() {
    let service = Service::running();
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    let before = user.get("/api/v1/users/profile").await;
    assert_eq!(before.data()["is_verified"], false);

    let path = format!("/users/{}/verify", user.id);
    let answer = support.do_act(Method::POST, &path).await;
    assert_audited(&service, &answer, "user_verified", (&support, Some(&user))).await;
    let after = user.get("/api/v1/users/profile").await;
    assert_eq!(after.data()["is_verified"], true);
    let again = support.do_act(Method::POST, &path).await;
    assert_eq!(audited(&service, &again).await, 0, "nothing was changed");
}

#[tokio::test]
async fn one_session_is_ended_or_all_of_them() {
    let service = Service::running();
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    let (second, third) = (user.another_session().await, user.another_session().await);
    let stranger = service.registered_user().await;
    assert!(user.has_access().await && second.has_access().await);

    let sessions = format!("/users/{}/sessions", user.id);
    let one = format!("{sessions}/{}", second.session());
    let answer = support.do_act(Method::DELETE, &one).await;
    assert_audited(&service, &answer, "sessions_ended", (&support, Some(&user))).await;
    assert!(!second.has_access().await);
    assert!(user.has_access().await && third.has_access().await);
    let again = support.do_act(Method::DELETE, &one).await;
    assert_eq!(audited(&service, &again).await, 0, "nothing was changed");

    for session in [stranger.session().to_string(), "x".to_owned()] {
        let answer = support
            .act(Method::DELETE, &format!("{sessions}/{session}"))
            .await;
        assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
    }
    assert!(stranger.has_access().await);

    let answer = support.do_act(Method::DELETE, &sessions).await;
    assert_audited(&service, &answer, "sessions_ended", (&support, Some(&user))).await;
    assert!(!user.has_access().await && !third.has_access().await);
    assert!(user.another_session().await.has_access().await);
}

#[tokio::test]
async fn who_has_tried_too_often_may_try_again_once_he_is_unlocked() {
    let service = Service::running();
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    for _ in 0..10 {
        user.try_login("wrong").await;
    }
    let locked = user.try_login(&user.password).await;
    assert_refused(&locked, StatusCode::TOO_MANY_REQUESTS, "rate_limited");

    let path = format!("/users/{}/unlock", user.id);
    let answer = support.do_act(Method::POST, &path).await;
    assert_eq!(answer.data()["complete"], true, "{answer}");
    assert_audited(
        &service,
        &answer,
        "authn_login_unlock",
        (&support, Some(&user)),
    )
    .await;
    let login = user.try_login(&user.password).await;
    assert_eq!(login.status, StatusCode::OK, "{login}");
}

#[tokio::test]
async fn who_is_deleted_is_gone_with_all_that_was_his() {
    let service = Service::running();
    let (admin, support) = (service.staff("admin").await, service.staff("support").await);
    let events = service.events().await;
    let user = service.registered_user().await;
    let path = format!("/users/{}", user.id);
    let refused = support.act(Method::DELETE, &path).await;
    assert_refused(&refused, StatusCode::FORBIDDEN, "forbidden");
    assert!(user.has_access().await);

    let answer = admin.do_act(Method::DELETE, &path).await;
    assert_audited(&service, &answer, "user_deleted", (&admin, Some(&user))).await;
    assert!(!user.has_access().await);
    let told = events.of(&user.id, 2).await;
    assert_eq!(told[1].routing_key, "user.deleted");
    let gone = admin.look(&path).await;
    assert_refused(&gone, StatusCode::NOT_FOUND, "not_found");
    let again = admin.act(Method::DELETE, &path).await;
    assert_refused(&again, StatusCode::NOT_FOUND, "not_found");
}

/// Every act on a user.
fn acts(user: &TestUser) -> Vec<(Method, String)> {
    [
        (Method::DELETE, String::new()),
        (Method::POST, "/activate".to_owned()),
        (Method::POST, "/deactivate".to_owned()),
        (Method::POST, "/require-password-reset".to_owned()),
        (Method::POST, "/unlock".to_owned()),
        (Method::POST, "/verify".to_owned()),
        (Method::PUT, "/roles/support".to_owned()),
        (Method::DELETE, "/roles/support".to_owned()),
        (Method::DELETE, "/sessions".to_owned()),
        (Method::DELETE, format!("/sessions/{}", user.session())),
    ]
    .into_iter()
    .map(|(method, below)| (method, format!("/users/{}{below}", user.id)))
    .collect()
}

#[tokio::test]
async fn without_a_reason_nothing_is_done() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    for (method, path) in acts(&user) {
        for body in [json!({}), json!({"reason": " "})] {
            let request = admin.request(method.clone(), &format!("{}{path}", e2e::ADMIN));
            let answer = request.json(&body).send().await;
            assert_refused(
                &answer,
                StatusCode::UNPROCESSABLE_ENTITY,
                "validation_failed",
            );
            assert!(answer.data()["reason"].is_array(), "{answer}");
        }
    }
    assert_eq!(service.state_of(user.id).await, before);
}

#[tokio::test]
async fn nobody_does_anything_to_himself() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let before = service.state_of(admin.id).await;
    for (method, path) in acts(&admin) {
        let answer = admin.act(method, &path).await;
        assert_refused(&answer, StatusCode::FORBIDDEN, "own_account");
    }
    assert_eq!(service.state_of(admin.id).await, before);
    let own = "insert into user_roles (user_id, role, granted_by) values ($1, 'support', $1)";
    let database = service.connection().await;
    let error = database.execute(own, &[&admin.id]).await;
    assert!(error.is_err(), "the database refuses it, too");
}

#[tokio::test]
async fn support_does_nothing_to_who_has_a_role() {
    let service = Service::running();
    let support = service.staff("support").await;
    for role in ["support", "admin"] {
        let colleague = service.staff(role).await;
        let before = service.state_of(colleague.id).await;
        for (method, path) in acts(&colleague) {
            let (subject, permission) = match missing(&method, &path) {
                Some(permission) => (None, permission),
                // To others he may do that.
                None => (Some(colleague.id), "admin:staff:write"),
            };
            let answer = support.act(method, &path).await;
            assert_refused(&answer, StatusCode::FORBIDDEN, "forbidden");
            let refusal = refusal(&service, &answer, &support).await;
            assert_eq!(refusal, (subject, permission.to_owned()), "{path}");
        }
        assert_eq!(service.state_of(colleague.id).await, before);
    }
    // What staff try in vain is written down; what others try is in the request log.
    let refusals = "select count(*) from audit_log where actor_id = $1 and action = 'authz_fail'";
    let user = service.registered_user().await;
    user.look("/users").await;
    assert_eq!(service.value::<i64>(refusals, &[&user.id]).await, 0);
}

/// The permission that support lacks for an act, to whomever.
fn missing(method: &Method, path: &str) -> Option<&'static str> {
    if path.ends_with("/activate") || path.ends_with("/deactivate") {
        Some("admin:users:activate")
    } else if path.contains("/roles/") {
        Some("admin:roles:write")
    } else if method == Method::DELETE && !path.contains("/sessions") {
        Some("admin:users:delete")
    } else {
        None
    }
}

/// Whom a refusal is about, and which permission was missing: the one row of the trail that `answer` has
/// left, by `actor`.
async fn refusal(service: &Service, answer: &Answer, actor: &TestUser) -> (Option<Uuid>, String) {
    let rows = "select actor_id, action, outcome, subject_id, details ->> 'permission'
         from audit_log where request_id = $1";
    let rows = service.rows(rows, &[&answer.header("x-request-id")]).await;
    let [row] = rows.as_slice() else {
        panic!("{answer}: one row expected, not {}", rows.len());
    };
    assert_eq!(row.get::<_, Option<Uuid>>(0), Some(actor.id), "{answer}");
    let (action, outcome): (String, String) = (row.get(1), row.get(2));
    assert_eq!((&*action, &*outcome), ("authz_fail", "failure"), "{answer}");
    (row.get(3), row.get(4))
}

#[tokio::test]
async fn without_its_row_in_the_trail_nothing_is_done() {
    let service = Service::on_own_servers(&[]);
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    let database = service.connection().await;
    let fail = "create function too_slow() returns trigger language plpgsql
         as $$ begin raise exception 'too slow' using errcode = 'query_canceled'; end $$;
         create trigger too_slow before insert on audit_log execute function too_slow()";
    database.batch_execute(fail).await.expect("a trigger");
    let before = service.state_of(user.id).await;
    let roles = "select count(*) from user_roles where user_id = $1";
    for (method, path) in acts(&user) {
        // What changes nothing needs no row.
        if path.ends_with("/activate") || (method == Method::DELETE && path.contains("/roles/")) {
            continue;
        }
        let answer = admin.act(method, &path).await;
        assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    }
    let name = format!("service-{}", random_hex(8));
    let account = json!({"name": name, "permissions": ["users:read"]});
    let answer = admin
        .act_with(Method::POST, "/service-accounts", account)
        .await;
    assert_refused(&answer, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    assert_eq!(service.state_of(user.id).await, before);
    assert_eq!(service.value::<i64>(roles, &[&user.id]).await, 0);
    let accounts = "select count(*) from service_accounts";
    assert_eq!(service.value::<i64>(accounts, &[]).await, 0);
}
