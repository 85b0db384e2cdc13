//! With a replica of PostgreSQL: reads go there, users see what they have written, and each server stands
//! in for the other.

use e2e::{Service, TestUser, eventually};
use http::{Method, StatusCode};
use serde_json::json;
use stack::PostgreSql;
use tokio_postgres::NoTls;

use super::{HEALTHY, PREFERENCES, PROFILE, PUSH_TOKENS, assert_health};

#[tokio::test]
async fn reads_go_to_a_replica_that_has_seen_what_their_user_has_written() {
    let (service, _servers, replica) = Service::with_replica();
    let user = service.registered_user().await;
    let other = service.registered_user().await;
    caught_up(&service, &replica).await;
    pause(&replica).await;
    let before = limit(&other).await;

    // Nobody has told the service of this, and no replica has seen it.
    let change = "update notification_preferences set frequency_limit = 7 where user_id = $1";
    service.execute(change, &[&other.id]).await;
    forget_preferences(&service, &other).await;
    assert_eq!(limit(&other).await, before, "as the replica has it");

    let change = user.put(PREFERENCES, &json!({"frequency_limit": 5})).await;
    assert_eq!(change.status, StatusCode::OK, "{change}");
    forget_preferences(&service, &user).await;
    assert_eq!(limit(&user).await, 5, "as he has written it");
    let token = json!({"token": e2e::random_hex(32), "platform": "web"});
    let created = user.post(PUSH_TOKENS, &token).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created}");
    let tokens = user.get(PUSH_TOKENS).await;
    assert_eq!(tokens.body["meta"]["total"], 1, "{tokens}");

    on(&replica, "select pg_wal_replay_resume()").await;
    eventually("the replica has caught up", async || {
        forget_preferences(&service, &other).await;
        limit(&other).await == 7
    })
    .await;
}

#[tokio::test]
async fn whose_last_change_redis_has_forgotten_reads_from_the_primary() {
    let (service, _servers, replica) = Service::with_replica();
    let user = service.registered_user().await;
    caught_up(&service, &replica).await;
    pause(&replica).await;
    let change = user.put(PREFERENCES, &json!({"frequency_limit": 5})).await;
    assert_eq!(change.status, StatusCode::OK, "{change}");

    forget(&service, &user).await;
    assert_eq!(limit(&user).await, 5, "as he has written it");
    assert_eq!(limit(&user).await, 5, "from the cache, too");
    forget(&service, &user).await;
    let profile = user.get(PROFILE).await;
    let preferences = &profile.data()["notification_preferences"];
    assert_eq!(preferences["frequency_limit"], 5, "{profile}");
}

#[tokio::test]
async fn without_the_primary_the_replica_answers_reads_and_nothing_is_written() {
    let (service, servers, replica) = Service::with_replica();
    let user = service.registered_user().await;
    caught_up(&service, &replica).await;
    let before = user.get(PROFILE).await;
    forget(&service, &user).await;
    let primary = servers.postgresql().expect("a PostgreSQL of its own");
    primary.stop();

    for path in [PROFILE, PREFERENCES, PUSH_TOKENS] {
        let answer = user.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
    }
    assert_eq!(user.get(PROFILE).await.data(), before.data());
    let ready = service.client().get("/health/ready").await;
    assert_eq!(ready.status, StatusCode::OK, "{ready}");
    assert_health(
        &service,
        503,
        "unhealthy: database unhealthy, cache healthy",
    )
    .await;
    let change = user.put(PREFERENCES, &json!({"frequency_limit": 5})).await;
    assert_eq!(change.status, StatusCode::SERVICE_UNAVAILABLE, "{change}");
    assert!(change.headers.contains_key("retry-after"), "{change}");

    primary.start().expect("it starts again");
    eventually("changes are made again", async || {
        let change = user.put(PREFERENCES, &json!({"frequency_limit": 6})).await;
        change.status == StatusCode::OK
    })
    .await;
    assert_eq!(limit(&user).await, 6);
}

#[tokio::test]
async fn what_a_replica_says_for_a_slow_primary_of_a_session_is_not_remembered() {
    let (service, _servers, replica) = Service::with_replica();
    let user = service.registered_user().await;
    caught_up(&service, &replica).await;
    pause(&replica).await;
    let _: i64 = service.redis(&["DEL", &user.session_key()]).await;

    let holder = service.connection().await;
    let lock = "begin; lock table sessions in access exclusive mode";
    holder.batch_execute(lock).await.expect("the lock");
    let answer = user.get(PREFERENCES).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    holder.batch_execute("rollback").await.expect("no lock");

    // Nobody has told Redis of this, and no replica has seen it.
    let end = "update sessions set revoked_at = now(), revoked_reason = 'logout' where id = $1";
    service.execute(end, &[&user.session()]).await;
    assert!(!user.has_access().await);
}

#[tokio::test]
async fn without_its_replica_the_primary_answers() {
    let (service, _servers, replica) = Service::with_replica();
    let user = service.registered_user().await;
    replica.stop();

    for _ in 0..5 {
        forget(&service, &user).await;
        for path in [PROFILE, PREFERENCES, PUSH_TOKENS] {
            let answer = user.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
        }
    }
    assert_health(&service, 200, HEALTHY).await;
}

/// Waits until the replica has all that was written.
async fn caught_up(service: &Service, replica: &PostgreSql) {
    let written: String = service
        .value("select pg_current_wal_insert_lsn()::text", &[])
        .await;
    let has_it = format!("select pg_last_wal_replay_lsn() >= '{written}'::pg_lsn");
    eventually("the replica has caught up", async || {
        on(replica, &has_it).await == "t"
    })
    .await;
}

/// Keeps from the replica what is written from now on.
async fn pause(replica: &PostgreSql) {
    on(replica, "select pg_wal_replay_pause()").await;
    eventually("the replica has paused", async || {
        on(replica, "select pg_get_wal_replay_pause_state()").await == "paused"
    })
    .await;
}

/// Runs a statement on the replica; answers the first value.
async fn on(replica: &PostgreSql, statement: &str) -> String {
    let (client, connection) = tokio_postgres::connect(&replica.administrator_url(), NoTls)
        .await
        .expect("the replica answers");
    tokio::spawn(connection);
    let rows = client.simple_query(statement).await.expect("an answer");
    rows.iter()
        .find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
        .unwrap_or_default()
}

/// Lets Redis forget his documents, and with them that he has written.
async fn forget(service: &Service, user: &TestUser) {
    let keys = ["user", "preferences"].map(|name| format!("us:{{{}}}:{name}", user.id));
    let _: i64 = service.redis(&["DEL", &keys[0], &keys[1]]).await;
}

/// Lets Redis forget his preferences, though not as of which version he has them.
async fn forget_preferences(service: &Service, user: &TestUser) {
    let key = format!("us:{{{}}}:preferences", user.id);
    let _: i64 = service.redis(&["DEL", &key]).await;
}

async fn limit(user: &TestUser) -> u64 {
    let answer = user.request(Method::GET, PREFERENCES).send().await;
    let limit = answer.data()["frequency_limit"].as_u64();
    limit.unwrap_or_else(|| panic!("a limit: {answer}"))
}
