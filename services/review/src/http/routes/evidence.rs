//! A case in detail, and the parts of its package. Every view is in the audit log before anything is
//! given out.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::value::RawValue;
use wayside_cases::{Actor, CaseId, Role};
use wayside_desk::EvidenceView;
use wayside_http::{Path, Problem};
use wayside_package::{Holds, Part};
use wayside_proto::EventTime;

use super::case_id;
use crate::http::caller::Caller;
use crate::http::range::{Asked, asked};
use crate::http::refusals::refused;
use crate::http::shapes::{CaseJson, EvidenceJson};
use crate::http::state::{App, Parts};
use crate::packages::{PackageError, Verified};

/// Names of parts as the API has them, and what they are: a closed list, so that no name leads anywhere
/// else.
const PARTS: [(&str, Part, &str); 11] = [
    ("manifest", Part::Manifest, "application/json"),
    ("before", Part::Before, "image/jpeg"),
    ("at-line", Part::AtLine, "image/jpeg"),
    ("after", Part::After, "image/jpeg"),
    ("clip", Part::Clip, "video/mp4"),
    ("clip-frames", Part::ClipFrames, "application/json"),
    ("quantities", Part::Quantities, "text/markdown; charset=utf-8"),
    ("signals", Part::Signals, "application/json"),
    ("track", Part::Track, "application/json"),
    ("outcome", Part::Outcome, "application/json"),
    ("site", Part::Site, "application/toml"),
];

/// A case with everything that a decision needs.
#[utoipa::path(get, path = "/v1/cases/{case}", tag = "review", params(("case" = String, Path)),
    responses((status = 200, body = CaseJson), (status = "4XX", body = Problem)))]
pub async fn case(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<CaseJson>, Problem> {
    let actor = caller.must(Role::views, "look at cases")?.clone();
    let case = case_id(&case)?;
    let shown = app.work(move |parts, now| {
        let view = parts.desk.view(&actor, &case, now).map_err(refused)?;
        let evidence = match (&view.outcome, &view.package) {
            (Some(outcome), Some(sealed)) => {
                Some(described(parts.packages.get(&outcome.id, sealed)))
            }
            _ => None,
        };
        Ok(CaseJson::new(view, evidence))
    });
    Ok(Json(shown.await?))
}

/// What a package shows. One that cannot be had or does not hold is said in words, beside the case.
fn described(found: Result<Arc<Verified>, PackageError>) -> EvidenceJson {
    let verified = match found {
        Ok(verified) => verified,
        Err(error) => {
            if let PackageError::Store(cause) = &error {
                tracing::error!("a package cannot be fetched: {cause}");
            }
            return EvidenceJson {
                verified: false,
                findings: vec![error.to_string()],
                parts: Vec::new(),
                derivations: None,
                signals: None,
            };
        }
    };
    let text = |part| verified.part(part).and_then(|bytes| String::from_utf8(bytes.into()).ok());
    let findings = verified.report.findings.iter();
    EvidenceJson {
        verified: verified.report.holds() == Holds::Yes,
        findings: findings.map(|finding| finding.sentence.clone()).collect(),
        parts: PARTS.iter().map(|(name, _, _)| (*name).to_owned()).collect(),
        derivations: text(Part::Quantities),
        signals: text(Part::Signals).and_then(|json| RawValue::from_string(json).ok()),
    }
}

/// The case as the desk has it, its view written down, and its package verified.
pub(super) fn opened(
    parts: &Parts,
    actor: &Actor,
    case: &CaseId,
    what: &str,
    now: EventTime,
) -> Result<(EvidenceView, Arc<Verified>), Problem> {
    let view = parts.desk.view_evidence(actor, case, what, now).map_err(refused)?;
    let verified = parts.packages.get(&view.violation, &view.package).map_err(unusable)?;
    Ok((view, verified))
}

fn unusable(error: PackageError) -> Problem {
    match &error {
        PackageError::Gone => Problem::new(StatusCode::GONE, "evidence-gone", error),
        PackageError::Unsound(why) => {
            tracing::error!("a package does not hold: {why}");
            Problem::new(StatusCode::CONFLICT, "evidence-not-sound", error)
                .hint("send the case back; `wayside verify` says more")
        }
        PackageError::Store(cause) => {
            tracing::error!("a package cannot be fetched: {cause}");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store-away", error).retry_after(5)
        }
    }
}

/// A part of a case's package: `manifest`, `before`, `at-line`, `after`, `clip`, `clip-frames`,
/// `quantities`, `signals`, `track`, `outcome` or `site`. The clip takes `Range`.
#[utoipa::path(get, path = "/v1/cases/{case}/evidence/{part}", tag = "review",
    params(("case" = String, Path), ("part" = String, Path)),
    responses((status = 200, description = "The part.", content((Vec<u8> = "image/jpeg"),
            (Vec<u8> = "video/mp4"), (serde_json::Value = "application/json"),
            (String = "text/markdown"), (String = "application/toml"))),
        (status = 206, description = "A range of it.", content((Vec<u8> = "image/jpeg"),
            (Vec<u8> = "video/mp4"), (serde_json::Value = "application/json"),
            (String = "text/markdown"), (String = "application/toml"))),
        (status = 416, description = "It is not so long."),
        (status = "4XX", body = Problem)))]
pub async fn part(
    State(app): State<App>,
    caller: Caller,
    Path((case, part)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let actor = caller.must(Role::views, "look at evidence")?.clone();
    let case = case_id(&case)?;
    let known = PARTS.iter().find(|(name, _, _)| *name == part);
    let (name, part, media) = *known.ok_or_else(|| Problem::not_found("part of a package"))?;
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let range = range.map(str::to_owned);
    let bytes = app.work(move |parts, now| {
        let (_, verified) = opened(parts, &actor, &case, name, now)?;
        verified.part(part).ok_or_else(|| Problem::not_found("part of a package"))
    });
    answer(bytes.await?, media, range.as_deref())
}

fn answer(bytes: Bytes, media: &'static str, range: Option<&str>) -> Result<Response, Problem> {
    let size = bytes.len();
    let builder = Response::builder()
        .header(header::CONTENT_TYPE, HeaderValue::from_static(media))
        .header(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let built = match asked(range, size) {
        Asked::Whole => builder.status(StatusCode::OK).body(Body::from(bytes)),
        Asked::Bytes(range) => builder
            .status(StatusCode::PARTIAL_CONTENT)
            .header(
                header::CONTENT_RANGE,
                format!("bytes {}-{}/{size}", range.start, range.end - 1),
            )
            .body(Body::from(bytes.slice(range))),
        Asked::Beyond => builder
            .status(StatusCode::RANGE_NOT_SATISFIABLE)
            .header(header::CONTENT_RANGE, format!("bytes */{size}"))
            .body(Body::empty()),
    };
    built.map_err(Problem::fault)
}
