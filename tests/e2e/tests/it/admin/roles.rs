//! `/api/v1/admin/roles` and `/api/v1/admin/users/{id}/roles/{role}`.

use e2e::{Jwt, Service};
use http::{Method, StatusCode};
use serde_json::json;

use super::{assert_audited, assert_refused, audited, values};

#[tokio::test]
async fn a_role_counts_at_once_when_it_is_granted_and_when_it_is_taken_away() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    assert_refused(
        &user.look("/users").await,
        StatusCode::FORBIDDEN,
        "forbidden",
    );

    let path = format!("/users/{}/roles/support", user.id);
    for _ in 0..3 {
        let answer = admin.do_act(Method::PUT, &path).await;
        assert_audited(&service, &answer, "authz_change", (&admin, Some(&user))).await;
        assert_eq!(user.look("/users").await.status, StatusCode::OK);
        let again = admin.do_act(Method::PUT, &path).await;
        assert_eq!(audited(&service, &again).await, 0, "nothing was changed");

        let answer = admin.do_act(Method::DELETE, &path).await;
        assert_audited(&service, &answer, "authz_change", (&admin, Some(&user))).await;
        assert_refused(
            &user.look("/users").await,
            StatusCode::FORBIDDEN,
            "forbidden",
        );
        let again = admin.do_act(Method::DELETE, &path).await;
        assert_eq!(audited(&service, &again).await, 0, "nothing was changed");
    }
}

#[tokio::test]
async fn without_redis_roles_count_as_well() {
    let service = Service::without_redis();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    let path = format!("/users/{}/roles/support", user.id);
    admin.do_act(Method::PUT, &path).await;
    assert_eq!(user.look("/users").await.status, StatusCode::OK);
    admin.do_act(Method::DELETE, &path).await;
    assert_refused(
        &user.look("/users").await,
        StatusCode::FORBIDDEN,
        "forbidden",
    );
    admin
        .do_act(Method::POST, &format!("/users/{}/unlock", user.id))
        .await;
}

#[tokio::test]
async fn a_forged_scope_opens_nothing() {
    let service = Service::running();
    let user = service.registered_user().await;
    let token = Jwt::read(&user.access).claim("scope", "user admin:users:read admin:roles:write");
    let request = user.client.request(Method::GET, "/api/v1/admin/users");
    let answer = request
        .bearer(&token.signed(service.jwt_secret()))
        .send()
        .await;
    assert_refused(&answer, StatusCode::FORBIDDEN, "forbidden");
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="api", error="insufficient_scope", scope="admin:users:read""#
    );
}

#[tokio::test]
async fn the_scope_of_a_token_tells_what_its_user_may_do() {
    let service = Service::running();
    let scope_of = |token: &str| {
        let token = Jwt::read(token);
        token.claims["scope"].as_str().expect("a scope").to_owned()
    };
    let user = service.registered_user().await;
    assert_eq!(scope_of(&user.access), "user");
    assert_eq!(scope_of(&user.another_session().await.access), "user");

    service.grant(&user, "support").await;
    let expected = "user admin:passwords:reset admin:roles:read admin:sessions:end admin:users:read \
                    admin:users:unlock admin:users:verify";
    let refreshed = user.refreshed().await;
    for token in [
        &refreshed.access,
        &refreshed.refresh,
        &user.another_session().await.access,
    ] {
        assert_eq!(scope_of(token), expected);
    }
    // The same successor again has the same scope.
    let repeated = user.refreshed().await;
    assert_eq!(repeated.refresh, refreshed.refresh);

    let taken = "delete from user_roles where user_id = $1";
    service.execute(taken, &[&user.id]).await;
    assert_eq!(scope_of(&refreshed.refreshed().await.access), "user");
}

#[tokio::test]
async fn only_roles_that_there_are_can_be_granted() {
    let service = Service::running();
    let admin = service.staff("admin").await;
    let user = service.registered_user().await;
    for role in ["user", "root", "Admin", "x%20y"] {
        for method in [Method::PUT, Method::DELETE] {
            let path = format!("/users/{}/roles/{role}", user.id);
            let answer = admin.act(method, &path).await;
            assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
        }
    }
}

#[tokio::test]
async fn the_roles_are_listed_with_what_they_permit() {
    let service = Service::running();
    let support = service.staff("support").await;
    let roles = support.look("/roles").await;
    assert_eq!(
        values(&roles, "name"),
        [json!("admin"), json!("support"), json!("user")]
    );
    let [admin, helpers, everybody] = roles.data().as_array().expect("roles").as_slice() else {
        panic!("{roles}");
    };
    assert_eq!(everybody["permissions"], json!([]));
    assert_eq!(
        helpers["permissions"].as_array().map(Vec::len),
        Some(6),
        "{roles}"
    );
    assert_eq!(
        admin["permissions"].as_array().map(Vec::len),
        Some(16),
        "{roles}"
    );
    assert!(helpers["users"].as_u64() >= Some(1), "{roles}");
    let path = format!("/users/{}/roles/admin", service.registered_user().await.id);
    let answer = support.act(Method::PUT, &path).await;
    assert_refused(&answer, StatusCode::FORBIDDEN, "forbidden");
}
