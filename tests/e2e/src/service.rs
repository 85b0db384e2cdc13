//! A running service: the one that all tests share, or one of a test's own.

use std::env;
use std::sync::Once;

use http::Method;
use redis::FromRedisValue;
use serde_json::Value;
use stack::{HostKind, PostgreSql, Source, Stack, StackBuilder};
use tokio::sync::OnceCell;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{NoTls, Row};
use uuid::Uuid;

use crate::answer::Answer;
use crate::client::Client;
use crate::events::Events;
use crate::user::TestUser;

/// Parameters of an SQL statement.
pub type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A running service with the servers behind it.
pub struct Service {
    url: String,
    host_url: String,
    database_url: String,
    redis_url: String,
    amqp_url: String,
    jwt_secret: String,
    internal_secret: String,
    database: OnceCell<tokio_postgres::Client>,
    stack: Option<Stack>,
}

impl Service {
    /// The service that all tests share. What a test does to it must not meet other tests.
    pub fn running() -> Self {
        Self {
            url: variable("E2E_URL"),
            host_url: variable("E2E_HOST_URL"),
            database_url: variable("E2E_DATABASE_URL"),
            redis_url: variable("E2E_REDIS_URL"),
            amqp_url: variable("E2E_AMQP_URL"),
            jwt_secret: variable("E2E_JWT_SECRET"),
            internal_secret: variable("E2E_INTERNAL_SECRET"),
            database: OnceCell::new(),
            stack: None,
        }
    }

    /// The same, without the gateway that may be in front of it: for requests that a gateway answers
    /// itself, since it takes them for no proper HTTP.
    pub fn behind_no_gateway() -> Self {
        Self {
            url: variable("E2E_HOST_URL"),
            ..Self::running()
        }
    }

    /// The service of a stack that the test has started itself; it ends with the test.
    pub fn of(stack: Stack) -> Self {
        let secret = |name| {
            let secret = stack.variable(name);
            secret.expect("a stack sets its secrets").to_owned()
        };
        Self {
            url: stack.url(),
            host_url: stack.url(),
            database_url: stack.database_url().to_owned(),
            redis_url: stack.redis_url().to_owned(),
            amqp_url: stack.amqp_url().to_owned(),
            jwt_secret: secret("jwt_secret"),
            internal_secret: secret("internal_secret"),
            database: OnceCell::new(),
            stack: Some(stack),
        }
    }

    /// A service with these Spin variables, on the shared PostgreSQL and a Redis of its own, so
    /// that neither its limits nor its load meet other tests.
    pub fn with_variables(variables: &[(&str, &str)]) -> Self {
        let mut stack = builder().database(Source::Existing(variable("E2E_DATABASE_URL")));
        for (name, value) in variables {
            stack = stack.variable(name, value);
        }
        Self::of(stack.start().expect("the service starts"))
    }

    /// A service on the shared PostgreSQL that has no Redis.
    pub fn without_redis() -> Self {
        Self::without_redis_with(&[])
    }

    /// The same with these Spin variables.
    pub fn without_redis_with(variables: &[(&str, &str)]) -> Self {
        let mut stack = builder()
            .database(Source::Existing(variable("E2E_DATABASE_URL")))
            .redis(Source::Existing(String::new()));
        for (name, value) in variables {
            stack = stack.variable(name, value);
        }
        Self::of(stack.start().expect("the service starts"))
    }

    /// A service on servers of its own, which the test may break.
    pub fn on_own_servers(variables: &[(&str, &str)]) -> Self {
        let mut stack = builder();
        for (name, value) in variables {
            stack = stack.variable(name, value);
        }
        Self::of(stack.start().expect("the servers and the service start"))
    }

    /// A service on servers of its own, with a Redis Cluster of three masters.
    pub fn on_redis_cluster(variables: &[(&str, &str)]) -> Self {
        let mut stack = builder().redis_cluster();
        for (name, value) in variables {
            stack = stack.variable(name, value);
        }
        Self::of(stack.start().expect("the servers and the service start"))
    }

    /// A service on servers of its own, with a RabbitMQ. No timer drains its outbox but the test: [`drain`](Self::drain).
    pub fn with_events(variables: &[(&str, &str)]) -> Self {
        let mut stack = builder().rabbitmq(Source::Private);
        for (name, value) in variables {
            stack = stack.variable(name, value);
        }
        Self::of(stack.start().expect("the servers and the service start"))
    }

    /// A service whose reads go to a replica of its PostgreSQL, with both of these servers, which the
    /// test may break.
    pub fn with_replica() -> (Self, Stack, PostgreSql) {
        let servers = Stack::builder().start().expect("the servers start");
        let primary = servers.postgresql().expect("a PostgreSQL of its own");
        let replica = primary.replica().expect("the replica starts");
        let stack = builder()
            .database(Source::Existing(servers.database_url().to_owned()))
            .redis(Source::Existing(servers.redis_url().to_owned()))
            .variable("database_replica_urls", &replica.url())
            .start();
        (
            Self::of(stack.expect("the service starts")),
            servers,
            replica,
        )
    }

