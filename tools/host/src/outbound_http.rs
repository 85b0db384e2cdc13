//! `wasi:http/client`: requests of components to other servers, where their `allowed_outbound_hosts`
//! list them. Plain HTTP only: an `https` URL is refused, and the log says so.
//!
//! Like Spin it follows no redirection and waits for ten minutes unless the request says otherwise.

use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use crate::blocked_networks::Unreachable;
use crate::state::ComponentContext;

/// How long to wait for a connection, and for an answer to begin.
const PATIENCE: Duration = Duration::from_mins(10);

/// Sends a request of `component` and answers the beginning of the response; its body comes while
/// the component reads it.
pub(crate) async fn send(
    component: Arc<ComponentContext>,
    mut request: Request<WasiBody>,
    options: Option<RequestOptions>,
) -> Result<Response<WasiBody>, Error> {
    let url = request.uri().to_string();
    if !component.allowed_hosts.allows(&url, "https") {
        return Err(Error::HttpRequestDenied);
    }
    if request.uri().scheme() != Some(&Scheme::HTTP) {
        eprintln!(
            "Component {:?} asked for an https:// URL, which this host can't: use Spin for that.",
            component.id
        );
        return Err(Error::TlsProtocolError);
    }
    let (host, port) = address(request.uri())?;
    let addresses = component.blocked_networks.addresses(&host, port);
    let addresses = addresses.await.map_err(unreachable)?;
    *request.uri_mut() = origin_form(request.uri())?;

    let options = options.unwrap_or_default();
    let connecting = options.connect_timeout.unwrap_or(PATIENCE);
    let stream = timeout(connecting, TcpStream::connect(&*addresses))
        .await
        .map_err(|_| Error::ConnectionTimeout)?
        .map_err(Error::Connect)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the response, or when nobody waits for that any more.
    tokio::spawn(connection);

    let answering = options.first_byte_timeout.unwrap_or(PATIENCE);
    let response = timeout(answering, sender.send_request(request))
        .await
        .map_err(|_| Error::ConnectionReadTimeout)??;
    Ok(response.map(|body| body.map_err(Error::from).boxed_unsync()))
}

/// Host and port of a URL.
fn address(uri: &Uri) -> Result<(String, u16), Error> {
    let authority = uri.authority().ok_or(Error::HttpRequestUriInvalid)?;
    let port = authority.port_u16().unwrap_or(80);
    Ok((authority.host().to_owned(), port))
}

fn unreachable(reason: Unreachable) -> Error {
    match reason {
        Unreachable::Name(error) => Error::Connect(error),
        Unreachable::Blocked => Error::DestinationIpProhibited,
    }
}

/// The URL as it stands in a request to its own server: path and query.
fn origin_form(uri: &Uri) -> Result<Uri, Error> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    path.parse().map_err(|_| Error::HttpRequestUriInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        for (url, host, port, path) in [
            ("http://a:8000/b?c=d", "a", 8000, "/b?c=d"),
            ("http://a", "a", 80, "/"),
            ("http://[::1]:81/x", "[::1]", 81, "/x"),
        ] {
            let url: Uri = url.parse().unwrap();
            assert_eq!(address(&url).unwrap(), (host.to_owned(), port));
            assert_eq!(origin_form(&url).unwrap(), path);
        }
        assert!(address(&"/b".parse().unwrap()).is_err());
    }
}
