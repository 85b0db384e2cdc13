//! Logins with hashes that were made elsewhere: by Django, or with other parameters.

use std::time::Duration;

use e2e::{Service, TestUser, eventually};
use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use crate::logs::lines;

/// The password of the hashes below, unless they say otherwise.
const PASSWORD: &str = "Kx7! brought along";

/// What a new hash begins with.
const CURRENT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

const PBKDF2: &str =
    "pbkdf2_sha256$600000$Tr9Uq0bZ4hXw2LmN7cVe1s$Rqv4wtZ8ad3/VENkdY1TIKfpLxdTI3GvzxI52LPbpjQ=";
const PBKDF2_OF_OLD: &str =
    "pbkdf2_sha256$260000$Tr9Uq0bZ4hXw2LmN7cVe1s$koZX/5JOw65QPtx/EtmwoLvmrwHbv0PxZE4ce2uYT7g=";
/// Of `Kx7! ﬁsh and chips`, with the ligature.
const PBKDF2_OF_A_LIGATURE: &str =
    "pbkdf2_sha256$60000$Tr9Uq0bZ4hXw2LmN7cVe1s$1uv1ScnMxA3kogjTdkqdO0BaQYpUJ222SoaymypYB7Y=";
/// Of the password with two spaces before and one behind it.
const PBKDF2_OF_SPACES: &str =
    "pbkdf2_sha256$60000$Tr9Uq0bZ4hXw2LmN7cVe1s$AHSnb1q9gnUtFynTg2S881X+pS8cP6aWcqF2ElRUerA=";
const DJANGO_ARGON2: &str = "argon2$argon2id$v=19$m=102400,t=2,p=8$VHI5VXEwYlo0aFh3MkxtTjdjVmUxcw$V8f/lph1I6rb8GHrR/Q6rIFfbgX49OBaurDwdMpf5OY";
const DJANGO_BCRYPT: &str =
    "bcrypt_sha256$$2b$10$0GEr1/f4Dxn8jQSB4k01vekUIweXRlEVi89pjd13TWZevwYuIRYmW";
const SMALLER: &str = "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$co8gHWObeLHedpmOAJ50S+Ily1NRvxWN2XoRgxvUMlk";
const LARGER: &str = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$2SdisvZJQCYeJWm4Hc4heuRcHSTCa9C5YB9xKF27/QM";
const ARGON2I: &str = "$argon2i$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Tn2yj5luCC5gCzd9KX13y+vNFF7ejMbDZjOWuedQ+o4";
const ARGON2D: &str = "$argon2d$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$7W4vfNk3T/oj5QB46nVyhDKXOLPnUwhc3WT0bXZ0biY";

#[tokio::test]
async fn a_pbkdf2_hash_of_django_is_accepted_and_upgraded() {
    is_accepted_and_upgraded(PBKDF2).await;
    is_accepted_and_upgraded(PBKDF2_OF_OLD).await;
}

#[tokio::test]
async fn an_argon2_hash_of_django_is_accepted_and_upgraded() {
    is_accepted_and_upgraded(DJANGO_ARGON2).await;
}

#[tokio::test]
async fn a_bcrypt_hash_of_django_is_accepted_and_upgraded() {
    is_accepted_and_upgraded(DJANGO_BCRYPT).await;
}

#[tokio::test]
async fn argon2_with_other_parameters_is_accepted_and_upgraded() {
    for hash in [SMALLER, LARGER, ARGON2I, ARGON2D] {
        is_accepted_and_upgraded(hash).await;
    }
}

#[tokio::test]
async fn a_current_hash_stays_as_it_is() {
    let service = Service::running();
    let user = service.registered_user().await;
    let before = hash_of(&service, &user).await;
    assert_eq!(user.try_login(&user.password).await.status, StatusCode::OK);
    assert_eq!(hash_of(&service, &user).await, before);
}

