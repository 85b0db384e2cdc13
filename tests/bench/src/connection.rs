//! A connection that is kept open: one request after the other.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::exchange::{Answer, Request};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to one server, opened when it is needed.
#[derive(Debug)]
pub(crate) struct Connection {
    authority: String,
    host: HeaderValue,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// A connection to the server at `url`, `http://<address>:<port>`.
    ///
    /// # Errors
    /// If `url` is another one.
    pub(crate) fn to(url: &str) -> Result<Self> {
        let authority = url.strip_prefix("http://").context("no http:// URL")?;
        Ok(Self {
            authority: authority.to_owned(),
            host: HeaderValue::from_str(authority).context("no host")?,
            sender: None,
        })
    }

    /// Sends a request and reads the whole answer. After a failure the next request opens a new
    /// connection.
    ///
    /// # Errors
    /// If there is no whole answer in time.
    pub(crate) async fn send(&mut self, request: Request) -> Result<Answer> {
        let answer = timeout(PATIENCE, self.exchange(request))
            .await
            .context("no answer in time")
            .flatten();
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    async fn exchange(&mut self, mut request: Request) -> Result<Answer> {
        let sender = match &mut self.sender {
            Some(sender) if !sender.is_closed() => sender,
            sender => sender.insert(open(&self.authority).await?),
        };
        request
            .headers_mut()
            .insert(header::HOST, self.host.clone());
        sender.ready().await.context("the connection is gone")?;
        let response = sender.send_request(request).await.context("no answer")?;
        let status = response.status();
        let body = response.into_body().collect().await;
        Ok(Answer {
            status,
            body: body.context("half an answer")?.to_bytes(),
        })
    }
}

async fn open(authority: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(authority)
        .await
        .with_context(|| format!("can't connect to {authority}"))?;
    stream.set_nodelay(true).context("can't set TCP_NODELAY")?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .context("no HTTP connection")?;
    // Its errors reach whoever waits for an answer.
    tokio::spawn(connection);
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::exchange::get;

    #[tokio::test]
    async fn a_connection_that_was_cut_is_opened_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 1_000];
                let _ = stream.read(&mut request).await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let mut connection = Connection::to(&url).unwrap();
        assert!(connection.send(get("/")).await.is_err());
        let answer = connection.send(get("/")).await.unwrap();
        assert_eq!(answer.body, "Hello");
    }

    #[test]
    fn only_plain_http_is_spoken() {
        assert!(Connection::to("https://127.0.0.1:3000").is_err());
    }
}
