//! Events that are written while others of the same user are delivered.

use std::fs;

use e2e::{Parameters, Service, TestUser, eventually, random_hex};
use futures::future::join;
use serde_json::json;
use stack::workspace_root;
use tokio_postgres::Row;
use uuid::Uuid;

#[tokio::test]
async fn an_event_that_comes_while_its_stream_is_claimed_does_not_count_as_seen() {
    let stream = Stream::new().await;
    stream.add(1_000).await;

    let slowly = slow(&statement("claim.sql"));
    let claimed = stream.claimed(&slowly, 40);
    let second = async {
        let naps = "select exists (select from pg_stat_activity where wait_event = 'PgSleep' and query like $1)";
        eventually("the claim has seen what is there", async || {
            stream.service.value(naps, &[&format!("%{NAP}%")]).await
        })
        .await;
        stream.add(1_001).await;
    };
    let (claimed, ()) = join(claimed, second).await;

    assert_eq!(claimed.get::<_, i64>("additions"), 1);
    assert_eq!(
        stream.additions().await,
        Some(2),
        "so the stream is not done with what was claimed"
    );
    stream.delete().await;
}

#[tokio::test]
async fn whoever_settles_when_his_time_is_up_leaves_the_stream_alone() {
    let stream = Stream::new().await;
    stream.add(1_000).await;

    let claim = statement("claim.sql");
    let too_late = stream.claimed(&claim, 0).await;
    let in_time = stream.claimed(&claim, 40).await;
    stream.settle(&in_time).await;
    assert_eq!(stream.additions().await, None, "all is delivered");
    stream.add(1_001).await;
    stream.settle(&too_late).await;

    assert!(
        stream.additions().await.is_some(),
        "what has come since waits for its delivery"
    );
    stream.delete().await;
}

/// The events of a new user for a destination that nobody delivers to.
struct Stream {
    service: Service,
    user: TestUser,
    destination: String,
}

impl Stream {
    async fn new() -> Self {
        let service = Service::running();
        Self {
            user: service.registered_user().await,
            destination: random_hex(16),
            service,
        }
    }

    /// Writes an event, the user's `sequence`th.
    async fn add(&self, sequence: i64) {
        let add = "insert into outbox (id, destination, user_id, sequence, type, data)
            select event.* from outbox_rows(array[$1::text], $2, $3, 'user.updated', '{}') as event";
        let parameters: Parameters<'_> = &[&self.destination, &self.user.id, &sequence];
        self.service.execute(add, parameters).await;
    }

    /// The one event that `claim` answers, claimed for some `seconds`.
    async fn claimed(&self, claim: &str, seconds: i64) -> Row {
        let connection = self.service.connection().await;
        let (nobody, most) = (None::<Vec<String>>, 10_i64);
        let parameters: Parameters<'_> = &[&self.destination, &nobody, &most, &most, &seconds];
        let claimed = connection.query_one(claim, parameters).await;
        claimed.expect("one event")
    }

    /// Writes down that the event of `claimed` was delivered.
    async fn settle(&self, claimed: &Row) {
        let outcome = json!([{
            "user_id": self.user.id,
            "claimed_until": claimed.get::<_, String>("claimed_until"),
            "additions": claimed.get::<_, i64>("additions"),
            "delivered": [claimed.get::<_, Uuid>("id")],
            "has_more": false,
        }]);
        let parameters: Parameters<'_> =
            &[&self.destination, &outcome.to_string(), &16_i64, &0.5_f64];
        self.service
            .execute(&statement("settle.sql"), parameters)
            .await;
    }

    /// How many events were added to it, while there is something to deliver.
    async fn additions(&self) -> Option<i64> {
        let additions = "select (select additions from outbox_streams where destination = $1)";
        self.service.value(additions, &[&self.destination]).await
    }

    async fn delete(&self) {
        for table in ["outbox", "outbox_streams"] {
            let delete = format!("delete from {table} where destination = $1");
            self.service.execute(&delete, &[&self.destination]).await;
        }
    }
}

/// One of the service's own statements on the outbox.
fn statement(file: &str) -> String {
    let file = workspace_root().join("crates/store/src/outbox").join(file);
    fs::read_to_string(file).expect("the statement")
}

/// What makes a claim slow.
const NAP: &str = "pg_sleep(1) as nap";

/// `claim`, with a second between what it sees and what it locks.
fn slow(claim: &str) -> String {
    let mut claim = claim.to_owned();
    for (own, slow) in [
        (
            "    from outbox_streams\n",
            format!("    from {NAP}, outbox_streams\n"),
        ),
        (
            "for update skip locked",
            "for update of outbox_streams skip locked".to_owned(),
        ),
    ] {
        assert!(claim.contains(own), "{own} in {claim}");
        claim = claim.replacen(own, &slow, 1);
    }
    claim
}
