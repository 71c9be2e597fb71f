//! Citations and what became of them.

use axum::Json;
use axum::extract::State;
use wayside_cases::{CitationEvent, Role};
use wayside_http::{Body, Path, Problem, Query};

use super::{citation_id, limit, sentence};
use crate::http::caller::Caller;
use crate::http::shapes::{CitationJson, CitationsQuery, StatusJson, StatusRequest};
use crate::http::state::App;

fn may_look(role: Role) -> bool {
    role.views() || role == Role::Ticketing
}

/// Citations in order of their ids.
#[utoipa::path(get, path = "/v1/citations", tag = "ticketing", params(CitationsQuery),
    responses((status = 200, body = Vec<CitationJson>), (status = "4XX", body = Problem)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<CitationsQuery>,
) -> Result<Json<Vec<CitationJson>>, Problem> {
    caller.must(may_look, "look at citations")?;
    let (after, limit) = (query.after.unwrap_or_default(), limit(query.limit)?);
    if !after.is_empty() {
        citation_id(&after)?;
    }
    let found = app.desk(move |desk, _| desk.citations(&after, limit)).await?;
    Ok(Json(found.into_iter().map(CitationJson::from).collect()))
}

/// A citation.
#[utoipa::path(get, path = "/v1/citations/{citation}", tag = "ticketing",
    params(("citation" = String, Path)),
    responses((status = 200, body = CitationJson), (status = "4XX", body = Problem)))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(citation): Path<String>,
) -> Result<Json<CitationJson>, Problem> {
    caller.must(may_look, "look at citations")?;
    let citation = citation_id(&citation)?;
    let found = app.desk(move |desk, _| desk.citation(&citation)).await?;
    Ok(Json(found.into()))
}

/// Takes what became of a citation. The same reference with the same status changes nothing.
#[utoipa::path(post, path = "/v1/citations/{citation}/status", tag = "ticketing",
    params(("citation" = String, Path)), request_body = StatusRequest,
    responses((status = 200, body = StatusJson), (status = "4XX", body = Problem)))]
pub async fn status(
    State(app): State<App>,
    caller: Caller,
    Path(citation): Path<String>,
    Body(request): Body<StatusRequest>,
) -> Result<Json<StatusJson>, Problem> {
    let actor = caller.must(|role| role == Role::Ticketing, "report on citations")?.clone();
    let citation = citation_id(&citation)?;
    let event = CitationEvent::parse(&request.status).ok_or_else(|| {
        Problem::unprocessable("`status` is none of served, contested, paid, cancelled")
    })?;
    let reference = sentence("reference", &request.reference, 1, 100)?;
    let taken =
        app.desk(move |desk, now| desk.citation_status(&actor, &citation, event, &reference, now));
    Ok(Json(taken.await?.into()))
}
