//! `password_peppers`: a secret that is mixed into passwords, and how one follows another.

use e2e::{Answer, Service, TestUser, eventually};
use http::StatusCode;
use serde_json::json;

use crate::logs::{lines, log};

const SECRET: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ";
const OTHER_SECRET: &str = "another-secret-of-32-characters-";

/// What a hash of each pepper begins with: its id stands there in base64.
const OF_NONE: &str = "$argon2id$v=19$m=19456,t=2,p=1$";
const OF_A: &str = "$argon2id$v=19$m=19456,t=2,p=1,keyid=YQ$";
const OF_B: &str = "$argon2id$v=19$m=19456,t=2,p=1,keyid=Yg$";

/// A service with these peppers, on the database that all tests share.
fn with_peppers(peppers: &[(&str, &str)]) -> Service {
    let entries = peppers.iter().map(|(id, secret)| format!("{id}:{secret}"));
    let entries: Vec<_> = entries.collect();
    Service::with_variables(&[("password_peppers", &entries.join(","))])
}

async fn login(service: &Service, user: &TestUser, password: &str) -> Answer {
    let body = json!({"email": user.email, "password": password});
    service.client().post("/api/v1/users/login", &body).await
}

async fn hash_of(service: &Service, user: &TestUser) -> String {
    let query = "select password from users where id = $1";
    service.value(query, &[&user.id]).await
}

#[tokio::test]
async fn every_new_hash_is_of_the_first_pepper() {
    let service = with_peppers(&[("a", SECRET), ("b", OTHER_SECRET)]);
    let user = service.registered_user().await;
    let registered = hash_of(&service, &user).await;
    assert!(registered.starts_with(OF_A), "{registered}");
    assert_eq!(
        login(&service, &user, &user.password).await.status,
        StatusCode::OK
    );
    assert_eq!(
        hash_of(&service, &user).await,
        registered,
        "it stays as it is"
    );

    let new = "Nx7! another one";
    let change = json!({
        "old_password": user.password, "new_password": new, "new_password_confirm": new,
    });
    let answer = user.post("/api/v1/users/change-password", &change).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let changed = hash_of(&service, &user).await;
    assert!(
        changed.starts_with(OF_A) && changed != registered,
        "{changed}"
    );
    assert_eq!(login(&service, &user, new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_login_takes_a_hash_on_to_the_pepper_that_is_the_first_now() {
    let without = Service::running();
    let user = without.registered_user().await;
    assert!(hash_of(&without, &user).await.starts_with(OF_NONE));

    let first = with_peppers(&[("a", SECRET)]);
    let second = with_peppers(&[("b", OTHER_SECRET), ("a", SECRET)]);
    for (service, expected) in [(&first, OF_A), (&second, OF_B)] {
        let before = hash_of(service, &user).await;
        let answer = login(service, &user, "not this one").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(hash_of(service, &user).await, before);
        let answer = login(service, &user, &user.password).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        let hash = hash_of(service, &user).await;
        assert!(hash.starts_with(expected), "{hash}");
    }
    let answer = login(&second, &user, &user.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn a_host_that_knows_a_pepper_already_meets_its_hashes() {
    let waiting = Service::with_variables(&[("password_peppers", &format!("none,a:{SECRET}"))]);
    let ahead = with_peppers(&[("a", SECRET)]).registered_user().await;
    assert_eq!(
        login(&waiting, &ahead, &ahead.password).await.status,
        StatusCode::OK
    );
    let hash = hash_of(&waiting, &ahead).await;
    assert!(hash.starts_with(OF_NONE), "{hash}");
}

#[tokio::test]
async fn a_pepper_that_is_gone_is_told_to_the_operator_and_to_nobody_else() {
    let user = with_peppers(&[("a", SECRET)]).registered_user().await;
    let service = with_peppers(&[("b", OTHER_SECRET)]);
    let before = service.state_of(user.id).await;

    let right = login(&service, &user, &user.password).await;
    let wrong = login(&service, &user, "not this one").await;

    for answer in [right, wrong] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(
            *answer.data(),
            json!({"error": ["Unable to log in with provided credentials."]})
        );
    }
    assert_eq!(service.state_of(user.id).await, before);
    eventually("the log names it", async || {
        lines(&service).iter().any(|line| {
            line["level"] == "error"
                && line["message"] == "a stored password hash can't be verified"
                && line["missing_pepper"] == "a"
        })
    })
    .await;
    let log = log(&service);
    assert!(
        !log.contains(SECRET) && !log.contains(OTHER_SECRET),
        "{log}"
    );
}
