//! A Redis Cluster: each call finds the node that has its keys, also while their slot is being moved.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use e2e::{Service, TestUser, eventually, redis_command};
use futures::future::{join, join_all};
use serde_json::json;
use stack::Redis;

use super::{HEALTHY, LOGOUT, PREFERENCES, PROFILE, assert_everything_works, assert_ok, health};

/// Limits that no test meets.
const RATE_LIMITS: &str = r#"{
    "registration": {"limit": 1000, "window": 60},
    "login": {"limit": 1000, "window": 60},
    "login_address": {"limit": 1000, "window": 60},
    "general": {"rate": 10000, "burst": 10000}
}"#;

/// In each step of a move somebody signs out.
const STEPS: usize = 5;

#[tokio::test]
async fn on_a_redis_cluster_every_route_works_and_every_node_is_used() {
    let service = Service::on_redis_cluster(&[("rate_limits", RATE_LIMITS)]);
    assert_everything_works(&service).await;
    assert_eq!(health(&service).await, (200, HEALTHY.to_owned()));
    let users = join_all((0..9).map(|_| service.registered_user())).await;
    for user in &users {
        assert!(is_cached(user).await);
    }

    for master in masters(&service) {
        let keys: i64 = redis_command(&master.url(), &["DBSIZE"]).await;
        assert!(keys > 0, "{} has no keys", master.url());
    }
    assert_redis_was_never_left_alone(&service);
}

#[tokio::test]
async fn while_a_slot_moves_nothing_fails_and_no_session_that_has_ended_comes_back() {
    let service = Service::on_redis_cluster(&[("rate_limits", RATE_LIMITS)]);
    let users = join_all((0..3).map(|_| service.registered_user())).await;
    let mut ended = Vec::new();
    let is_over = AtomicBool::new(false);
    let reading = async {
        while !is_over.load(Ordering::Relaxed) {
            join_all(users.iter().map(assert_reads_work)).await;
        }
    };
    let moving = async {
        for user in &users {
            ended.extend(end_sessions_while_moving(&service, user).await);
        }
        is_over.store(true, Ordering::Relaxed);
    };

    join(reading, moving).await;

    for session in &ended {
        assert!(!session.has_access().await);
    }
    for user in &users {
        eventually("answers come from the cache", async || {
            is_cached(user).await
        })
        .await;
    }
    assert_redis_was_never_left_alone(&service);
}

/// Moves the slot of `user` to another node, step by step, and in each step changes something and ends
/// a session of his. Answers the sessions that it has ended.
async fn end_sessions_while_moving(service: &Service, user: &TestUser) -> Vec<TestUser> {
    let mut sessions = Vec::new();
    for _ in 0..STEPS {
        let session = user.another_session().await;
        assert!(session.has_access().await);
        sessions.push(session);
    }
    let slot = Slot::of(service, user).await;

    assert_changes_take_effect(user, &sessions[0], 1).await;
    slot.begin().await;
    assert_changes_take_effect(user, &sessions[1], 2).await;
    let keys = slot.keys().await;
    let (first, rest) = keys.split_at(keys.len() / 2);
    slot.hand_over(first).await;
    assert_changes_take_effect(user, &sessions[2], 3).await;
    slot.hand_over(rest).await;
    assert_changes_take_effect(user, &sessions[3], 4).await;
    slot.end(masters(service)).await;
    assert_changes_take_effect(user, &sessions[4], 5).await;
    sessions
}

/// Changes the preferences of `user` to `value`, and ends `session`: both show at once.
async fn assert_changes_take_effect(user: &TestUser, session: &TestUser, value: u64) {
    let change = json!({"frequency_limit": value});
    assert_ok(&user.put(PREFERENCES, &change).await);
    assert_eq!(user.get(PREFERENCES).await.data()["frequency_limit"], value);
    assert!(session.has_access().await);
    assert_ok(&session.post(LOGOUT, &json!({})).await);
    assert!(!session.has_access().await);
}

async fn assert_reads_work(user: &TestUser) {
    assert_ok(&user.get(PREFERENCES).await);
    assert_ok(&user.get(PROFILE).await);
}

async fn is_cached(user: &TestUser) -> bool {
    let answer = user.get(PROFILE).await;
    answer.text("/message").ends_with("from cache")
}

fn masters(service: &Service) -> &[Redis] {
    let cluster = service.stack().redis_cluster();
    cluster.expect("a cluster of its own").masters()
}

fn assert_redis_was_never_left_alone(service: &Service) {
    let log = service.stack().host().expect("a host").log();
    let log = fs::read_to_string(log).expect("the host's log");
    assert!(!log.contains("a server is left alone"), "{log}");
}

/// A slot on its way from one node to another.
struct Slot {
    number: String,
    from: String,
    to: String,
    to_port: String,
}

impl Slot {
    /// The slot of the keys of `user`.
    async fn of(service: &Service, user: &TestUser) -> Self {
        let key = format!("us:{{{}}}:user", user.id);
        let number: i64 = service.redis(&["CLUSTER", "KEYSLOT", &key]).await;
        let number = number.to_string();
        let masters = masters(service);
        let mut from = 0;
        for (index, master) in masters.iter().enumerate() {
            let command = ["CLUSTER", "COUNTKEYSINSLOT", &number];
            if redis_command::<i64>(&master.url(), &command).await > 0 {
                from = index;
            }
        }
        let to = &masters[(from + 1) % masters.len()];
        Self {
            number,
            from: masters[from].url(),
            to: to.url(),
            to_port: to.port().to_string(),
        }
    }

    async fn begin(&self) {
        let [from, to] = [name(&self.from).await, name(&self.to).await];
        self.set(&self.to, "IMPORTING", &from).await;
        self.set(&self.from, "MIGRATING", &to).await;
    }

    /// The keys that have not moved yet.
    async fn keys(&self) -> Vec<String> {
        let command = ["CLUSTER", "GETKEYSINSLOT", &self.number, "1000"];
        redis_command(&self.from, &command).await
    }

    async fn hand_over(&self, keys: &[String]) {
        for key in keys {
            let command = ["MIGRATE", "127.0.0.1", &self.to_port, key, "0", "1000"];
            redis_command::<String>(&self.from, &command).await;
        }
    }

    async fn end(&self, masters: &[Redis]) {
        let owner = name(&self.to).await;
        self.set(&self.to, "NODE", &owner).await;
        for master in masters {
            self.set(&master.url(), "NODE", &owner).await;
        }
    }

    async fn set(&self, node: &str, state: &str, other: &str) {
        let command = ["CLUSTER", "SETSLOT", &self.number, state, other];
        redis_command::<String>(node, &command).await;
    }
}

/// How a node is called in its cluster.
async fn name(node: &str) -> String {
    redis_command(node, &["CLUSTER", "MYID"]).await
}
