//! A database as the old service has it.

use std::num::NonZero;
use std::thread;

use base64ct::{Base64, Encoding};
use ring::pbkdf2;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use stack::PostgreSql;

const NAME: &str = "django";

/// What Django has asked for over the years; one that is quick comes often, so that a thousand are made soon.
const ITERATIONS: [u32; 20] = [
    36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000,
    36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 260_000, 600_000,
];

/// The old service's database, beside the one of this service on the same server.
pub(crate) struct Django {
    pub(crate) url: String,
    pub(crate) connection: PgConnection,
}

impl Django {
    /// One with `users`, of whom `logins` can sign in with [`password`], and some odd ones besides.
    pub(crate) async fn new(server: &PostgreSql, users: u32, logins: u32) -> Self {
        let mut administrator = PgConnection::connect(&server.administrator_url())
            .await
            .unwrap();
        administrator
            .execute(AssertSqlSafe(format!("create database {NAME}")))
            .await
            .unwrap();
        let url = server.administrator_url();
        let (server, _) = url.rsplit_once('/').unwrap();
        let url = format!("{server}/{NAME}");
        let mut connection = PgConnection::connect(&url).await.unwrap();
        connection
            .execute(sqlx::raw_sql(include_str!("schema.sql")))
            .await
            .unwrap();
        sqlx::query(include_str!("fill.sql"))
            .bind(i32::try_from(users).unwrap())
            .bind(hashes(logins))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.execute(include_str!("odd.sql")).await.unwrap();
        let blacklist = "insert into token_blacklist_blacklistedtoken (blacklisted_at, token_id)
            select now(), id from token_blacklist_outstandingtoken where jti = md5('blacklisted')";
        connection.execute(blacklist).await.unwrap();
        connection.execute("analyze").await.unwrap();
        Self { url, connection }
    }

    /// Changes something.
    pub(crate) async fn execute(&mut self, statement: &'static str) -> u64 {
        let done = self.connection.execute(statement).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"))
            .rows_affected()
    }

    /// The one text that a query answers.
    pub(crate) async fn text(&mut self, query: &'static str) -> String {
        let text = sqlx::query_scalar(query)
            .fetch_one(&mut self.connection)
            .await;
        text.unwrap_or_else(|error| panic!("{query}: {error}"))
    }
}

/// The password of the user with this number.
pub(crate) fn password(number: u32) -> String {
    format!("Kx7! brought along {number}")
}

/// The hashes of the passwords from 1 to `number`, as Django makes them: each with a salt of its own.
fn hashes(number: u32) -> Vec<String> {
    let numbers: Vec<u32> = (1..=number).collect();
    let share = numbers
        .len()
        .div_ceil(thread::available_parallelism().map_or(1, NonZero::get))
        .max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = numbers
            .chunks(share)
            .map(|share| scope.spawn(|| share.iter().copied().map(hash).collect::<Vec<_>>()))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// `pbkdf2_sha256$<iterations>$<salt>$<hash>`
fn hash(number: u32) -> String {
    let iterations = ITERATIONS[number as usize % ITERATIONS.len()];
    let salt = format!("salt{number:018}");
    let mut output = [0; 32];
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        NonZero::new(iterations).unwrap(),
        salt.as_bytes(),
        password(number).as_bytes(),
        &mut output,
    );
    format!(
        "pbkdf2_sha256${iterations}${salt}${}",
        Base64::encode_string(&output)
    )
}
