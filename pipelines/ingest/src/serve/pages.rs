//! The page of clips.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::sync::Semaphore;
use wayside_proto::convert::{CLIP_REQUEST_BYTES_MAX, Message};
use wayside_proto::{ClipRequest, EvidenceFailure};

use super::{Maker, Token};
use crate::live::{CLIPS_WAITING_MAX, Refused};

/// Callers that wait for a clip at a time: the one that is made, those that wait, and one that is told to come
/// again.
pub(super) const ASKING_MAX: usize = CLIPS_WAITING_MAX + 2;
/// The body of a request must have come within this time.
const BODY_MAX: Duration = Duration::from_secs(10);
/// Bytes of a message, both ways.
const PROTOBUF: &str = "application/x-protobuf";
/// When to ask again, seconds.
const RETRY_BUSY_S: &str = "10";
const RETRY_NOT_YET_S: &str = "2";

struct Desk {
    token: Token,
    maker: Arc<dyn Maker>,
    asking: Arc<Semaphore>,
}

pub(super) fn router(token: Token, maker: Arc<dyn Maker>) -> Router {
    let asking = Arc::new(Semaphore::new(ASKING_MAX));
    let desk = Arc::new(Desk { token, maker, asking });
    Router::new().route("/v1/clips", post(clips)).with_state(desk)
}

async fn clips(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // Before anything of the body is read.
    if !allowed(&desk.token, &head.headers) {
        return unauthorized();
    }
    let announced =
        head.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: usize| bytes > CLIP_REQUEST_BYTES_MAX) {
        return too_large();
    }
    let bytes = match tokio::time::timeout(BODY_MAX, read(body)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(())) => return too_large(),
        Err(_) => {
            let said = "the request did not come within 10 s";
            return refusal(StatusCode::REQUEST_TIMEOUT, "slow", said);
        }
    };
    let request = match ClipRequest::from_bytes(&bytes) {
        Ok(request) => request,
        Err(error) => {
            let said = format!("the body is no `wayside.v1.ClipRequest`: {error}");
            return refusal(StatusCode::BAD_REQUEST, "malformed", &said);
        }
    };
    let Ok(permit) = Arc::clone(&desk.asking).try_acquire_owned() else {
        return refused(&Refused::Busy);
    };
    let made = tokio::task::spawn_blocking(move || {
        let made = desk.maker.ask(&request).map(|clip| clip.to_bytes());
        drop(permit);
        made
    });
    match made.await {
        Ok(Ok(Ok(bytes))) => {
            let plain = [(header::CONTENT_TYPE, PROTOBUF), (header::CACHE_CONTROL, "no-store")];
            (plain, bytes).into_response()
        }
        Ok(Ok(Err(error))) => {
            let said = format!("the redacted clip breaks its own contract: {error}");
            refused(&Refused::Failed(EvidenceFailure::NotRedactable, said))
        }
        Ok(Err(why)) => refused(&why),
        Err(_) => refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "failed",
            "the redaction ended before its time",
        ),
    }
}

pub(super) fn allowed(token: &Token, headers: &HeaderMap) -> bool {
    let mut found = headers.get_all(header::AUTHORIZATION).iter();
    // Two of them are one too many.
    matches!((found.next(), found.next()), (Some(one), None) if token.is_in(one.as_bytes()))
}

pub(super) fn unauthorized() -> Response {
    let ask = [(header::WWW_AUTHENTICATE, "Bearer")];
    let said =
        "the bearer token is missing or wrong: it is the one that the worker was started with";
    (ask, refusal(StatusCode::UNAUTHORIZED, "unauthorized", said)).into_response()
}

async fn read(body: Body) -> Result<Vec<u8>, ()> {
    axum::body::to_bytes(body, CLIP_REQUEST_BYTES_MAX).await.map(Into::into).map_err(|_| ())
}

fn too_large() -> Response {
    let said = format!("a request has at most {CLIP_REQUEST_BYTES_MAX} bytes");
    refusal(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &said)
}

/// The statuses that callers tell causes by; the cause itself is in the body.
fn refused(why: &Refused) -> Response {
    let said = why.to_string();
    let again = |seconds: &'static str| [(HeaderName::from_static("retry-after"), seconds)];
    match why {
        Refused::Busy => {
            let answer = refusal(StatusCode::SERVICE_UNAVAILABLE, "busy", &said);
            (again(RETRY_BUSY_S), answer).into_response()
        }
        Refused::NotYet(_) => {
            let answer = refusal(StatusCode::TOO_EARLY, "not_yet", &said);
            (again(RETRY_NOT_YET_S), answer).into_response()
        }
        Refused::Failed(cause, _) => {
            let status = match cause {
                EvidenceFailure::WorkerGone => StatusCode::NOT_FOUND,
                EvidenceFailure::RingMovedOn | EvidenceFailure::Retention => StatusCode::GONE,
                EvidenceFailure::NotRedactable
                | EvidenceFailure::NoTrack
                | EvidenceFailure::NoPictures
                | EvidenceFailure::NotStored => StatusCode::UNPROCESSABLE_ENTITY,
            };
            refusal(status, cause.as_str(), &said)
        }
    }
}

pub(super) fn refusal(status: StatusCode, cause: &str, detail: &str) -> Response {
    (status, axum::Json(serde_json::json!({ "cause": cause, "detail": detail }))).into_response()
}