#[tokio::test]
async fn a_django_hash_is_compared_trimmed_too_since_django_trimmed() {
    let service = Service::running();
    let user = user_with(&service, PBKDF2).await;
    let answer = user.try_login(&format!("  {PASSWORD}\n")).await;
    assert_snapshot!(answer.status, @"200 OK");
    // What matched is what is hashed anew.
    assert!(hash_of(&service, &user).await.starts_with(CURRENT));
    assert_eq!(user.try_login(PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_django_hash_is_compared_as_typed_first() {
    let service = Service::running();
    let user = user_with(&service, PBKDF2_OF_SPACES).await;
    assert_refused(&service, &user, PASSWORD).await;
    let typed = format!("  {PASSWORD} ");
    assert_eq!(user.try_login(&typed).await.status, StatusCode::OK);
    assert!(hash_of(&service, &user).await.starts_with(CURRENT));
    assert_eq!(user.try_login(&typed).await.status, StatusCode::OK);
    assert_refused(&service, &user, PASSWORD).await;
}

#[tokio::test]
async fn a_django_hash_knows_no_normal_form_but_the_new_one_does() {
    let service = Service::running();
    let user = user_with(&service, PBKDF2_OF_A_LIGATURE).await;
    assert_refused(&service, &user, "Kx7! fish and chips").await;
    let answer = user.try_login("Kx7! \u{fb01}sh and chips").await;
    assert_snapshot!(answer.status, @"200 OK");
    let answer = user.try_login("Kx7! fish and chips").await;
    assert_snapshot!(answer.status, @"200 OK");
}

#[tokio::test]
async fn a_hash_that_is_not_understood_or_asks_too_much_is_refused() {
    let service = Service::running();
    for hash in [
        "",
        "!",
        "!Xk2brought0along",
        PASSWORD,
        "md5$salt$9cdfb439c7876e703e307864c9167a15",
        "pbkdf2_sha1$600000$salt$Rqv4wtZ8ad3=",
        "pbkdf2_sha256$600000$Tr9Uq0bZ4hXw2LmN7cVe1s$",
        "pbkdf2_sha256$0$Tr9Uq0bZ4hXw2LmN7cVe1s$Rqv4wtZ8ad3/VENkdY1TIKfpLxdTI3GvzxI52LPbpjQ=",
        "pbkdf2_sha256$4000000000$Tr9Uq0bZ4hXw2LmN7cVe1s$Rqv4wtZ8ad3/VENkdY1TIKfpLxdTI3GvzxI52LPbpjQ=",
        "pbkdf2_sha256$many$Tr9Uq0bZ4hXw2LmN7cVe1s$Rqv4wtZ8ad3/VENkdY1TIKfpLxdTI3GvzxI52LPbpjQ=",
        "bcrypt_sha256$$2b$31$0GEr1/f4Dxn8jQSB4k01vekUIweXRlEVi89pjd13TWZevwYuIRYmW",
        "$argon2id$v=19$m=4194304,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$co8gHWObeLHedpmOAJ50S+Ily1NRvxWN2XoRgxvUMlk",
        "$argon2id$v=19$m=8192,t=4000000000,p=1$MDEyMzQ1Njc4OWFiY2RlZg$co8gHWObeLHedpmOAJ50S+Ily1NRvxWN2XoRgxvUMlk",
        "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$",
        "$argon2id$",
        "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
    ] {
        let user = user_with(&service, hash).await;
        assert_refused(&service, &user, PASSWORD).await;
        assert_eq!(hash_of(&service, &user).await, hash);
    }
}

#[tokio::test]
async fn a_hash_that_asks_too_much_is_not_computed_and_told_to_the_operator() {
    let service = Service::with_variables(&[]);
    let rest = "MDEyMzQ1Njc4OWFiY2RlZg$co8gHWObeLHedpmOAJ50S+Ily1NRvxWN2XoRgxvUMlk";
    let hashes = [
        (
            "pbkdf2_sha256$4000000000$Tr9Uq0bZ4hXw2LmN7cVe1s$Rqv4wtZ8ad3/VENkdY1TIKfpLxdTI3GvzxI52LPbpjQ=".to_owned(),
            "pbkdf2_sha256: iterations are not between 1 and 2000000",
        ),
        (
            DJANGO_BCRYPT.replace("$10$", "$31$"),
            "bcrypt_sha256: the cost is not between 4 and 14",
        ),
        (
            format!("$argon2id$v=19$m=4194304,t=1,p=1${rest}"),
            "argon2: memory is more than 102400 KiB",
        ),
        (
            format!("$argon2id$v=19$m=8192,t=4000000000,p=1${rest}"),
            "argon2: iterations are more than 10",
        ),
        (
            format!("$argon2id$v=19$m=102400,t=10,p=1${rest}"),
            "argon2: memory times iterations is more than 262144 KiB",
        ),
    ];
    for (hash, _) in &hashes {
        let user = user_with(&service, hash).await;
        let body = json!({"email": user.email, "password": PASSWORD});
        let request = user.client.request(Method::POST, "/api/v1/users/login");
        // What it asks for would take minutes, or all memory.
        let answer = request
            .json(&body)
            .within(Duration::from_secs(10))
            .send()
            .await;
        assert_eq!(
            *answer.data(),
            json!({"error": ["Unable to log in with provided credentials."]})
        );
    }
    eventually("the log says why, of each", async || {
        let lines = lines(&service);
        hashes.iter().all(|(_, reason)| {
            lines.iter().any(|line| {
                line["message"] == "a stored password hash can't be verified"
                    && line["level"] == "warn"
                    && line["error"] == *reason
            })
        })
    })
    .await;
}

#[tokio::test]
async fn a_password_with_a_django_hash_can_be_changed() {
    let service = Service::running();
    let user = user_with(&service, PBKDF2).await;
    let new = "Kx7! made here";
    let body = json!({"old_password": PASSWORD, "new_password": new, "new_password_confirm": new});
    let answer = user.post("/api/v1/users/change-password", &body).await;
    assert_snapshot!(answer.status, @"200 OK");
    assert!(hash_of(&service, &user).await.starts_with(CURRENT));
    assert_eq!(user.try_login(new).await.status, StatusCode::OK);
}

async fn is_accepted_and_upgraded(hash: &str) {
    let service = Service::running();
    let user = user_with(&service, hash).await;
    assert_refused(&service, &user, "Kx7! brought alone").await;
    assert_eq!(hash_of(&service, &user).await, hash);

    let answer = user.try_login(PASSWORD).await;

    assert_eq!(answer.status, StatusCode::OK, "{hash}: {answer}");
    let upgraded = hash_of(&service, &user).await;
    assert!(upgraded.starts_with(CURRENT), "{hash} became {upgraded}");
    assert_eq!(user.try_login(PASSWORD).await.status, StatusCode::OK);
    assert_refused(&service, &user, "Kx7! brought alone").await;
    assert_eq!(hash_of(&service, &user).await, upgraded);
}

/// A user as an import leaves him: with a hash that was made elsewhere.
async fn user_with(service: &Service, hash: &str) -> TestUser {
    let user = service.registered_user().await;
    service
        .execute(
            "update users set password = $2 where id = $1",
            &[&user.id, &hash],
        )
        .await;
    user
}

async fn hash_of(service: &Service, user: &TestUser) -> String {
    let query = "select password from users where id = $1";
    service.value(query, &[&user.id]).await
}

async fn assert_refused(service: &Service, user: &TestUser, password: &str) {
    let before = service.state_of(user.id).await;
    let answer = user.try_login(password).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(
        *answer.data(),
        json!({"error": ["Unable to log in with provided credentials."]})
    );
    assert_eq!(service.state_of(user.id).await, before);
}
