//! The queue, claims and decisions.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use wayside_cases::{Decision, Reason, Role, Stage};
use wayside_desk::ClaimFilter;
use wayside_http::{Body, Path, Problem};
use wayside_plates::Plate;
use wayside_proto::SiteId;

use super::{case_id, claim_token, decision};
use crate::http::caller::Caller;
use crate::http::shapes::*;
use crate::http::state::App;
use crate::totals::Act;

/// How much there is to do.
#[utoipa::path(get, path = "/v1/queue", tag = "review",
    responses((status = 200, body = QueueJson), (status = "4XX", body = Problem)))]
pub async fn queue(State(app): State<App>, caller: Caller) -> Result<Json<QueueJson>, Problem> {
    let may = |role: Role| role.views() || role == Role::Operator;
    caller.must(may, "see the queue")?;
    let counts = app.desk(|desk, now| desk.queue(now)).await?;
    Ok(Json(counts.into()))
}

/// A reason of rejection.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReasonJson {
    /// Its name in requests.
    pub reason: String,
    /// One sentence for a person.
    pub sentence: String,
    /// Whether it counts as an error of the rule.
    pub is_error_of_the_rule: bool,
}

/// The reasons of a rejection.
#[utoipa::path(get, path = "/v1/reasons", tag = "review",
    responses((status = 200, body = Vec<ReasonJson>), (status = "4XX", body = Problem)))]
pub async fn reasons(_caller: Caller) -> Json<Vec<ReasonJson>> {
    let reasons = Reason::ALL.into_iter().filter(|reason| reason.is_for_reviewers());
    let shown = reasons.map(|reason| ReasonJson {
        reason: reason.as_str().to_owned(),
        sentence: reason.sentence().to_owned(),
        is_error_of_the_rule: reason.is_error_of_the_rule(),
    });
    Json(shown.collect())
}

/// Takes the next case for the caller. 204 where there is none.
#[utoipa::path(post, path = "/v1/claims", tag = "review", request_body = ClaimRequest,
    responses((status = 200, body = ClaimJson), (status = 204, description = "Nothing waits."),
        (status = "4XX", body = Problem)))]
pub async fn claim(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<ClaimRequest>,
) -> Result<Result<Json<ClaimJson>, StatusCode>, Problem> {
    let actor = caller.must(Role::decides, "claim cases")?.clone();
    let stage = wanted.stage.as_deref().map(|stage| {
        Stage::parse(stage).ok_or_else(|| {
            Problem::unprocessable("`stage` is none of first, second, senior, contest")
        })
    });
    let filter =
        ClaimFilter { site: wanted.site.map(SiteId), rule: wanted.rule, stage: stage.transpose()? };
    let claimed = app.desk(move |desk, now| desk.claim(&actor, &filter, now)).await?;
    if claimed.is_some() {
        app.acts().count(Act::Claim);
    }
    Ok(claimed.map(|claimed| Json(claimed.into())).ok_or(StatusCode::NO_CONTENT))
}

/// A sign of life: the claim holds for another while.
#[utoipa::path(post, path = "/v1/cases/{case}/heartbeat", tag = "review",
    params(("case" = String, Path)), request_body = TokenRequest,
    responses((status = 200, body = HeldJson), (status = "4XX", body = Problem)))]
pub async fn heartbeat(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
    Body(proof): Body<TokenRequest>,
) -> Result<Json<HeldJson>, Problem> {
    let actor = caller.must(Role::decides, "hold a case")?.clone();
    let (case, token) = (case_id(&case)?, claim_token(&proof.token)?);
    let until = app.desk(move |desk, now| desk.heartbeat(&actor, &case, &token, now)).await?;
    Ok(Json(HeldJson { until: until.to_string() }))
}

/// Gives the case back to the queue, undecided.
#[utoipa::path(post, path = "/v1/cases/{case}/release", tag = "review",
    params(("case" = String, Path)), request_body = TokenRequest,
    responses((status = 204, description = "It is in the queue again."),
        (status = "4XX", body = Problem)))]
pub async fn release(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
    Body(proof): Body<TokenRequest>,
) -> Result<StatusCode, Problem> {
    let actor = caller.must(Role::decides, "release a case")?.clone();
    let (case, token) = (case_id(&case)?, claim_token(&proof.token)?);
    app.desk(move |desk, now| desk.release(&actor, &case, &token, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decides. The same decision of the same claim again changes nothing.
#[utoipa::path(post, path = "/v1/cases/{case}/decision", tag = "review",
    params(("case" = String, Path)), request_body = DecideRequest,
    responses((status = 200, body = DecidedJson), (status = "4XX", body = Problem)))]
pub async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
    Body(request): Body<DecideRequest>,
) -> Result<Json<DecidedJson>, Problem> {
    let actor = caller.must(Role::decides, "decide cases")?.clone();
    let (case, token) = (case_id(&case)?, claim_token(&request.token)?);
    let decision = decision(&request.decision, request.reason.as_deref())?;
    // The error says which character, and never which one it is.
    let plate = request.plate.as_deref().map(Plate::parse).transpose();
    let plate = plate.map_err(Problem::unprocessable)?;
    let note = request.note;
    let act = match decision {
        Decision::Approve => Act::Approve,
        Decision::Reject { .. } => Act::Reject,
    };
    let decided = app.desk(move |desk, now| {
        desk.decide(&actor, &case, &token, decision, plate.as_ref(), &note, now)
    });
    let decided = decided.await?;
    if !decided.repeated {
        app.acts().count(act);
    }
    Ok(Json(decided.into()))
}

/// Takes the case out of the queue: something is wrong that a decision does not mend.
#[utoipa::path(post, path = "/v1/cases/{case}/send-back", tag = "review",
    params(("case" = String, Path)), request_body = SendBackRequest,
    responses((status = 204, description = "It waits for an engineer."),
        (status = "4XX", body = Problem)))]
pub async fn send_back(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
    Body(request): Body<SendBackRequest>,
) -> Result<StatusCode, Problem> {
    let actor = caller.must(Role::decides, "send cases back")?.clone();
    let (case, token) = (case_id(&case)?, claim_token(&request.token)?);
    app.desk(move |desk, now| desk.send_back(&actor, &case, &token, &request.why, now)).await?;
    app.acts().count(Act::SendBack);
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a case that was sent back into the queue again.
#[utoipa::path(post, path = "/v1/cases/{case}/requeue", tag = "review",
    params(("case" = String, Path)), request_body = WhyRequest,
    responses((status = 204, description = "It is in the queue again."),
        (status = "4XX", body = Problem)))]
pub async fn requeue(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
    Body(request): Body<WhyRequest>,
) -> Result<StatusCode, Problem> {
    let actor = caller.must(Role::reinstates, "put cases back into the queue")?.clone();
    let case = case_id(&case)?;
    app.desk(move |desk, now| desk.requeue(&actor, &case, &request.why, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back the last decision, until the citation is issued.
#[utoipa::path(post, path = "/v1/cases/{case}/undo", tag = "review",
    params(("case" = String, Path)),
    responses((status = 204, description = "It waits for a decision again."),
        (status = "4XX", body = Problem)))]
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<StatusCode, Problem> {
    let actor = caller.must(Role::decides, "undo decisions")?.clone();
    let case = case_id(&case)?;
    app.desk(move |desk, now| desk.undo(&actor, &case, now)).await?;
    app.acts().count(Act::Undo);
    Ok(StatusCode::NO_CONTENT)
}
