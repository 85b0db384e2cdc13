//! The headers and the URL that a component sees, as Spin prepares them.

use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use http::header::{CONNECTION, HOST};
use http::request::Parts;
use http::uri::{Authority, Scheme};
use http::{HeaderName, HeaderValue, Uri};

use super::routes::RouteMatch;

/// Prepares a request for the component that its route names.
///
/// The URL becomes absolute, and Spin's headers are appended: a client may have sent headers of
/// the same names, which stay before them, so only the last one of a name is Spin's.
/// Fails if it is not clear which host is asked, or if a header is not UTF-8.
pub(super) fn prepare(
    request: &mut Parts,
    route: &RouteMatch<'_>,
    client: SocketAddr,
) -> anyhow::Result<()> {
    for value in request.headers.values() {
        std::str::from_utf8(value.as_bytes()).context("a header is not UTF-8")?;
    }
    let host = request
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let full_url = format!("http://{host}{}", path_and_query(&request.uri));

    let headers = &mut request.headers;
    headers.remove(CONNECTION);
    let mut append = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.append(name, value);
        }
    };
    append(HeaderName::from_static("spin-path-info"), &route.trailing);
    append(HeaderName::from_static("spin-full-url"), &full_url);
    append(
        HeaderName::from_static("spin-matched-route"),
        route.trimmed(),
    );
    append(HeaderName::from_static("spin-base-path"), "/");
    append(
        HeaderName::from_static("spin-raw-component-route"),
        route.route,
    );
    append(
        HeaderName::from_static("spin-component-route"),
        route.prefix(),
    );
    append(
        HeaderName::from_static("spin-client-addr"),
        &client.to_string(),
    );
    for (name, value) in &route.named {
        if let Ok(name) = format!("spin-path-match-{name}").parse() {
            append(name, value);
        }
    }
    Ok(())
}

fn path_and_query(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The request's URL with scheme and host.
///
/// The host is that of the `host` header or of the request line; if both are there they must agree.
pub(super) fn absolute_uri(request: &Parts) -> anyhow::Result<Uri> {
    let of_header = request
        .headers
        .get(HOST)
        .map(|host| -> anyhow::Result<Authority> {
            let host = host.to_str().context("the host header is not text")?;
            host.parse().context("the host header names no host")
        });
    let mut parts = request.uri.clone().into_parts();
    let authority = match (of_header.transpose()?, parts.authority.take()) {
        (None, None) => bail!("the request names no host"),
        (Some(host), None) | (None, Some(host)) => host,
        (Some(header), Some(line)) => {
            ensure!(
                header == line,
                "the host header and the request line disagree"
            );
            header
        }
    };
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    Uri::from_parts(parts).context("the request line names no path")
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::http_trigger::Routes;

    fn parts(uri: &str, headers: &[(&str, &[u8])]) -> Parts {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
        }
        request.body(()).unwrap().into_parts().0
    }

    fn prepared(route: &str, mut request: Parts) -> anyhow::Result<Parts> {
        let routes = Routes::new([(route.to_owned(), ())]).unwrap();
        let path = request.uri.path().to_owned();
        let (found, ()) = routes.find(&path).unwrap();
        prepare(&mut request, &found, "10.0.0.1:99".parse().unwrap())?;
        Ok(request)
    }

    #[test]
    fn spins_headers_are_appended() {
        let request = parts(
            "/users/7/a/b?x=1",
            &[("host", b"example.org:80"), ("x-own", b"1")],
        );
        let request = prepared("/users/:id/...", request).unwrap();
        for (name, value) in [
            ("host", "example.org:80"),
            ("x-own", "1"),
            ("spin-path-info", "/a/b"),
            ("spin-full-url", "http://example.org:80/users/7/a/b?x=1"),
            ("spin-matched-route", "/users/:id/..."),
            ("spin-base-path", "/"),
            ("spin-raw-component-route", "/users/:id/..."),
            ("spin-component-route", "/users/:id"),
            ("spin-client-addr", "10.0.0.1:99"),
            ("spin-path-match-id", "7"),
        ] {
            assert_eq!(request.headers[name], value, "{name}");
        }
    }

    #[test]
    fn a_clients_own_headers_come_first() {
        let request = parts(
            "/",
            &[
                ("spin-client-addr", b"1.1.1.1:1"),
                ("spin-client-addr", b"2.2.2.2:2"),
                ("host", b"h"),
            ],
        );
        let request = prepared("/...", request).unwrap();
        let values: Vec<_> = request.headers.get_all("spin-client-addr").iter().collect();
        assert_eq!(values, ["1.1.1.1:1", "2.2.2.2:2", "10.0.0.1:99"]);
    }

    #[test]
    fn headers_of_the_connection_are_dropped_and_others_must_be_text() {
        let request = parts("/", &[("host", b"h"), ("connection", b"keep-alive")]);
        assert!(
            !prepared("/", request)
                .unwrap()
                .headers
                .contains_key("connection")
        );
        assert!(prepared("/", parts("/", &[("x-own", b"\xff")])).is_err());
        assert!(prepared("/", parts("/", &[("x-own", "\u{e4}".as_bytes())])).is_ok());
    }

    #[test]
    fn the_host_is_that_of_header_or_request_line() {
        let uri = |uri: &str, headers: &[(&str, &[u8])]| absolute_uri(&parts(uri, headers));
        assert_eq!(uri("/a?b", &[("host", b"h:1")]).unwrap(), "http://h:1/a?b");
        assert_eq!(uri("http://h:1/a", &[]).unwrap(), "http://h:1/a");
        assert_eq!(
            uri("http://h:1/a", &[("host", b"h:1")]).unwrap(),
            "http://h:1/a"
        );
        assert!(uri("http://h:1/a", &[("host", b"h:2")]).is_err());
        assert!(uri("/a", &[]).is_err());
        assert!(uri("/a", &[("host", b"no host")]).is_err());
    }
}
