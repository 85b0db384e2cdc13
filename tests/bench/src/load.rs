//! Closed-loop load: clients that each send the next request as soon as the last one is answered.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::connection::Connection;
use crate::measurement::Measurement;
use crate::scripts::Script;

/// After a failure a client waits so long, so that a server that is gone is not hammered.
const AFTER_FAILURE: Duration = Duration::from_millis(5);

/// One client: a connection, and what it says on it.
#[derive(Debug)]
pub(crate) struct Client {
    connection: Connection,
    script: Script,
}

impl Client {
    /// A client of the server at `url`.
    ///
    /// # Errors
    /// If `url` is none.
    pub(crate) fn new(url: &str, script: Script) -> Result<Self> {
        Ok(Self {
            connection: Connection::to(url)?,
            script,
        })
    }

    /// One request. Gives the time from sending it to having its whole answer.
    ///
    /// # Errors
    /// If it is not answered, or otherwise than it must be.
    pub(crate) async fn exchange(&mut self) -> Result<Duration> {
        let request = self.script.next().await?;
        let sent = Instant::now();
        let answer = self.connection.send(request).await?;
        let latency = sent.elapsed();
        self.script.learn(&answer)?;
        Ok(latency)
    }

    /// Requests one after the other, at least one, until `time` is over.
    async fn run(&mut self, time: Duration, measurement: &mut Measurement) {
        let begun = Instant::now();
        loop {
            match self.exchange().await {
                Ok(latency) => measurement.succeeded(latency),
                Err(error) => {
                    measurement.failed(&error);
                    sleep(AFTER_FAILURE).await;
                }
            }
            if begun.elapsed() >= time {
                break;
            }
        }
        measurement.took(begun.elapsed());
    }
}

/// Lets all clients send at once for `time`.
///
/// # Errors
/// If a client's task fails.
pub(crate) async fn load(clients: &mut Vec<Client>, time: Duration) -> Result<Measurement> {
    let connections = clients.len();
    let mut running = JoinSet::new();
    for mut client in clients.drain(..) {
        running.spawn(async move {
            let mut measurement = Measurement::of(connections);
            client.run(time, &mut measurement).await;
            (client, measurement)
        });
    }
    gather(clients, running).await
}

/// Waits for clients that run, and adds up what they have measured.
///
/// # Errors
/// If a client's task fails.
pub(crate) async fn gather(
    clients: &mut Vec<Client>,
    mut running: JoinSet<(Client, Measurement)>,
) -> Result<Measurement> {
    let mut total = Measurement::of(running.len());
    while let Some(ended) = running.join_next().await {
        let (client, measurement) = ended.context("a client failed")?;
        clients.push(client);
        total.merge(measurement);
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::exchange::{Expectation, get};
    use crate::scripts::Ring;

    /// A server that answers 200 and 503 by turns on each connection.
    async fn moody_server() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut request = [0; 1_000];
                    for status in ["200 OK", "503 Service Unavailable"].iter().cycle() {
                        if stream.read(&mut request).await.unwrap() == 0 {
                            break;
                        }
                        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\nok");
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                });
            }
        });
        url
    }

    #[tokio::test]
    async fn every_client_is_measured_and_a_wrong_answer_is_an_error() {
        let url = moody_server().await;
        let expected = Expectation::new(StatusCode::OK, "ok");
        let mut clients: Vec<_> = (0..3)
            .map(|_| Client::new(&url, Script::Ring(Ring::new(vec![get("/")], expected))).unwrap())
            .collect();
        // One request of each client.
        let measurement = load(&mut clients, Duration::ZERO).await.unwrap();
        assert_eq!((measurement.successes(), measurement.errors()), (3, 0));
        let measurement = load(&mut clients, Duration::ZERO).await.unwrap();
        assert_eq!((measurement.successes(), measurement.errors()), (0, 3));
        assert!(measurement.first_error().unwrap().starts_with("503"));
        let measurement = load(&mut clients, Duration::from_millis(20)).await.unwrap();
        assert!(measurement.errors() >= 3);
        assert_eq!(clients.len(), 3);
    }
}