    /// The servers behind a service of the test's own.
    pub fn stack(&self) -> &Stack {
        self.stack
            .as_ref()
            .expect("the shared service's servers are not to be touched")
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The secret that signs its tokens.
    pub fn jwt_secret(&self) -> &str {
        &self.jwt_secret
    }

    /// The secret of its internal routes.
    pub fn internal_secret(&self) -> &str {
        &self.internal_secret
    }

    /// What arrives on the exchange from now on, in a queue of the test's own.
    pub async fn events(&self) -> Events {
        Events::of_broker(&self.amqp_url).await
    }

    /// Has it publish what waits in its outbox, as the timer does.
    pub async fn drain(&self) -> Answer {
        self.host_client()
            .request(Method::POST, "/internal/outbox/drain")
            .bearer(&self.internal_secret)
            .send()
            .await
    }

    /// A client with a source address that no other client has.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// A client of the host itself, as timers and Prometheus are: no gateway lets them through.
    pub fn host_client(&self) -> Client {
        Client::new(&self.host_url)
    }

    /// Of `client` and one of the host, the one that gets to `path`.
    pub fn client_for<'a>(client: &'a Client, host: &'a Client, path: &str) -> &'a Client {
        if path.starts_with("/internal/") || path == "/metrics" {
            host
        } else {
            client
        }
    }

    /// A user who has just registered, from a source address of his own.
    pub async fn registered_user(&self) -> TestUser {
        TestUser::registered(self.client()).await
    }

    /// Runs a statement in the service's database and answers how many rows it touched.
    pub async fn execute(&self, statement: &str, parameters: Parameters<'_>) -> u64 {
        let database = self.database().await;
        database
            .execute(statement, parameters)
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error:?}"))
    }

    /// The rows that a query answers.
    pub async fn rows(&self, query: &str, parameters: Parameters<'_>) -> Vec<Row> {
        let database = self.database().await;
        database
            .query(query, parameters)
            .await
            .unwrap_or_else(|error| panic!("{query}: {error:?}"))
    }

    /// The one value that a query answers.
    pub async fn value<T>(&self, query: &str, parameters: Parameters<'_>) -> T
    where
        T: for<'a> FromSql<'a>,
    {
        match self.rows(query, parameters).await.as_slice() {
            [row] => row.get(0),
            rows => panic!("{query}: one row expected, not {}", rows.len()),
        }
    }

    /// All that the database holds of a user, as JSON: the same before and after proves that a
    /// refused request changed nothing.
    pub async fn state_of(&self, user: Uuid) -> Value {
        let state: String = self
            .value(
                "select json_build_object(
                    'user', (select row_to_json(users) from users where id = $1),
                    'profile', (select row_to_json(user_profiles) from user_profiles where user_id = $1),
                    'preferences', (
                        select row_to_json(notification_preferences)
                        from notification_preferences where user_id = $1
                    ),
                    'push_tokens', (
                        select coalesce(json_agg(push_tokens order by id), '[]')
                        from push_tokens where user_id = $1
                    ),
                    'sessions', (
                        select coalesce(json_agg(sessions order by id), '[]')
                        from sessions where user_id = $1
                    )
                )::text",
                &[&user],
            )
            .await;
        serde_json::from_str(&state).expect("JSON")
    }

    /// The same without his sessions.
    pub async fn stored(&self, user: Uuid) -> String {
        let mut state = self.state_of(user).await;
        let parts = state.as_object_mut().expect("an object");
        parts.shift_remove("sessions");
        state.to_string()
    }

    /// Runs one command in the service's Redis: `service.redis::<i64>(&["TTL", &key])`.
    pub async fn redis<T: FromRedisValue>(&self, command: &[&str]) -> T {
        redis_command(&self.redis_url, command).await
    }

    /// What Redis holds under `key`, of a hash its values; nothing if that has gone meanwhile.
    pub async fn redis_text(&self, key: &str) -> String {
        let kind: String = self.redis(&["TYPE", key]).await;
        let values: Vec<String> = match kind.as_str() {
            "hash" => self.redis(&["HVALS", key]).await,
            "string" | "none" => {
                let value: Option<String> = self.redis(&["GET", key]).await;
                value.into_iter().collect()
            }
            other => panic!("{key} is a {other}"),
        };
        values.join("\n")
    }

    /// A connection of the test's own to the service's database, for transactions.
    pub async fn connection(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.database_url, NoTls)
            .await
            .expect("PostgreSQL answers");
        tokio::spawn(connection);
        client
    }

    async fn database(&self) -> &tokio_postgres::Client {
        self.database.get_or_init(|| self.connection()).await
    }
}

/// Runs one command in the Redis at `url`.
pub async fn redis_command<T: FromRedisValue>(url: &str, command: &[&str]) -> T {
    let client = redis::Client::open(url).expect("the URL of Redis");
    let mut connection = client
        .get_multiplexed_async_connection()
        .await
        .expect("Redis answers");
    let mut redis_command = redis::cmd(command[0]);
    for argument in &command[1..] {
        redis_command.arg(argument);
    }
    redis_command
        .query_async(&mut connection)
        .await
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// The beginning of a stack of the test's own, which ends with the test however that ends.
fn builder() -> StackBuilder<'static> {
    static SIGNALS: Once = Once::new();
    SIGNALS.call_once(|| stack::stop_all_on_signals().expect("signals can be handled"));
    Stack::builder().host(HostKind::from_environment().expect("E2E_HOST"))
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set. `cargo xtask test` starts a service and sets it")
    })
}
