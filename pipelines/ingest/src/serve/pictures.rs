//! The page of live pictures.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use wayside_proto::{CameraId, SiteId};

use super::Token;
use super::pages::{allowed, refusal, unauthorized};
use crate::live::LivePictures;

/// Capture instant of the picture, RFC 3339.
const FRAME_TIME: HeaderName = HeaderName::from_static("wayside-frame-time");
/// When to ask again where one is on its way, seconds.
const RETRY_S: &str = "1";

struct Desk {
    token: Token,
    pictures: LivePictures,
}

pub(super) fn router(token: Token, pictures: LivePictures) -> Router {
    let desk = Arc::new(Desk { token, pictures });
    Router::new().route("/v1/pictures/{site}/{camera}", get(newest)).with_state(desk)
}

async fn newest(
    State(desk): State<Arc<Desk>>,
    Path((site, camera)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if !allowed(&desk.token, &headers) {
        return unauthorized();
    }
    match desk.pictures.newest(&SiteId(site), &CameraId(camera)) {
        Ok(picture) => {
            let time = picture.frame_time.to_string();
            let plain = [
                (header::CONTENT_TYPE, "image/jpeg".to_owned()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
                (FRAME_TIME, time),
            ];
            (plain, picture.jpeg).into_response()
        }
        Err(none) => {
            let said = refusal(StatusCode::NOT_FOUND, "no_picture", &none.why);
            if none.soon { ([(header::RETRY_AFTER, RETRY_S)], said).into_response() } else { said }
        }
    }
}
