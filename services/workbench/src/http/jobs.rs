//! Jobs.

use axum::Json;
use axum::body::Body as Stream;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wayside_http::{Body, Path, Problem, Query};
use wayside_proto::EventTime;

use super::shapes::{JobsJson, OrderRequest, PairQuery};
use super::{App, Engineer};
use crate::Workbench;
use crate::engine::{Judged, ReplayOrder, WhatifOrder};
use crate::jobs::{Compared, Job, Order, compare as compare_results};
use crate::sites::ShelfError;

/// Longest span of stored observations that a draft is tried on, seconds.
const SPAN_S_MAX: f64 = 86_400.0;
/// Files up to this size are answered from memory in one piece; larger ones are sent as they are read.
const PIECE_BYTES: usize = 256 * 1024;
/// The report is one page with its own styles and pictures inside; nothing else may be loaded, run or sent.
const REPORT_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     media-src data:; frame-ancestors 'none'";

/// Jobs, the newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "engineer",
    responses((status = 200, body = JobsJson), (status = "4XX", body = Problem)))]
pub async fn list(State(app): State<App>, _: Engineer) -> Result<Json<JobsJson>, Problem> {
    Ok(Json(JobsJson { jobs: app.bench.jobs().list() }))
}

/// Orders a replay, or a trial of a draft.
#[utoipa::path(post, path = "/api/v1/jobs", tag = "engineer", request_body = OrderRequest,
    responses((status = 202, body = Job), (status = "4XX", body = Problem)))]
pub async fn order(
    State(app): State<App>,
    Engineer(account): Engineer,
    Body(wanted): Body<OrderRequest>,
) -> Result<(StatusCode, Json<Job>), Problem> {
    app.work(move |bench| {
        let order = ordered(bench, wanted)?;
        Ok((StatusCode::ACCEPTED, Json(bench.jobs().order(order, &account)?)))
    })
    .await
}

fn ordered(bench: &Workbench, wanted: OrderRequest) -> Result<Order, Problem> {
    let file =
        |site: &str| bench.shelf().path(site).ok_or_else(|| ShelfError::Unknown(site.to_owned()));
    match wanted {
        OrderRequest::Replay { recording, site, toml, camera, start } => {
            let site = match (site, &toml) {
                (Some(site), _) => site,
                (None, Some(toml)) => id_of(toml)?,
                (None, None) => {
                    return Err(Problem::unprocessable(
                        "neither `site` nor `toml` says under which site file",
                    ));
                }
            };
            let path = bench.recordings().path(&recording)?;
            let known = bench.recordings().list().into_iter().find(|one| one.id == recording);
            let name = known.map_or_else(|| recording.clone(), |one| one.name);
            if let Some(start) = &start {
                EventTime::parse(start).map_err(Problem::unprocessable)?;
            }
            if let Some(toml) = &toml {
                sound(toml, &site)?;
            }
            // The queue gives the folder.
            let folder = std::path::PathBuf::new();
            // A draft may be of a site that is not saved yet.
            let site_file = match file(&site) {
                Ok(file) => Some(file),
                Err(_) if toml.is_some() => bench.shelf().drafts(),
                Err(unknown) => return Err(unknown.into()),
            };
            let order =
                ReplayOrder { recording: path, site_file, draft: toml, start, camera, folder };
            Ok(Order::Replay { site, recording, name, order })
        }
        OrderRequest::Whatif { site, toml, from, to, observations } => {
            sound(&toml, &site)?;
            let time = |text: &str| EventTime::parse(text).map_err(Problem::unprocessable);
            let source = match (observations, from, to) {
                (Some(job), None, None) => Judged::Replay(bench.jobs().observations(&job)?),
                (None, Some(from), Some(to)) => {
                    let (from, to) = (time(&from)?, time(&to)?);
                    if !(0.0..=SPAN_S_MAX).contains(&to.since_s(from)) {
                        return Err(Problem::unprocessable(
                            "`to` is before `from`, or more than a day after it",
                        ));
                    }
                    Judged::Span { site_file: file(&site)?, from, to }
                }
                _ => {
                    return Err(Problem::unprocessable(
                        "either `from` and `to`, or `observations`, say what is judged",
                    ));
                }
            };
            let order = WhatifOrder { draft: toml, source };
            Ok(Order::Whatif { site, order })
        }
    }
}

