//! Open-loop load: requests are due at a fixed rate, whether or not the ones before are answered.
//!
//! A latency is counted from when its request was due, so that what a slow answer keeps waiting is seen.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::load::{Client, gather};
use crate::measurement::Measurement;

/// The times at which requests are due; whichever client is free takes the next.
type Due = Arc<Mutex<UnboundedReceiver<Instant>>>;

/// Lets requests be due `rate` times a second for `time`. What could not be sent for as long again
/// is an error.
///
/// # Errors
/// If a client's task fails.
pub(crate) async fn open_loop(
    clients: &mut Vec<Client>,
    rate: f64,
    time: Duration,
) -> Result<Measurement> {
    let (sender, due) = unbounded_channel();
    let due = Arc::new(Mutex::new(due));
    let begun = Instant::now();
    // tokio's timers are as coarse as answers are quick.
    thread::spawn(move || pace(&sender, begun, rate, time));
    let connections = clients.len();
    let mut running = JoinSet::new();
    for mut client in clients.drain(..) {
        let due = due.clone();
        running.spawn(async move {
            let mut measurement = Measurement::of(connections);
            answer_all(&mut client, &due, begun + 2 * time, &mut measurement).await;
            measurement.took(begun.elapsed());
            (client, measurement)
        });
    }
    gather(clients, running).await
}

/// Tells when each request is due, at that time.
fn pace(due: &UnboundedSender<Instant>, begun: Instant, rate: f64, time: Duration) {
    for number in 0_u32.. {
        let offset = Duration::from_secs_f64(f64::from(number) / rate);
        if offset >= time {
            break;
        }
        let moment = begun + offset;
        thread::sleep(moment.saturating_duration_since(Instant::now()));
        if due.send(moment).is_err() {
            break;
        }
    }
}

async fn answer_all(
    client: &mut Client,
    due: &Due,
    latest: Instant,
    measurement: &mut Measurement,
) {
    loop {
        let next = due.lock().await.recv().await;
        let Some(moment) = next else { break };
        if Instant::now() > latest {
            measurement.failed(&anyhow!("not sent: the answers don't keep up"));
            continue;
        }
        match client.exchange().await {
            Ok(_) => measurement.succeeded(moment.elapsed()),
            Err(error) => measurement.failed(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::sleep;

    use super::*;
    use crate::exchange::{Expectation, get};
    use crate::scripts::{Ring, Script};

    #[tokio::test]
    async fn what_waits_behind_a_slow_answer_is_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1_000];
            let mut delay = Duration::from_millis(100);
            while stream.read(&mut request).await.unwrap() > 0 {
                // The first answer takes long.
                sleep(std::mem::take(&mut delay)).await;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                stream.write_all(answer).await.unwrap();
            }
        });
        let ring = Ring::new(vec![get("/")], Expectation::new(StatusCode::OK, "ok"));
        let mut clients = vec![Client::new(&url, Script::Ring(ring)).unwrap()];
        let measurement = open_loop(&mut clients, 100.0, Duration::from_millis(100))
            .await
            .unwrap();
        assert_eq!((measurement.successes(), measurement.errors()), (10, 0));
        // A closed loop would have one slow answer of ten.
        assert!(measurement.latency_ms(0.5) > 20.0);
    }
}
