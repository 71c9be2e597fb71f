//! Recordings.

use std::time::Duration;

use axum::Json;
use axum::body::Body as Stream;
use axum::extract::State;
use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use wayside_http::{Path, Problem, Query};

use super::shapes::{NameQuery, RecordingsJson};
use super::{App, Engineer};
use crate::formats::{self, Format};
use crate::recordings::{Incoming, Recording, RecordingError};
use crate::spoken::without_folders;

/// How long nothing may come of a recording that is under way.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// Endings of files that are usually decoded.
const EXTENSIONS: [&str; 5] = ["mp4", "mov", "mkv", "avi", "webm"];

/// The recordings that are there.
#[utoipa::path(get, path = "/api/v1/recordings", tag = "engineer",
    responses((status = 200, body = RecordingsJson), (status = "4XX", body = Problem)))]
pub async fn list(State(app): State<App>, _: Engineer) -> Result<Json<RecordingsJson>, Problem> {
    app.work(|bench| {
        let recordings = bench.recordings();
        Ok(Json(RecordingsJson {
            recordings: recordings.list(),
            bytes_max: recordings.bytes_max(),
            bytes_left: recordings.bytes_left(),
            extensions: EXTENSIONS.to_vec(),
        }))
    })
    .await
}

/// Brings a recording: its bytes are the body. It goes by itself a day later.
#[utoipa::path(post, path = "/api/v1/recordings", tag = "engineer",
    params(("name" = String, Query, description = "What it is called.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Recording), (status = "4XX", body = Problem)))]
pub async fn bring(
    State(app): State<App>,
    _: Engineer,
    Query(query): Query<NameQuery>,
    body: Stream,
) -> Result<(StatusCode, Json<Recording>), Problem> {
    let incoming = take(&app, body).await?;
    if formats::of(incoming.path()) != Some(Format::Recording) {
        let why = "it is no MP4, MOV, MKV, WebM or AVI";
        return Err(RecordingError::NotDecodable(why.to_owned()).into());
    }
    app.work(move |bench| {
        let probe = bench
            .engine()
            .probe(incoming.path())
            .map_err(|why| RecordingError::NotDecodable(without_folders(&why)))?;
        let now = bench.engine().now();
        let kept = bench.recordings().keep(incoming, &query.name, probe, now)?;
        Ok((StatusCode::CREATED, Json(kept)))
    })
    .await
}

/// Takes what comes, on a thread that may wait for the disk.
pub(super) async fn take(app: &App, body: Stream) -> Result<Incoming, Problem> {
    let mut incoming = app.work(|bench| Ok(bench.recordings().begin()?)).await?;
    let mut body = body;
    let broke_off = || {
        Problem::new(StatusCode::BAD_REQUEST, "broke-off", "the recording broke off on its way")
            .hint("bring it again")
    };
    loop {
        let Ok(frame) = tokio::time::timeout(SILENCE_MAX, body.frame()).await else {
            return Err(broke_off());
        };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| broke_off())?;
        if let Ok(piece) = frame.into_data() {
            // A disk may be slow; the other requests do not wait for it.
            incoming = app
                .work(move |_| {
                    incoming.write(&piece)?;
                    Ok(incoming)
                })
                .await?;
        }
    }
    Ok(incoming)
}

/// Deletes a recording.
#[utoipa::path(delete, path = "/api/v1/recordings/{recording}", tag = "engineer",
    params(("recording" = String, Path)),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Problem)))]
pub async fn delete(
    State(app): State<App>,
    _: Engineer,
    Path(recording): Path<String>,
) -> Result<StatusCode, Problem> {
    app.work(move |bench| {
        let path = bench.recordings().path(&recording)?;
        if bench.jobs().needs(&path) {
            return Err(Problem::new(StatusCode::CONFLICT, "in-use", "a job is at work")
                .hint("cancel the job, or wait for it"));
        }
        bench.delete(&recording)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
