//! What is too long, too much or too slow: docs/security.md, "Limits".

use std::time::Duration;

use e2e::{Client, Connection, Service, TestUser, eventually};
use futures::future::join_all;
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, interval, timeout};

use super::{PREFERENCES, PROFILE};

/// More than there are places in an instance.
const MANY: usize = 40;

/// When a body must have been given up: the limit is 10 seconds.
const SOON_AFTER: Duration = Duration::from_secs(20);

/// Sends `head` and answers what comes back, until the connection ends.
async fn exchange(client: &Client, head: &str) -> String {
    let mut connection = client.connect().await;
    // The host may have answered and closed before it has read everything.
    let _ = connection.write_all(head.as_bytes()).await;
    rest(&mut connection).await
}

/// What comes until the connection ends.
async fn rest(connection: &mut Connection) -> String {
    let mut answer = Vec::new();
    // What came before a reset counts.
    let _ = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n")
}

/// The first line of an answer to a request for the profile with these headers.
async fn status_with(service: &Service, headers: &str) -> String {
    let answer = exchange(&service.client(), &get(PROFILE, headers)).await;
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_url_has_a_limit() {
    let service = Service::behind_no_gateway();
    let fits = format!("{PROFILE}?x={}", "a".repeat(60_000));
    let answer = exchange(&service.client(), &get(&fits, "")).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");

    let too_long = format!("{PROFILE}?x={}", "a".repeat(70_000));
    let answer = exchange(&service.client(), &get(&too_long, "")).await;
    assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
}

#[tokio::test]
async fn headers_have_a_limit_in_number_and_in_size() {
    let service = Service::behind_no_gateway();
    let headers = |count: usize| {
        let lines: Vec<_> = (0..count).map(|n| format!("x-{n}: y\r\n")).collect();
        lines.concat()
    };
    let unauthorized = "HTTP/1.1 401 Unauthorized";
    assert_eq!(status_with(&service, &headers(90)).await, unauthorized);
    let too_many = status_with(&service, &headers(120)).await;
    assert!(too_many.starts_with("HTTP/1.1 431 "), "{too_many}");

    let long = |length| format!("x-long: {}\r\n", "y".repeat(length));
    assert_eq!(status_with(&service, &long(200_000)).await, unauthorized);
    let too_long = status_with(&service, &long(1_000_000)).await;
    assert!(too_long.starts_with("HTTP/1.1 431 "), "{too_long}");
}

/// The head of a change of preferences whose body is announced to be longer than it will be.
fn head_of_change(user: &TestUser) -> String {
    format!(
        "PUT {PREFERENCES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 1000000\r\n\r\n{{",
        user.access
    )
}

/// Sends white space, a byte at a time, until an answer comes.
async fn drip(user: &TestUser) -> String {
    let mut connection = user.client.connect().await;
    connection
        .write_all(head_of_change(user).as_bytes())
        .await
        .expect("the head is taken");
    let mut pace = interval(Duration::from_millis(100));
    let mut first = [0; 16];
    loop {
        tokio::select! {
            read = connection.read(&mut first) => {
                let length = read.expect("an answer");
                let begin = String::from_utf8_lossy(&first[..length]).into_owned();
                return begin + &rest(&mut connection).await;
            }
            _ = pace.tick() => {
                // A connection that has ended is read to its end above.
                let _ = connection.write_all(b" ").await;
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_drips_is_given_up_and_keeps_nobody_waiting() {
    let service = Service::on_own_servers(&[]);
    let slow = service.registered_user().await;
    let other = service.registered_user().await;
    let before = service.stored(slow.id).await;

    let dripping = timeout(SOON_AFTER, join_all((0..MANY).map(|_| drip(&slow))));
    let others = async {
        let begun = Instant::now();
        let mut answered = 0;
        // For as long as all of them drip.
        while begun.elapsed() < Duration::from_secs(8) {
            let request = other.request(Method::GET, PREFERENCES);
            let answer = request.within(Duration::from_secs(5)).send().await;
            assert_eq!(answer.status, StatusCode::OK, "{answer}");
            answered += 1;
        }
        eventually("no statement and no transaction is open", async || {
            let busy = "select count(*) from pg_stat_activity
                 where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()";
            service.value::<i64>(busy, &[]).await == 0
        })
        .await;
        (answered, begun.elapsed())
    };
    let (answers, (answered, looked_after)) = tokio::join!(dripping, others);

    let answers = answers.expect("all are given up soon after 10 seconds");
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains(r#""code":"request_timeout""#), "{answer}");
    }
    assert!(answered > MANY, "{answered}");
    assert!(looked_after < Duration::from_secs(10), "while they dripped");
    assert_eq!(service.stored(slow.id).await, before);
}

#[tokio::test]
async fn a_body_that_stops_is_given_up() {
    let service = Service::behind_no_gateway();
    let user = service.registered_user().await;
    let answer = exchange(&user.client, &head_of_change(&user)).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}
