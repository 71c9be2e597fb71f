//! Pictures to calibrate on, and the calibration itself.

use axum::Json;
use axum::body::Body as Stream;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use wayside_http::{Body, Path, Problem, Query};

use super::recordings::take;
use super::shapes::{DraftJson, FrameRequest, RecordingFrameRequest, UploadQuery};
use super::{App, Engineer};
use crate::engine::Frame;
use crate::solve::{POINTS_MAX, SolveRequest, Solved, solve as solve_points};
use crate::spoken::without_folders;
use crate::{Workbench, formats};

/// Sides of a picture that a calibration may be for, pixels.
const SIDE_PX_MAX: u32 = 16_384;

/// Takes the newest picture of a live camera.
#[utoipa::path(post, path = "/api/v1/calibrate/frame", tag = "engineer", request_body = FrameRequest,
    responses((status = 201, body = DraftJson), (status = "4XX", body = Problem)))]
pub async fn frame(
    State(app): State<App>,
    _: Engineer,
    Body(wanted): Body<FrameRequest>,
) -> Result<(StatusCode, Json<DraftJson>), Problem> {
    app.work(move |bench| {
        let mut taken = bench.engine().live_frame(&wanted.site, &wanted.camera);
        // A live picture may be smaller than what the camera sends; points are those of the camera.
        let sites = bench.shelf().list();
        let cameras =
            sites.iter().filter(|site| site.id == wanted.site).flat_map(|site| &site.cameras);
        if let (Ok(frame), Some(camera)) =
            (&mut taken, cameras.into_iter().find(|camera| camera.id == wanted.camera))
        {
            (frame.width_px, frame.height_px) = (camera.width_px, camera.height_px);
        }
        keep(bench, taken)
    })
    .await
}

/// Takes a picture out of what is brought: its bytes, or those of a recording, are the body. Nothing of it is kept
/// but the redacted picture.
#[utoipa::path(post, path = "/api/v1/calibrate/upload", tag = "engineer",
    params(("simulated" = Option<bool>, Query, description = "Whether it is a rendering.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = DraftJson), (status = "4XX", body = Problem)))]
pub async fn upload(
    State(app): State<App>,
    _: Engineer,
    Query(query): Query<UploadQuery>,
    body: Stream,
) -> Result<(StatusCode, Json<DraftJson>), Problem> {
    let incoming = take(&app, body).await?;
    if formats::of(incoming.path()).is_none() {
        let why = "it is neither a picture (JPEG, PNG) nor a recording (MP4, MOV, MKV, WebM, AVI)";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-picture", why));
    }
    app.work(move |bench| keep(bench, bench.engine().frame(incoming.path(), 0.0, query.simulated)))
        .await
}

/// Takes a picture of a recording.
#[utoipa::path(post, path = "/api/v1/calibrate/frame-of-recording", tag = "engineer",
    request_body = RecordingFrameRequest,
    responses((status = 201, body = DraftJson), (status = "4XX", body = Problem)))]
pub async fn frame_of_recording(
    State(app): State<App>,
    _: Engineer,
    Body(wanted): Body<RecordingFrameRequest>,
) -> Result<(StatusCode, Json<DraftJson>), Problem> {
    if !(0.0..=86_400.0).contains(&wanted.at_s) {
        return Err(Problem::unprocessable("`at_s` is not between 0 and 86400"));
    }
    app.work(move |bench| {
        let file = bench.recordings().path(&wanted.recording)?;
        keep(bench, bench.engine().frame(&file, wanted.at_s, wanted.simulated))
    })
    .await
}

fn keep(
    bench: &Workbench,
    taken: Result<Frame, String>,
) -> Result<(StatusCode, Json<DraftJson>), Problem> {
    let refused = |why: String| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-picture", without_folders(&why))
    };
    let frame = taken.map_err(refused)?;
    let (width_px, height_px) = (frame.width_px, frame.height_px);
    let draft = bench.drafts().keep(frame, bench.engine().now()).map_err(Problem::fault)?;
    let picture = format!("/api/v1/calibrate/drafts/{draft}/picture");
    Ok((StatusCode::CREATED, Json(DraftJson { draft, width_px, height_px, picture })))
}

/// A picture that was taken.
#[utoipa::path(get, path = "/api/v1/calibrate/drafts/{draft}/picture", tag = "engineer",
    params(("draft" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
        (status = "4XX", body = Problem)))]
pub async fn picture(
    State(app): State<App>,
    _: Engineer,
    Path(draft): Path<String>,
) -> Result<Response, Problem> {
    let now = app.bench.engine().now();
    let frame = app.bench.drafts().get(&draft, now);
    let frame = frame.ok_or_else(|| Problem::not_found("picture"))?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], frame.jpeg.clone()).into_response())
}

/// Finds the map between road and picture, and says how well each point fits.
#[utoipa::path(post, path = "/api/v1/calibrate/solve", tag = "engineer",
    request_body = SolveRequest,
    responses((status = 200, body = Solved), (status = "4XX", body = Problem)))]
pub async fn solve(
    State(app): State<App>,
    _: Engineer,
    Body(request): Body<SolveRequest>,
) -> Result<Json<Solved>, Problem> {
    if request.points.len() > POINTS_MAX {
        return Err(Problem::unprocessable(format!("more than {POINTS_MAX} points")));
    }
    if ![request.width_px, request.height_px].iter().all(|side| (16..=SIDE_PX_MAX).contains(side)) {
        return Err(Problem::unprocessable(format!(
            "the picture's sides are not between 16 and {SIDE_PX_MAX} pixels"
        )));
    }
    app.work(move |_| Ok(Json(solve_points(&request)))).await
}
