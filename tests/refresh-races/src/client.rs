//! An HTTP client that does nothing by itself: one connection a request, no retries.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::request::Filled;

/// No answer takes as long, or the server hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Null if it is no JSON.
    pub(crate) body: Value,
}

/// Sends `request` to the server at `url`.
pub(crate) async fn send(url: &str, request: Filled) -> Result<Answer> {
    let what = format!("{} {}", request.method, request.path);
    timeout(PATIENCE, exchange(url, request))
        .await
        .with_context(|| format!("{what}: no answer within {PATIENCE:?}"))?
        .with_context(|| format!("{what} failed"))
}

async fn exchange(url: &str, request: Filled) -> Result<Answer> {
    let Some(authority) = url.strip_prefix("http://") else {
        bail!("{url} is no http:// URL; for TLS put a local proxy in front of the server");
    };
    let (authority, base) = authority.split_at(authority.find('/').unwrap_or(authority.len()));
    let stream = TcpStream::connect(authority)
        .await
        .with_context(|| format!("nothing listens at {authority}"))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let path = format!("{}{}", base.trim_end_matches('/'), request.path);
    let mut outgoing = http::Request::builder()
        .method(request.method)
        .uri(path)
        .header(header::HOST, authority)
        .body(Full::new(Bytes::from(request.body)))?;
    for (name, value) in request.headers {
        let name: HeaderName = name.parse()?;
        outgoing
            .headers_mut()
            .append(name, HeaderValue::from_str(&value)?);
    }
    let (parts, body) = sender.send_request(outgoing).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    connection.abort();
    Ok(Answer {
        status: parts.status,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}
