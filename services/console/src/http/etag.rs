//! Answers that a browser may have already (RFC 9110, 8.8.3 and 13.1.2).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// The tag of a content.
pub(crate) fn tag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Whether the browser has what this tag belongs to.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH);
    lists.iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(',')).any(
        |known| {
            let known = known.trim();
            known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
        },
    )
}

/// Puts the tag on an answer.
pub(crate) fn put(headers: &mut HeaderMap, tag: &str) {
    // Digits, letters and dashes in quotes: always a header's value.
    if let Ok(value) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, value);
    }
}

/// These bytes, or that the browser has them. To be asked for again each time, by this account alone.
pub(crate) fn answer(headers: &HeaderMap, media: &'static str, bytes: Bytes) -> Response {
    let tag = tag(&bytes);
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Body::from(bytes).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        response
    };
    put(response.headers_mut(), &tag);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
