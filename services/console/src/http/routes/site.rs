//! One junction: its plan, what goes on there, the pictures of its cameras.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use wayside_http::{Path, Problem};
use wayside_proto::{CameraId, SiteId};

use crate::http::caller::Caller;
use crate::http::etag;
use crate::http::state::App;
use crate::pictures::NoPicture;
use crate::plan;
use crate::shapes::{SitePlan, SiteState};

/// The capture instant of a picture.
const FRAME_TIME: HeaderName = HeaderName::from_static("wayside-frame-time");

/// The plan of a junction. With an `ETag`.
#[utoipa::path(get, path = "/api/v1/sites/{site}", tag = "live", params(("site" = String, Path)),
    responses((status = 200, body = SitePlan), (status = 304, description = "It has not changed."),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn plan(
    State(app): State<App>,
    _caller: Caller,
    Path(site): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = app.sites().get(&site).ok_or_else(|| Problem::not_found("site"))?;
    let plan = serde_json::to_vec(&plan::plan(&entry.site)).map_err(Problem::fault)?;
    Ok(etag::answer(&headers, "application/json", plan.into()))
}

/// What goes on at a junction.
#[utoipa::path(get, path = "/api/v1/sites/{site}/state", tag = "live",
    params(("site" = String, Path)),
    responses((status = 200, body = SiteState),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn state(
    State(app): State<App>,
    _caller: Caller,
    Path(site): Path<String>,
) -> Result<Json<SiteState>, Problem> {
    app.shared().site_state(&site).map(Json).ok_or_else(|| Problem::not_found("site"))
}

/// The newest picture of a camera, redacted: people, faces and plates cannot be made out in it. Header
/// `Wayside-Frame-Time` is its capture instant. With an `ETag`; to be asked at most twice a second.
#[utoipa::path(get, path = "/api/v1/sites/{site}/cameras/{camera}/picture", tag = "live",
    params(("site" = String, Path), ("camera" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "It is still the same."),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn picture(
    State(app): State<App>,
    _caller: Caller,
    Path((site, camera)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = app.sites().get(&site).ok_or_else(|| Problem::not_found("site"))?;
    entry.site.camera(&camera).ok_or_else(|| Problem::not_found("camera"))?;
    let asked = (SiteId(site), CameraId(camera));
    let found = app.picture(move |pictures| pictures.newest(&asked.0, &asked.1)).await?;
    let picture = match found {
        Some(Ok(picture)) => picture,
        Some(Err(why)) => return Err(none(&why)),
        None => return Err(no_picture("this console has no source of pictures")),
    };
    let time = HeaderValue::from_str(&picture.time.to_string()).map_err(Problem::fault)?;
    let mut response = etag::answer(&headers, "image/jpeg", picture.jpeg);
    response.headers_mut().insert(FRAME_TIME, time);
    Ok(response)
}

fn none(why: &NoPicture) -> Problem {
    match why {
        NoPicture::Unknown | NoPicture::NotNow(_) => no_picture(why),
        NoPicture::Away(_) => no_picture(why).retry_after(2),
    }
}

fn no_picture(why: impl ToString) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no-picture", why)
}
