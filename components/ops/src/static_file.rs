//! A file that comes with the build: the same for everybody, and in gzip already.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

// `SCHEMA`, `PAGE` and `ASSETS` by their names, as `build.rs` makes them.
include!(concat!(env!("OUT_DIR"), "/static_files.rs"));

/// Such a file.
pub(crate) struct StaticFile {
    pub(crate) content_type: &'static str,
    /// What the content is known by (RFC 9110, section 8.8.3); weak, since it is sent in gzip and without.
    pub(crate) entity_tag: &'static str,
    pub(crate) gzip: &'static [u8],
}

impl StaticFile {
    /// The file; 304 without it for who has it already.
    pub(crate) fn answer(&self, request: &HeaderMap, cache_control: &'static str) -> Response {
        let headers = [
            (header::ETAG, self.entity_tag),
            (header::CACHE_CONTROL, cache_control),
        ];
        if self.is_known(request) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let content = [
            (header::CONTENT_TYPE, self.content_type),
            (header::CONTENT_ENCODING, "gzip"),
        ];
        (headers, content, self.gzip).into_response()
    }

    /// RFC 9110, section 13.1.2.
    fn is_known(&self, request: &HeaderMap) -> bool {
        let tag = opaque(self.entity_tag);
        request
            .get_all(header::IF_NONE_MATCH)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|known| known.trim() == "*" || opaque(known.trim()) == tag)
    }
}

/// What two tags are compared by when it matters only that the content is the same.
fn opaque(entity_tag: &str) -> &str {
    entity_tag.strip_prefix("W/").unwrap_or(entity_tag)
}
