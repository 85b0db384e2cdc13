//! `breached_passwords_url`: no password is set that a list of breached ones has.

use e2e::{Answer, NewAccount, Service, eventually, random_hex};
use http::{Method, StatusCode};
use insta::assert_json_snapshot;
use serde_json::json;

use crate::logs::lines;
use crate::metrics::metrics;
use crate::stand_in::{Manner, StandIn};

const REGISTER: &str = "/api/v1/users/register";
const REFUSAL: &str = "This password has been found in a data breach. Choose another one.";

/// A password of the list, and the two parts of its SHA-1.
const BREACHED: &str = "Kx7! breached elsewhere";
const BREACHED_PREFIX: &str = "D4B5A";
const BREACHED_SUFFIX: &str = "2D5D627DE6AC73DBADDCB2327B750229CF9";

/// A password whose range has its SHA-1 as padding only.
const PADDING: &str = "Kx7! nowhere else";
const PADDING_RANGE: (&str, &str) = ("25ED0", "B3AD75C083BDD2DB475D0AD1BEE9F108EA0");

/// A breached password that breaks another rule, too.
const SHORT: &str = "short";
const SHORT_RANGE: (&str, &str) = ("A0F4E", "A7D91495DF92BBAC2E2149DFB850FE81396");

/// A line of every range, as there are hundreds.
const OTHER: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:21";

/// A list of breached passwords, and a service that asks it.
async fn with_list() -> (StandIn, Service) {
    let range = |prefix, suffix, count| {
        let path = format!("/range/{prefix}");
        (path, format!("{OTHER}\r\n{suffix}:{count}"))
    };
    let stand_in = StandIn::new([
        range(BREACHED_PREFIX, BREACHED_SUFFIX, 4),
        range(PADDING_RANGE.0, PADDING_RANGE.1, 0),
        range(SHORT_RANGE.0, SHORT_RANGE.1, 1),
    ])
    .await;
    let service = Service::with_variables(&[("breached_passwords_url", &stand_in.url)]);
    (stand_in, service)
}

async fn register(service: &Service, password: &str) -> Answer {
    let account = NewAccount::random().password(password);
    service.client().post(REGISTER, &account).await
}

#[tokio::test]
async fn a_breached_password_is_set_nowhere() {
    let (_stand_in, service) = with_list().await;
    let answer = register(&service, BREACHED).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(*answer.data(), json!({"password": [REFUSAL]}));

    let user = service.registered_user().await;
    let before = service.state_of(user.id).await;
    let change = json!({
        "old_password": "not this one",
        "new_password": BREACHED,
        "new_password_confirm": BREACHED,
    });
    let answer = user.post("/api/v1/users/change-password", &change).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(
        *answer.data(),
        json!({"old_password": ["Old password is incorrect."], "new_password": [REFUSAL]})
    );
    assert_eq!(service.state_of(user.id).await, before);

    let reset = json!({
        "token": random_hex(64),
        "new_password": BREACHED,
        "new_password_confirm": BREACHED,
    });
    let confirm = "/api/v1/auth/password-reset/confirm";
    let answer = service.client().post(confirm, &reset).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_eq!(answer.data()["new_password"], json!([REFUSAL]));
    assert!(answer.data()["token"].is_array(), "{answer}");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_password_is_told_at_once() {
    let (_stand_in, service) = with_list().await;
    let answer = register(&service, SHORT).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert_json_snapshot!(answer.data(), @r#"
    {
      "password": [
        "This password is too short. It must contain at least 8 characters.",
        "This password has been found in a data breach. Choose another one."
      ]
    }
    "#);
}

#[tokio::test]
async fn nothing_but_five_digits_leaves_the_service() {
    let (stand_in, service) = with_list().await;
    let account = NewAccount::random().password(BREACHED);
    let request = service.client().request(Method::POST, REGISTER);
    let trace = format!("00-{}-b7ad6b7169203331-01", random_hex(32));
    let answer = request
        .header("traceparent", &trace)
        .json(&account)
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");

    assert_eq!(stand_in.asked(), [format!("/range/{BREACHED_PREFIX}")]);
    let request = stand_in.last();
    assert_eq!(stand_in.header("add-padding").as_deref(), Some("true"));
    for secret in [BREACHED, BREACHED_SUFFIX, &trace[3..35], &account.email] {
        let request = request.to_uppercase();
        assert!(!request.contains(&secret.to_uppercase()), "{request}");
    }
}

#[tokio::test]
async fn what_is_padding_is_not_breached() {
    let (stand_in, service) = with_list().await;
    let answer = register(&service, PADDING).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
    assert_eq!(stand_in.asked(), [format!("/range/{}", PADDING_RANGE.0)]);
}

#[tokio::test]
async fn a_login_asks_no_list() {
    let (stand_in, service) = with_list().await;
    let user = service.registered_user().await;
    stand_in.asked();
    assert_eq!(user.try_login(&user.password).await.status, StatusCode::OK);
    assert_eq!(
        user.try_login(BREACHED).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(stand_in.asked(), [""; 0]);
}

#[tokio::test]
async fn nobody_is_kept_out_by_a_list_that_does_not_answer_as_it_should() {
    let (stand_in, service) = with_list().await;
    let manners = [
        Manner::Silent,
        Manner::HangsUp,
        Manner::Half,
        Manner::Status(500),
        Manner::Status(404),
        Manner::Status(302),
        Manner::Huge,
        Manner::Html,
    ];
    for manner in manners {
        stand_in.answers(manner);
        let answer = register(&service, BREACHED).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{manner:?}: {answer}");
        assert_eq!(
            stand_in.asked().len(),
            1,
            "{manner:?}: no redirection, no repetition"
        );
        let circuit = "us:circuit:breached_passwords";
        service.redis::<i64>(&["DEL", circuit]).await;
    }
    eventually("each failure is counted and logged", async || {
        let (_, metrics) = metrics(&service).await;
        let labels = [("result", "unavailable")];
        let count = metrics.value("breached_password_checks_total", &labels);
        let logged = lines(&service)
            .into_iter()
            .filter(|line| line["message"] == "the list of breached passwords can't be asked");
        let failures = manners.len();
        count == u32::try_from(failures).ok().map(f64::from) && logged.count() == failures
    })
    .await;

    stand_in.answers(Manner::Good);
    let answer = register(&service, BREACHED).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
}

#[tokio::test]
async fn a_list_that_fails_again_and_again_is_left_alone() {
    let (stand_in, service) = with_list().await;
    stand_in.answers(Manner::Status(500));
    for _ in 0..5 {
        assert_eq!(
            register(&service, BREACHED).await.status,
            StatusCode::CREATED
        );
    }
    assert_eq!(stand_in.asked().len(), 5);
    assert_eq!(
        register(&service, BREACHED).await.status,
        StatusCode::CREATED
    );
    assert_eq!(stand_in.asked(), [""; 0]);

    stand_in.answers(Manner::Good);
    eventually("it is asked again", async || {
        register(&service, BREACHED).await.status == StatusCode::UNPROCESSABLE_ENTITY
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_not_there_keeps_nobody_out() {
    let (stand_in, service) = with_list().await;
    stand_in.end().await;
    let answer = register(&service, BREACHED).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
}
