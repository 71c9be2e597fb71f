//! Violations, voids and notices.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use utoipa::IntoParams;
use wayside_http::{Path, Problem, Query};
use wayside_proto::EventTime;

use crate::http::caller::Caller;
use crate::http::etag;
use crate::http::state::App;
use crate::scene;
use crate::shapes::{EventDetail, EventKind, EventPage, Scene};
use crate::state::{EVENTS_MAX, EventFilter};

/// Events of one page, where the caller does not say.
const LIMIT_DEFAULT: usize = 100;

/// Which events.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Of this junction.
    pub site: Option<String>,
    /// Of this camera.
    pub camera: Option<String>,
    /// Of this rule.
    pub rule: Option<String>,
    /// `violation`, `void` or `notice`.
    pub kind: Option<String>,
    /// Older than this: `next` of the page before.
    pub before: Option<String>,
    /// How many, 1 to 500; 100 where absent.
    pub limit: Option<usize>,
    /// The role to act in, where it is not in the header `Wayside-Role`. Whoever knows sessions reads it.
    #[allow(dead_code, reason = "a key of the query that others read")]
    pub role: Option<String>,
}

/// Events, newest first: the last 500 of each junction.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(EventsQuery),
    responses((status = 200, body = EventPage),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list(
    State(app): State<App>,
    _caller: Caller,
    Query(wanted): Query<EventsQuery>,
) -> Result<Json<EventPage>, Problem> {
    let limit = wanted.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=EVENTS_MAX).contains(&limit) {
        return Err(Problem::unprocessable(format!("`limit` is not 1 to {EVENTS_MAX}")));
    }
    let kind = match wanted.kind.as_deref() {
        None => None,
        Some("violation") => Some(EventKind::Violation),
        Some("void") => Some(EventKind::Void),
        Some("notice") => Some(EventKind::Notice),
        Some(_) => {
            let detail = "`kind` is none of violation, void and notice";
            return Err(Problem::unprocessable(detail));
        }
    };
    let before = wanted.before.as_deref().map(before).transpose()?;
    let (site, camera, rule) = (wanted.site, wanted.camera, wanted.rule);
    let filter = EventFilter { site, camera, rule, kind, before, limit };
    Ok(Json(app.shared().state().events(&filter)))
}

/// An event with what is known around it.
#[utoipa::path(get, path = "/api/v1/events/{id}", tag = "events", params(("id" = String, Path)),
    responses((status = 200, body = EventDetail),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn one(
    State(app): State<App>,
    _caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EventDetail>, Problem> {
    app.shared().state().event(&id).map(Json).ok_or_else(not_kept)
}

/// The anonymous tracks around an event, from 8 s before to 8 s after it, to be seen again on the plan. With
/// an `ETag` once the camera has gone on beyond the span.
#[utoipa::path(get, path = "/api/v1/events/{id}/scene", tag = "events",
    params(("id" = String, Path)),
    responses((status = 200, body = Scene), (status = 304, description = "It has not changed."),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn scene(
    State(app): State<App>,
    _caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(known) = app.known_scene(&id) {
        return Ok(etag::answer(&headers, "application/json", known));
    }
    let subject = app.shared().state().subject(&id).ok_or_else(not_kept)?;
    let entry = app.sites().get(subject.site.as_str()).ok_or_else(not_kept)?;
    let scene = app.read(move |bus| scene::scene(bus, &entry, &subject)).await?;
    let bytes = Bytes::from(serde_json::to_vec(&scene).map_err(Problem::fault)?);
    if scene.complete {
        app.keep_scene(&id, bytes.clone());
    }
    Ok(etag::answer(&headers, "application/json", bytes))
}

/// `next` of a page: a time in microseconds and an id.
fn before(text: &str) -> Result<(EventTime, String), Problem> {
    let parts = text.split_once('~').and_then(|(time, id)| Some((time.parse().ok()?, id)));
    let (time, id) = parts
        .ok_or_else(|| Problem::unprocessable("`before` is not the `next` of a page of events"))?;
    Ok((EventTime(time), id.to_owned()))
}

fn not_kept() -> Problem {
    Problem::not_found("event, or it is not kept any more")
        .hint("the console keeps the last 500 of each junction; review has every case")
}
