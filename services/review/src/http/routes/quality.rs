//! How right rules and reviewers are: the error ledger, stand-downs, agreement, known cases.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use wayside_cases::Role;
use wayside_http::{Body, Problem};
use wayside_proto::{CameraId, Evidence, EvidenceResult, SiteId};

use super::{case_id, decision, sentence};
use crate::http::caller::Caller;
use crate::http::refusals::refused;
use crate::http::shapes::*;
use crate::http::state::App;

fn may_look(role: Role) -> bool {
    role.audits() || role.reinstates()
}

/// What people decided on each rule of each camera.
#[utoipa::path(get, path = "/v1/ledger", tag = "quality",
    responses((status = 200, body = Vec<LedgerJson>), (status = "4XX", body = Problem)))]
pub async fn ledger(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<LedgerJson>>, Problem> {
    caller.must(|role| may_look(role) || role == Role::Operator, "read the error ledger")?;
    let lines = app.desk(|desk, now| desk.ledger(now)).await?;
    Ok(Json(lines.into_iter().map(LedgerJson::from).collect()))
}

/// Rules that stand down.
#[utoipa::path(get, path = "/v1/stand-downs", tag = "quality",
    responses((status = 200, body = Vec<StandDownJson>), (status = "4XX", body = Problem)))]
pub async fn stand_downs(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<StandDownJson>>, Problem> {
    caller.must(|role| may_look(role) || role == Role::Operator, "see rules that stand down")?;
    let all = app.desk(|desk, _| desk.stand_downs()).await?;
    Ok(Json(all.into_iter().map(StandDownJson::from).collect()))
}

/// Puts a rule of a camera back to work.
#[utoipa::path(post, path = "/v1/stand-downs/reinstate", tag = "quality",
    request_body = ReinstateRequest,
    responses((status = 200, body = StandDownJson), (status = "4XX", body = Problem)))]
pub async fn reinstate(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<ReinstateRequest>,
) -> Result<Json<StandDownJson>, Problem> {
    let actor = caller.must(Role::reinstates, "put rules back to work")?.clone();
    let why = sentence("why", &request.why, 3, 500)?;
    let (site, camera) = (SiteId(request.site), CameraId(request.camera));
    let back =
        app.desk(move |desk, now| desk.reinstate(&actor, &site, &camera, &request.rule, &why, now));
    Ok(Json(back.await?.into()))
}

/// How far two reviewers of the same case agree.
#[utoipa::path(get, path = "/v1/agreement", tag = "quality",
    responses((status = 200, body = AgreementJson), (status = "4XX", body = Problem)))]
pub async fn agreement(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<AgreementJson>, Problem> {
    caller.must(may_look, "read agreement")?;
    let report = app.desk(|desk, _| desk.agreement()).await?;
    Ok(Json(AgreementJson::from(&report)))
}

/// How accounts do on known cases.
#[utoipa::path(get, path = "/v1/quality", tag = "quality",
    responses((status = 200, body = Vec<QualityJson>), (status = "4XX", body = Problem)))]
pub async fn known(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<QualityJson>>, Problem> {
    caller.must(may_look, "read the quality of reviews")?;
    let report = app.desk(|desk, _| desk.agreement()).await?;
    Ok(Json(quality(report)))
}

/// Makes a decided case a known one: reviewers get it among the others, and no citation comes of it.
#[utoipa::path(post, path = "/v1/known-cases", tag = "quality", request_body = KnownRequest,
    responses((status = 204, description = "Reviewers get it from now on."),
        (status = "4XX", body = Problem)))]
pub async fn add_known(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<KnownRequest>,
) -> Result<StatusCode, Problem> {
    let may = |role| matches!(role, Role::Engineer | Role::Auditor | Role::Senior);
    let actor = caller.must(may, "add known cases")?.clone();
    let case = case_id(&request.case)?;
    let right = decision(&request.right, request.reason.as_deref())?;
    let added = app.work(move |parts, now| {
        let view = parts.desk.view(&actor, &case, now).map_err(refused)?;
        let (Some(outcome), Some(package)) = (view.outcome, view.package) else {
            return Err(Problem::new(
                StatusCode::GONE,
                "erased",
                "the case has no evidence any more",
            ));
        };
        let evidence = Evidence {
            violation: outcome.id.clone(),
            site: outcome.site.clone(),
            camera: outcome.camera.clone(),
            event_time: outcome.event_time,
            result: EvidenceResult::Sealed(package),
        };
        parts.desk.add_known(&actor, &outcome, &evidence, right, now).map_err(refused)
    });
    added.await?;
    Ok(StatusCode::NO_CONTENT)
}
