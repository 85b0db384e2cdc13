//! A component that does as the tests of hosts tell it, as badly as they like.

use std::cell::Cell;
use std::time::Duration;

use spin_sdk::http::{Request, StatusCode};
use spin_sdk::http_service;
use spin_sdk::pg::{Connection, Error};
use spin_sdk::time::sleep;

/// What an answer is made of: status and text.
type Answer = (StatusCode, String);

thread_local! {
    /// Requests that this instance has had.
    static REQUESTS: Cell<u32> = const { Cell::new(0) };
    /// Requests that are with this instance now.
    static AT_ONCE: Cell<u32> = const { Cell::new(0) };
}

#[http_service]
async fn handle(request: Request) -> Answer {
    REQUESTS.set(REQUESTS.get() + 1);
    match request.uri().path() {
        "/count" => (StatusCode::OK, REQUESTS.get().to_string()),
        "/wait" => wait(request.uri().query()).await,
        "/sql" => run(&statement(&request)).await,
        "/sql-and-trap" => {
            let answer = run(&statement(&request)).await;
            panic!("told to, after {answer:?}")
        }
        "/trap" => panic!("told to"),
        other => (StatusCode::NOT_FOUND, other.to_owned()),
    }
}

/// Answers after so many milliseconds how many requests the instance had at once when this one came.
async fn wait(milliseconds: Option<&str>) -> Answer {
    let time = milliseconds.and_then(|text| text.parse().ok());
    AT_ONCE.set(AT_ONCE.get() + 1);
    let at_once = AT_ONCE.get();
    println!("waiting");
    sleep(Duration::from_millis(time.unwrap_or_default())).await;
    AT_ONCE.set(AT_ONCE.get() - 1);
    (StatusCode::OK, at_once.to_string())
}

/// The statement that the request's header `sql` holds.
fn statement(request: &Request) -> String {
    let header = request.headers().get("sql");
    let text = header.and_then(|header| header.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// Runs a statement on a connection from the host's pool, and ends nothing that it begins.
async fn run(statement: &str) -> Answer {
    match query(statement).await {
        Ok(text) => (StatusCode::OK, text),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
    }
}

/// How many columns the result has, and its values.
#[expect(
    clippy::disallowed_methods,
    reason = "it shows what the host does, not what our own crates make of it"
)]
async fn query(statement: &str) -> Result<String, Error> {
    let url = spin_sdk::variables::get("database_url").await;
    let connection = Connection::open(url.unwrap_or_default()).await?;
    let result = connection.query(statement, []).await?;
    let columns = result.columns().len();
    let mut text = format!("{columns}:");
    for row in result.collect().await? {
        for column in 0..columns {
            text = format!("{text} {:?}", row[column]);
        }
    }
    Ok(text)
}
