//! What the components count on in a host, and what they must beware of. A guest does what no
//! component of ours does.

use std::collections::BTreeSet;
use std::fs;

use e2e::{Answer, Client, eventually};
use futures::future::{join, join_all};
use http::{Method, StatusCode};
use stack::{Host, HostKind, HostOptions, Signal, Source, Stack, component_database_url};
use stack::{database_address, workspace_root};
use tokio_postgres::NoTls;

/// A host with the guest. The host ends before the servers.
struct Guest {
    client: Client,
    host: Host,
    stack: Stack,
}

impl Guest {
    /// On a database, with these options of its connections.
    fn on(database: Source, options: &str) -> Self {
        let stack = Stack::builder().database(database);
        let stack = stack.redis(Source::Existing(String::new())).start();
        let stack = stack.expect("the servers start");
        let url = format!("{}{options}", stack.database_url());
        let variables = [
            ("database_url", component_database_url(&url)),
            ("database_address", database_address(&url)),
        ];
        let host = Host::launch(HostOptions {
            manifest: workspace_root().join("tests/guest/spin.toml"),
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.expect("a database URL")))
                .into(),
            ..stack.host_options(kind())
        })
        .expect("the host starts");
        Self {
            client: Client::new(&host.url()),
            host,
            stack,
        }
    }

    /// On the database that all tests share, which is left as it is.
    fn running() -> Self {
        let url = std::env::var("E2E_DATABASE_URL").expect("a database");
        Self::on(Source::Existing(url), "")
    }

    /// Waits until so many requests wait in instances, or have.
    async fn wait_for(&self, requests: usize) {
        eventually("the requests are with the guest", async || {
            let log = fs::read_to_string(self.host.log()).expect("a log");
            log.matches("waiting").count() >= requests
        })
        .await;
    }

    async fn get(&self, path: &str) -> Answer {
        self.client
            .request(Method::GET, path)
            .send_unchecked()
            .await
    }

    async fn number(&self, path: &str) -> u32 {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        text(&answer).parse().expect("a number")
    }

    async fn send_sql(&self, path: &str, statement: &str) -> Answer {
        let request = self.client.request(Method::GET, path);
        request.header("sql", statement).send_unchecked().await
    }

    async fn sql(&self, statement: &str) -> Answer {
        self.send_sql("/sql", statement).await
    }
}

#[tokio::test]
async fn an_instance_serves_128_requests_and_16_at_once() {
    let guest = Guest::running();

    // Each comes when the last one has been taken, so that no instance is made before it is needed.
    let coming = (0..17).map(async |before| {
        guest.wait_for(before).await;
        guest.number("/wait?2000").await
    });
    let at_once = join_all(coming).await;
    assert_eq!(at_once[..16], (1..=16).collect::<Vec<_>>());
    assert_eq!(at_once[16], 1);

    let mut most = 0;
    for _ in 0..512 {
        most = most.max(guest.number("/count").await);
    }
    assert_eq!(most, 128);
}

#[tokio::test]
async fn a_trap_is_answered_500_and_the_next_request_as_ever() {
    let guest = Guest::running();
    for _ in 0..3 {
        let trapped = guest.get("/trap").await;
        assert_eq!(
            trapped.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{trapped}"
        );
        assert_eq!(text(&trapped), "");
        assert_eq!(
            guest.number("/count").await,
            1,
            "it has an instance of its own"
        );
    }
}

