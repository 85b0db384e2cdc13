//! Compressing answers with gzip (RFC 9110, section 8.4.1.3) for clients that ask for it.

use std::io::{Read as _, Write as _};

use axum::body::Body;
use axum::response::Response;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::collected;

/// Bodies below this many bytes are sent as they are: compressing them saves no packet.
const SMALLEST: usize = 1_000;

/// Compresses the body if it is worth it and the client takes it, and sets its length. One that is in
/// gzip already is decompressed if the client does not take that.
pub(super) async fn apply(response: Response, method: &Method, request: &HeaderMap) -> Response {
    let (mut parts, body) = response.into_parts();
    if parts.status != StatusCode::NO_CONTENT {
        let accept_encoding = HeaderValue::from_static("Accept-Encoding");
        parts.headers.append(header::VARY, accept_encoding);
    }
    if matches!(
        parts.status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
    ) {
        // The router has set one; RFC 9110, section 8.6, forbids it with 204, and with 304 it would be
        // that of the file.
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    let accepts_gzip = accepts_gzip(request);
    let is_compressed = parts.headers.contains_key(header::CONTENT_ENCODING);
    if method == Method::HEAD && accepts_gzip != is_compressed {
        // How long the answer to GET would be is not known without making it.
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    let mut body = collected(body).await;
    if is_compressed {
        if !accepts_gzip && let Ok(plain) = gunzip(&body) {
            body = plain.into();
            parts.headers.remove(header::CONTENT_ENCODING);
        }
    } else if body.len() >= SMALLEST
        && accepts_gzip
        && let Ok(compressed) = gzip(&body)
    {
        body = compressed.into();
        parts
            .headers
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if !body.is_empty() {
        parts
            .headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    Response::from_parts(parts, Body::from(body))
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

fn gunzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    // There is no body with HEAD.
    if !body.is_empty() {
        GzDecoder::new(body).read_to_end(&mut plain)?;
    }
    Ok(plain)
}

/// RFC 9110, section 12.5.3: gzip by name counts before `*`; a weight of 0 refuses.
fn accepts_gzip(request: &HeaderMap) -> bool {
    let mut by_star = false;
    let codings = request
        .get_all(header::ACCEPT_ENCODING)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for coding in codings {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let wanted = !parts.any(|parameter| {
            parameter
                .strip_prefix("q=")
                .is_some_and(|weight| weight.parse().is_ok_and(|weight: f32| weight <= 0.0))
        });
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            return wanted;
        }
        if name == "*" {
            by_star = wanted;
        }
    }
    by_star
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        accepts_gzip(&headers)
    }

    #[test]
    fn gzip_is_used_only_when_it_is_asked_for() {
        for asked in [
            "gzip",
            "deflate, gzip;q=0.5, br",
            "GZIP",
            "*",
            "br;q=0, *;q=0.1",
        ] {
            assert!(accepts(asked), "{asked}");
        }
        for refused in [
            "",
            "br",
            "gzip;q=0",
            "gzip;q=0, *",
            "*;q=0",
            "identity",
            "gzipped",
        ] {
            assert!(!accepts(refused), "{refused}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