/// Refuses a draft that could not be used.
fn sound(toml: &str, site: &str) -> Result<(), Problem> {
    let found = crate::sites::check(toml).1;
    if found.is_some_and(|found| found.id().as_str() == site) {
        return Ok(());
    }
    Err(Problem::unprocessable(
        "the draft is not sound, or of another site\n  hint: check it first",
    ))
}

/// The site of a draft.
fn id_of(toml: &str) -> Result<String, Problem> {
    let found = crate::sites::check(toml).1.map(|found| found.id().0);
    found.ok_or_else(|| Problem::unprocessable("the draft is not sound\n  hint: check it first"))
}

/// An event of a job's result, to be seen again on the plan: what its camera saw from 8 s before it to 8 s after it,
/// with the site's plan.
#[utoipa::path(get, path = "/api/v1/jobs/{job}/events/{event}/scene", tag = "engineer",
    params(("job" = String, Path), ("event" = String, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub async fn scene(
    State(app): State<App>,
    _: Engineer,
    Path((job, event)): Path<(String, String)>,
) -> Result<Json<serde_json::Value>, Problem> {
    app.work(move |bench| Ok(Json(bench.jobs().scene(&job, &event)?))).await
}

/// A job with its result.
#[utoipa::path(get, path = "/api/v1/jobs/{job}", tag = "engineer", params(("job" = String, Path)),
    responses((status = 200, body = Job), (status = "4XX", body = Problem)))]
pub async fn one(
    State(app): State<App>,
    _: Engineer,
    Path(job): Path<String>,
) -> Result<Json<Job>, Problem> {
    Ok(Json(app.bench.jobs().get(&job)?))
}

/// Cancels a job that waits or runs, or forgets one that has ended, with its files.
#[utoipa::path(delete, path = "/api/v1/jobs/{job}", tag = "engineer", params(("job" = String, Path)),
    responses((status = 204, description = "Done."), (status = "4XX", body = Problem)))]
pub async fn cancel(
    State(app): State<App>,
    _: Engineer,
    Path(job): Path<String>,
) -> Result<StatusCode, Problem> {
    app.work(move |bench| {
        bench.jobs().cancel(&job)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Holds the results of two jobs against each other.
#[utoipa::path(get, path = "/api/v1/jobs/compare", tag = "engineer",
    params(("a" = String, Query), ("b" = String, Query)),
    responses((status = 200, body = Compared), (status = "4XX", body = Problem)))]
pub async fn compare(
    State(app): State<App>,
    _: Engineer,
    Query(pair): Query<PairQuery>,
) -> Result<Json<Compared>, Problem> {
    let (a, b) = (app.bench.jobs().result(&pair.a)?, app.bench.jobs().result(&pair.b)?);
    app.work(move |_| Ok(Json(compare_results(&a, &b)))).await
}

/// A file of a job's result.
#[utoipa::path(get, path = "/api/v1/jobs/{job}/files/{name}", tag = "engineer",
    params(("job" = String, Path), ("name" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = "4XX", body = Problem)))]
pub async fn file(
    State(app): State<App>,
    _: Engineer,
    Path((job, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (path, media) = app.bench.jobs().file(&job, &name)?;
    let file = tokio::fs::File::open(&path).await.map_err(Problem::fault)?;
    let size = file.metadata().await.map_err(Problem::fault)?.len();
    let stream = tokio_util::io::ReaderStream::with_capacity(file, PIECE_BYTES);
    let mut response = Stream::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REPORT_POLICY));
    Ok(response)
}