#[tokio::test]
async fn values_arrive_in_the_types_of_the_interface_or_as_bytes_or_not_at_all() {
    let guest = Guest::running();
    for (statement, expected) in [
        ("select 1::int4, null::text", "2: Int32(1) DbNull"),
        (
            "select '2026-01-02 03:04:05+00'::timestamptz at time zone 'UTC'",
            "1: Datetime((2026, 1, 2, 3, 4, 5, 0))",
        ),
        ("select '{}'::json", "1: Unsupported([123, 125])"),
        (
            "select '10.0.0.1'::inet",
            "1: Unsupported([2, 32, 0, 4, 10, 0, 0, 1])",
        ),
        // Its one column is not told.
        ("select 1 where false", "0:"),
    ] {
        let answer = guest.sql(statement).await;
        let values = text(&answer).replace("DbValue::", "");
        assert_eq!(values, expected, "{statement}");
    }
    let time = guest.sql("select now()").await;
    assert_eq!(time.status, StatusCode::UNPROCESSABLE_ENTITY, "{time}");
    assert!(text(&time).contains("NaiveDateTime"), "{time}");
}

#[tokio::test]
async fn a_transaction_that_is_left_open_swallows_what_strangers_write() {
    // Whatever the role says: open transactions stay open.
    let options = "?options=-c%20idle_in_transaction_session_timeout%3D0";
    let guest = Guest::on(Source::Private, options);
    let (database, connection) = tokio_postgres::connect(guest.stack.database_url(), NoTls)
        .await
        .expect("PostgreSQL answers");
    tokio::spawn(connection);
    let create = "create table written (id int)";
    database.batch_execute(create).await.expect("a table");
    let written = async || -> i64 {
        let count = database.query_one("select count(*) from written", &[]);
        count.await.expect("a row").get(0)
    };

    assert_eq!(guest.sql("begin").await.status, StatusCode::OK);
    let insert = guest.sql("insert into written values (1)").await;
    assert_eq!(insert.status, StatusCode::OK, "{insert}");
    assert_eq!(written().await, 0);
    assert_eq!(guest.sql("rollback").await.status, StatusCode::OK);
    assert_eq!(written().await, 0);

    let trapped = guest.send_sql("/sql-and-trap", "begin").await;
    assert_eq!(
        trapped.status,
        StatusCode::INTERNAL_SERVER_ERROR,
        "{trapped}"
    );
    // If the connection was not back at once the pool has opened another, and they take turns.
    let mut transactions = BTreeSet::new();
    for _ in 0..8 {
        let answer = guest.sql("select txid_current()").await;
        transactions.insert(text(&answer).to_owned());
    }
    assert!(transactions.len() < 8, "none is shared: {transactions:?}");
}

#[tokio::test]
async fn a_request_in_flight_is_answered_when_the_development_host_is_asked_to_end() {
    if kind() == HostKind::Spin {
        return;
    }
    let guest = Guest::running();
    let asked = async {
        guest.wait_for(1).await;
        guest.host.signal(Signal::TERM).expect("it runs");
    };
    let (answer, ()) = join(guest.get("/wait?500"), asked).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    eventually("the host has ended", async || !guest.host.is_running()).await;
}

#[tokio::test]
async fn a_dependency_that_reaches_for_a_server_is_refused_by_the_development_host() {
    if kind() == HostKind::Spin {
        return;
    }
    let guest = Guest::running();
    let manifest = guest.stack.folder().join("refused.toml");
    let built = workspace_root().join("target/wasm32-wasip2/release");
    let text = format!(
        r#"
        spin_manifest_version = 2
        application = {{ name = "refused" }}
        [[trigger.http]]
        route = "/..."
        component = "users"
        [component.users]
        source = "{0}/users.wasm"
        dependencies = {{ "user-service:credentials@1.0.0" = {{ path = "{0}/guest.wasm" }} }}
        "#,
        built.display()
    );
    fs::write(&manifest, text).expect("room for a manifest");
    let refused = Host::launch(HostOptions {
        manifest,
        port: stack::free_port().expect("a port"),
        variables: [].into(),
        ..guest.host.options().clone()
    });
    let refusal = format!("{:#}", refused.expect_err("it must not start"));
    assert!(
        refusal.contains("imports") && refusal.contains("inherits nothing"),
        "{refusal}"
    );
}

fn kind() -> HostKind {
    HostKind::from_environment().expect("E2E_HOST")
}

/// The body of an answer of the guest.
fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.bytes).expect("text")
}
