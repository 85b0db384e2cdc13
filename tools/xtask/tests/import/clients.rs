//! What a client of the service does, and what there is to know of the users on both sides.

use std::collections::BTreeMap;

use e2e::{Answer, Service, TestUser, jwt};
use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::django::{Django, password};

const LOGIN: &str = "/api/v1/users/login";
const REFRESH: &str = "/api/v1/users/token/refresh";
pub(crate) const PROFILE: &str = "/api/v1/users/profile";

/// The identifiers of the old service's users, by user name.
pub(crate) async fn ids(django: &mut Django) -> BTreeMap<String, String> {
    let ids = django
        .text("select json_object_agg(username, id)::text from users")
        .await;
    serde_json::from_str(&ids).unwrap()
}

pub(crate) async fn count(service: &Service, table: &str) -> i64 {
    service
        .value(&format!("select count(*) from {table}"), &[])
        .await
}

pub(crate) async fn login(service: &Service, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    service.client().post(LOGIN, &body).await
}

/// The address of the user with this number.
pub(crate) fn address(number: u32) -> String {
    format!("user{number}@django.example")
}

pub(crate) async fn signed_in(service: &Service, number: u32) -> TestUser {
    let answer = login(service, &address(number), &password(number)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    TestUser::signed_in(service.client(), &answer, &password(number))
}

/// A refresh token as Simple JWT has made it for a user.
pub(crate) async fn refresh_token(service: &Service, username: &str, seed: &str) -> String {
    let query = "select id, md5($2), floor(extract(epoch from now()))::bigint from users where username = $1";
    let rows = service.rows(query, &[&username, &seed]).await;
    let (id, jti, now): (Uuid, String, i64) = (rows[0].get(0), rows[0].get(1), rows[0].get(2));
    let claims = json!({
        "token_type": "refresh", "exp": now + 604_800, "iat": now, "jti": jti, "user_id": id,
    });
    let header = json!({"alg": "HS256", "typ": "JWT"});
    jwt::sign(
        &header.to_string(),
        &claims.to_string(),
        service.jwt_secret(),
    )
}

pub(crate) async fn exchange(service: &Service, token: &str) -> Answer {
    service
        .client()
        .post(REFRESH, &json!({"refresh": token}))
        .await
}
