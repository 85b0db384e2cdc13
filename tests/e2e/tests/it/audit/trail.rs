//! The trail itself: it only grows, holds no secrets, and goes when it is old enough.

use e2e::{NewAccount, Service, ServiceAccount, TestUser, eventually, random_hex};
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{PUSH_TOKENS, trail};

#[tokio::test]
async fn the_database_refuses_to_change_it() {
    let service = Service::running();
    let user = service.registered_user().await;
    let database = service.connection().await;
    for statement in [
        "update audit_log set outcome = 'failure' where subject_id = $1",
        "delete from audit_log where subject_id = $1",
        "with it as (select $1::uuid) delete from audit_log",
        "insert into audit_log select * from audit_log where subject_id = $1
         on conflict (id) do update set outcome = 'failure'",
    ] {
        let error = database
            .execute(statement, &[&user.id])
            .await
            .expect_err(statement);
        let error = error.as_db_error().expect(statement);
        assert_eq!(error.code().code(), "42501", "{statement}: {error}");
    }
    let error = database.batch_execute("truncate audit_log").await;
    let error = error.expect_err("truncate");
    assert_eq!(error.code().expect("an SQLSTATE").code(), "42501");
    let kept = "select count(*) from audit_log where subject_id = $1";
    assert_eq!(service.value::<i64>(kept, &[&user.id]).await, 1);
}

#[tokio::test]
async fn rows_go_when_they_are_older_than_the_retention() {
    let service = Service::running();
    let subject = Uuid::new_v4();
    for days in [364, 366] {
        let old = "insert into audit_log (id, occurred_at, action, outcome, actor_kind, subject_id)
             select uuid_v7_at(moment), moment, 'user_created', 'success', 'anonymous', $1
             from (select now() - make_interval(days => $2) as moment) as age";
        service.execute(old, &[&subject, &days]).await;
    }

    let client = service.host_client();
    let request = client.request(Method::POST, "/internal/sweep");
    let answer = request.bearer(service.internal_secret()).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");

    let ages = "select array_agg(extract(day from now() - occurred_at)::int4)
         from audit_log where subject_id = $1";
    eventually("the old one has gone", async || {
        service.value::<Vec<i32>>(ages, &[&subject]).await == [364]
    })
    .await;
}

#[tokio::test]
async fn no_row_holds_a_secret_a_token_or_an_address_of_mail() {
    let service = Service::running();
    let push_token = random_hex(32);
    let account = NewAccount::random().push_token(&push_token);
    let user = TestUser::register(service.client(), &account).await;
    let wrong = random_hex(32);
    user.try_login(&wrong).await;
    let other = user.another_session().await;
    let unknown = json!({"email": format!("nobody@{wrong}.example"), "password": wrong});
    user.client.post("/api/v1/users/login", &unknown).await;
    let thief = service.registered_user().await;
    let body = json!({"token": push_token, "platform": "web"});
    thief.post(PUSH_TOKENS, &body).await;
    let new = NewAccount::random().password;
    for old in [&wrong, &user.password] {
        let body = json!({
            "old_password": old,
            "new_password": new,
            "new_password_confirm": new,
        });
        user.post("/api/v1/users/change-password", &body).await;
    }
    for password in [&wrong, &new] {
        let request = user.request(Method::DELETE, "/api/v1/users/account");
        let request = request.json(&json!({"password": password}));
        request.send().await;
    }
    let neighbour = ServiceAccount::new(&service, &["users:read"]).await;
    let token = neighbour.token().await;

    let rows = "select string_agg(audit_log::text, ' ') from audit_log
         where client_address in ($1::text::inet, $2::text::inet, $3::text::inet)";
    let addresses =
        [&user.client, &thief.client, &neighbour.client].map(|client| client.address().to_string());
    let [first, second, third] = &addresses;
    let rows: String = service.value(rows, &[first, second, third]).await;
    for action in ["authn_login_fail", "push_token_moved", "user_deleted"] {
        assert!(rows.contains(action), "{rows}");
    }
    for secret in [
        &wrong,
        &push_token,
        &new,
        &user.password,
        &user.access,
        &user.refresh,
        &other.refresh,
        &user.email,
        &user.username,
        &neighbour.secret,
        &token,
    ] {
        assert!(!rows.contains(secret.as_str()), "{secret}: {rows}");
    }
    assert!(!rows.contains('@') && !rows.contains("eyJ"), "{rows}");
}

#[tokio::test]
async fn a_row_names_client_and_request_as_far_as_there_is_room() {
    let service = Service::running();
    let user = service.registered_user().await;
    let id = format!("{}{}", "r".repeat(120), random_hex(8));
    let request = user.client.request(Method::POST, "/api/v1/users/login");
    let answer = request
        .header("x-request-id", &id)
        .header("user-agent", "ä\"\\u0000".repeat(100))
        .json(&json!({"email": user.email, "password": user.password}))
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let agent = "select user_agent from audit_log where request_id = $1";
    let agent: String = service.value(agent, &[&id]).await;
    let expected: String = "ä\"\\u0000".repeat(100).chars().take(255).collect();
    assert_eq!(agent, expected);
}

#[tokio::test]
async fn without_its_row_nothing_is_done_but_a_refusal_stands() {
    let service = Service::on_own_servers(&[]);
    let (user, thief) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let push_token = json!({"token": random_hex(32), "platform": "web"});
    user.post(PUSH_TOKENS, &push_token).await;
    let neighbour = ServiceAccount::new(&service, &["users:read"]).await;
    let database = service.connection().await;
    let fail = "create function too_slow() returns trigger language plpgsql
         as $$ begin raise exception 'too slow' using errcode = 'query_canceled'; end $$;
         create trigger too_slow before insert on audit_log execute function too_slow()";
    database.batch_execute(fail).await.expect("a trigger");
    let before = service.state_of(user.id).await;

    let new = NewAccount::random().password;
    let change = json!({
        "old_password": user.password,
        "new_password": new,
        "new_password_confirm": new,
    });
    for answer in [
        user.try_login(&user.password).await,
        user.post("/api/v1/users/change-password", &change).await,
        user.post("/api/v1/users/logout", &json!({})).await,
        thief.post(PUSH_TOKENS, &push_token).await,
        neighbour.try_token().await,
    ] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    }
    assert_eq!(service.state_of(user.id).await, before);

    let refused = user.try_login("wrong").await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{refused}"
    );
    let mut guess = neighbour.clone();
    guess.secret = "wrong".to_owned();
    let refused = guess.try_token().await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{refused}");

    let mend = "drop trigger too_slow on audit_log";
    service.execute(mend, &[]).await;
    let answer = user.try_login(&user.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!(trail(&service, &answer).await.len(), 1);
}
