//! One file.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::http::etag::{is_known, put};

/// A year, for what has its hash in its name.
const KEEP: &str = "public, max-age=31536000, immutable";
/// To be asked for again each time.
const ASK: &str = "no-cache";

#[derive(Clone, Debug)]
pub(super) struct File {
    media: &'static str,
    digest: String,
    keep: bool,
    plain: Bytes,
    pub(super) gzip: Option<Bytes>,
    pub(super) brotli: Option<Bytes>,
}

impl File {
    pub(super) fn new(path: &str, plain: Bytes) -> Self {
        let digest: String =
            Sha256::digest(&plain).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let keep = path.starts_with("assets/");
        Self { media: media(path), digest, keep, plain, gzip: None, brotli: None }
    }

    pub(super) fn answer(&self, headers: &HeaderMap) -> Response {
        let (encoding, bytes) = match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if takes(headers, "br") => (Some("br"), bytes),
            (_, Some(bytes)) if takes(headers, "gzip") => (Some("gzip"), bytes),
            _ => (None, &self.plain),
        };
        let tag = format!("\"{}-{}\"", self.digest, encoding.unwrap_or("plain"));
        let mut response = if is_known(headers, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(bytes.clone()).into_response()
        };
        let known = response.status() == StatusCode::NOT_MODIFIED;
        let answer = response.headers_mut();
        answer.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(if self.keep { KEEP } else { ASK }),
        );
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        put(answer, &tag);
        if !known {
            answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
            if let Some(encoding) = encoding {
                answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        response
    }
}

/// Whether the browser takes this encoding (RFC 9110, 12.5.3).
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING);
    let items = lists.iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    items.into_iter().any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()) == Some(0.0)
        });
        named && !refused
    })
}

/// The media type by the ending.
fn media(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pbf" => "application/x-protobuf",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_where_it_is_named_and_not_refused() {
        let with = |list: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(list).expect("a header"));
            (takes(&headers, "br"), takes(&headers, "gzip"))
        };
        assert_eq!(with("gzip, deflate, br"), (true, true));
        assert_eq!(with("gzip;q=0.5, br;q=0"), (false, true));
        assert_eq!(with("GZIP"), (false, true));
        assert_eq!(with("brotli, xgzip"), (false, false));
    }
}
