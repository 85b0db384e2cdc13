//! Registrations, logins, refreshes, logouts and password changes, many at once.

use std::collections::BTreeSet;

use e2e::{Answer, Jwt, NewAccount, Service, TestUser, random_hex};
use futures::future::{join, join_all};
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::Holder;

const REGISTER: &str = "/api/v1/users/register";

/// Room for all hashes of a race at once.
const ROOM: [(&str, &str); 2] = [("hashes_at_once", "100"), ("max_hashes", "100")];

#[tokio::test]
async fn sixty_four_refreshes_of_one_token_give_one_successor() {
    let service = Service::with_variables(&[("refresh_reuse_interval", "300")]);
    warm_up(&service).await;
    let user = service.registered_user().await;

    let answers = join_all((0..64).map(|_| user.try_refresh())).await;

    let successors: BTreeSet<_> = answers
        .iter()
        .map(|answer| answer.text("/refresh"))
        .collect();
    assert_eq!(successors.len(), 1);
    let state = service.state_of(user.id).await;
    assert_eq!(state["sessions"][0]["generation"], 1);
    assert!(state["sessions"][0]["revoked_at"].is_null(), "{state}");
    for answer in &answers {
        let user = TestUser {
            access: answer.text("/access").to_owned(),
            ..user.clone()
        };
        assert!(user.has_access().await);
    }
    let next = TestUser {
        refresh: answers[0].text("/refresh").to_owned(),
        ..user
    };
    assert_eq!(next.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn sixty_four_refreshes_of_one_token_in_strict_mode_give_one_answer_and_end_the_session() {
    let service = Service::with_variables(&[("refresh_reuse_interval", "0")]);
    warm_up(&service).await;
    let user = service.registered_user().await;

    let answers = join_all((0..64).map(|_| user.try_refresh())).await;

    let good: Vec<_> = with_status(&answers, StatusCode::OK);
    assert_eq!(good.len(), 1);
    assert_eq!(with_status(&answers, StatusCode::UNAUTHORIZED).len(), 63);
    let access = good[0].text("/access").to_owned();
    assert!(!TestUser { access, ..user }.has_access().await);
}

#[tokio::test]
async fn a_refresh_against_a_logout_leaves_a_dead_session() {
    let service = Service::running();
    for _ in 0..10 {
        let user = service.registered_user().await;
        let body = json!({});
        let refreshes = join_all((0..4).map(|_| user.try_refresh()));
        let (refreshes, logout) = join(refreshes, user.post("/api/v1/users/logout", &body)).await;
        assert_eq!(logout.status, StatusCode::OK, "{logout}");

        assert!(!user.has_access().await);
        for answer in with_status(&refreshes, StatusCode::OK) {
            let user = TestUser {
                access: answer.text("/access").to_owned(),
                refresh: answer.text("/refresh").to_owned(),
                ..user.clone()
            };
            assert!(!user.has_access().await);
            assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_replay_within_the_same_second_is_seen() {
    let service = Service::running();
    let user = service.registered_user().await;
    // Rotations that nobody could tell apart by their time.
    let mut tokens = vec![user.clone()];
    for _ in 0..5 {
        tokens.push(tokens[tokens.len() - 1].refreshed().await);
    }
    let distinct: BTreeSet<_> = tokens.iter().map(|user| &*user.refresh).collect();
    assert_eq!(distinct.len(), tokens.len());
    let ids: BTreeSet<_> = tokens
        .iter()
        .map(|user| Jwt::read(&user.refresh).claims["jti"].to_string())
        .collect();
    assert_eq!(ids.len(), tokens.len());

    let stolen = tokens[3].try_refresh().await;

    assert_eq!(stolen.status, StatusCode::UNAUTHORIZED, "{stolen}");
    assert_eq!(
        tokens[5].try_refresh().await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(!tokens[5].has_access().await);
}

#[tokio::test]
async fn one_email_registered_32_times_at_once_makes_one_account() {
    let service = Service::with_variables(&ROOM);
    let account = NewAccount::random().push_token(&random_hex(32));
    let local_part = account.email.strip_suffix("@example.com").unwrap();
    let attempts = (0..32).map(|attempt| {
        let domain = if attempt % 2 == 0 {
            "example.com"
        } else {
            "EXAMPLE.com"
        };
        let account = account.clone().email(&format!("{local_part}@{domain}"));
        let client = service.client();
        async move { client.post(REGISTER, &account).await }
    });

    let answers = join_all(attempts).await;

    assert_eq!(
        with_status(&answers, StatusCode::CREATED).len(),
        1,
        "{answers:?}"
    );
    let refused = with_status(&answers, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.len(), 31, "{answers:?}");
    for answer in refused {
        let expected = json!({"email": ["A user with this email already exists."]});
        assert_eq!(*answer.data(), expected);
    }
    let id: Uuid = service
        .value("select id from users where email = $1", &[&account.email])
        .await;
    let state = service.state_of(id).await;
    assert_eq!(state["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(state["push_tokens"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn one_local_part_registered_often_at_once_makes_distinct_usernames() {
    let service = Service::with_variables(&ROOM);
    let local_part = format!("user{}", random_hex(12));
    let attempts = (0..16).map(|attempt| {
        let account = NewAccount::random().email(&format!("{local_part}@d{attempt}.example"));
        let client = service.client();
        async move { TestUser::register(client, &account).await }
    });

    let users = join_all(attempts).await;

    let names: BTreeSet<_> = users
        .iter()
        .map(|user| user.username.to_lowercase())
        .collect();
    assert_eq!(names.len(), users.len());
    assert!(
        names.iter().all(|name| name.starts_with(&local_part)),
        "{names:?}"
    );
}

#[tokio::test]
async fn one_push_token_in_many_registrations_at_once_has_one_owner() {
    let service = Service::with_variables(&ROOM);
    let token = random_hex(32);
    let attempts = (0..8).map(|_| {
        let account = NewAccount::random().push_token(&token);
        let client = service.client();
        async move { TestUser::register(client, &account).await }
    });

    let users = join_all(attempts).await;

    let mut owners = 0;
    for user in users {
        let profile = user.get("/api/v1/users/profile").await;
        owners += profile.data()["push_tokens_count"].as_i64().unwrap();
    }
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn of_two_password_changes_at_once_one_wins() {
    let service = Service::with_variables(&ROOM);
    for _ in 0..3 {
        let user = service.registered_user().await;
        let passwords = ["Nx7! the first one", "Nx7! the second one"];
        let [first, second] = passwords.map(|new| change(&user, new));
        let (first, second) = join(first, second).await;

        let (winner, loser) = match (first.status, second.status) {
            (StatusCode::OK, _) => (0, &second),
            (_, StatusCode::OK) => (1, &first),
            _ => panic!("nobody won: {first}; {second}"),
        };
        assert_eq!(loser.status, StatusCode::UNPROCESSABLE_ENTITY, "{loser}");
        assert_eq!(
            *loser.data(),
            json!({"old_password": ["Old password is incorrect."]})
        );
        assert_eq!(
            user.try_login(passwords[winner]).await.status,
            StatusCode::OK
        );
        let lost = user.try_login(passwords[1 - winner]).await;
        assert_eq!(lost.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(user.has_access().await);
    }
}

#[tokio::test]
async fn a_session_that_begins_during_a_password_change_ends_with_it() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (login, session) = begun_login(&service, &user).await;

    let commit = login.commit_when_waited_for(&service);
    let (changed, ()) = join(change(&user, "Nx7! another one"), commit).await;

    assert_eq!(changed.status, StatusCode::OK, "{changed}");
    let reason = end_reason(&service, session).await;
    assert_eq!(reason.as_deref(), Some("password_changed"));
    assert!(user.has_access().await);
}

#[tokio::test]
async fn a_session_that_begins_while_all_others_are_ended_ends_with_them() {
    let service = Service::running();
    let user = service.registered_user().await;
    let (login, session) = begun_login(&service, &user).await;

    let body = json!({});
    let end = user.post("/api/v1/users/sessions/end_others", &body);
    let (ended, ()) = join(end, login.commit_when_waited_for(&service)).await;

    assert_eq!(ended.status, StatusCode::OK, "{ended}");
    assert_eq!(ended.data()["ended_count"], 1, "{ended}");
    let reason = end_reason(&service, session).await;
    assert_eq!(reason.as_deref(), Some("logout"));
    assert!(user.has_access().await);
}

#[tokio::test]
async fn what_is_told_of_a_user_is_as_the_change_before_has_left_it() {
    let service = Service::running();
    let events = service.events().await;
    for is_erased in [false, true] {
        let user = service.registered_user().await;
        // A change of the profile, up to where it has not committed.
        let profile = Holder::begin(&service).await;
        for change in [
            "update users set version = version + 1 where id = $1",
            "update user_profiles set first_name = 'Grace', language = 'fr' where user_id = $1",
        ] {
            profile.run(change, &[&user.id]).await;
        }
        let commit = profile.commit_when_waited_for(&service);

        let (answer, ()) = if is_erased {
            join(erase(&user), commit).await
        } else {
            join(change(&user, "Nx7! another one"), commit).await
        };

        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        let told = events.of(&user.id, 2).await;
        let data = &told[1].body["data"]["user"];
        assert_eq!(data["language"], "fr", "{data}");
        if !is_erased {
            assert_eq!(data["first_name"], "Grace", "{data}");
        }
    }
}

#[tokio::test]
async fn logins_at_once_with_an_outdated_hash_are_all_let_in() {
    let service = Service::with_variables(&ROOM);
    let user = service.registered_user().await;
    // Of `Kx7! brought along`, with parameters that are not ours.
    let hash = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$2SdisvZJQCYeJWm4Hc4heuRcHSTCa9C5YB9xKF27/QM";
    service
        .execute(
            "update users set password = $2 where id = $1",
            &[&user.id, &hash],
        )
        .await;

    let answers = join_all((0..4).map(|_| user.try_login("Kx7! brought along"))).await;

    assert_eq!(statuses(&answers), [200; 4]);
}

#[tokio::test]
async fn logins_at_once_leave_as_many_sessions_as_are_allowed() {
    let service = Service::with_variables(&[ROOM[0], ROOM[1], ("sessions_per_user", "3")]);
    let user = service.registered_user().await;

    let answers = join_all((0..9).map(|_| user.try_login(&user.password))).await;

    assert_eq!(
        with_status(&answers, StatusCode::OK).len(),
        9,
        "{:?}",
        statuses(&answers)
    );
    let live: i64 = service
        .value(
            "select count(*) from sessions where user_id = $1 and revoked_at is null",
            &[&user.id],
        )
        .await;
    assert_eq!(live, 3);
    let mut honoured = 0;
    for answer in &answers {
        let user = TestUser::signed_in(user.client.clone(), answer, &user.password);
        honoured += usize::from(user.has_access().await);
    }
    assert_eq!(honoured, 3);
}

#[tokio::test]
async fn of_fifty_logins_at_once_ten_are_let_through() {
    fifty_logins(&Service::with_variables(&ROOM)).await;
}

#[tokio::test]
async fn of_fifty_logins_at_once_ten_are_let_through_without_redis() {
    fifty_logins(&Service::without_redis()).await;
}

#[tokio::test]
async fn of_fifty_registrations_at_once_five_are_let_through() {
    fifty_registrations(&Service::with_variables(&ROOM)).await;
}

#[tokio::test]
async fn of_fifty_registrations_at_once_five_are_let_through_without_redis() {
    fifty_registrations(&Service::without_redis()).await;
}

async fn fifty_logins(service: &Service) {
    let user = service.registered_user().await;
    let attempts = (0..50).map(|attempt| {
        let user = TestUser {
            client: service.client(),
            ..user.clone()
        };
        let password = if attempt % 2 == 0 {
            &*user.password
        } else {
            "Kx7! not this one"
        }
        .to_owned();
        async move { user.try_login(&password).await }
    });

    let answers = join_all(attempts).await;

    let refused = with_status(&answers, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.len(), 40, "{:?}", statuses(&answers));
    let good = with_status(&answers, StatusCode::OK).len();
    let wrong = with_status(&answers, StatusCode::UNPROCESSABLE_ENTITY).len();
    assert_eq!(good + wrong, 10, "{:?}", statuses(&answers));
    let state = service.state_of(user.id).await;
    let sessions = state["sessions"].as_array().map(Vec::len);
    assert_eq!(sessions, Some(1 + good));
}

async fn fifty_registrations(service: &Service) {
    let client = service.client();
    let domain = format!("{}.example", random_hex(12));
    let attempts = (0..50).map(|attempt| {
        let account = NewAccount::random().email(&format!("user{attempt}@{domain}"));
        let client = client.clone();
        async move { client.post(REGISTER, &account).await }
    });

    let answers = join_all(attempts).await;

    let good = with_status(&answers, StatusCode::CREATED);
    assert_eq!(good.len(), 5, "{:?}", statuses(&answers));
    let refused = with_status(&answers, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.len(), 45, "{:?}", statuses(&answers));
    let accounts: i64 = service
        .value(
            "select count(*) from users where email like '%@' || $1",
            &[&domain],
        )
        .await;
    assert_eq!(accounts, 5);
}

/// Fills the host's pool of connections to PostgreSQL: opening 64 at once can take longer than a
/// request waits.
async fn warm_up(service: &Service) {
    let user = service.registered_user().await;
    for requests in [8, 32, 64] {
        // Whatever they are answered, they have asked PostgreSQL.
        join_all((0..requests).map(|_| user.try_refresh())).await;
    }
}

async fn change(user: &TestUser, new: &str) -> Answer {
    let body =
        json!({"old_password": user.password, "new_password": new, "new_password_confirm": new});
    user.post("/api/v1/users/change-password", &body).await
}

async fn erase(user: &TestUser) -> Answer {
    user.request(Method::DELETE, "/api/v1/users/account")
        .json(&json!({"password": user.password}))
        .send()
        .await
}

fn with_status(answers: &[Answer], status: StatusCode) -> Vec<&Answer> {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .collect()
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect()
}

/// A login, or the exchange of a refresh token of the service before this one, up to where it has begun
/// this session but not committed.
async fn begun_login(service: &Service, user: &TestUser) -> (Holder, Uuid) {
    let login = Holder::begin(service).await;
    let lock = "select from users where id = $1 for no key update";
    login.run(lock, &[&user.id]).await;
    let begin =
        "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')";
    let session = Uuid::new_v4();
    login.run(begin, &[&session, &user.id]).await;
    (login, session)
}

/// Why a session has ended.
async fn end_reason(service: &Service, session: Uuid) -> Option<String> {
    let reason = "select revoked_reason from sessions where id = $1";
    service.value(reason, &[&session]).await
}
