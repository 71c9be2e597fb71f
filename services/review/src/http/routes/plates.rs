//! Plates: suggested to the reviewer who holds the case, and handed to ticketing for a citation that was
//! issued. Every reading is in the audit log first, with its purpose.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use wayside_cases::Role;
use wayside_http::{Path, Problem, Query};
use wayside_package::Package;
use wayside_plates::Purpose;

use super::evidence::opened;
use super::{case_id, citation_id};
use crate::http::caller::Caller;
use crate::http::shapes::{PlateJson, PlateQuery, SuggestionJson, SuggestionsJson};
use crate::http::state::App;

/// Reads the plate of the case that the caller holds, out of its sealed package. A suggestion: the
/// reviewer confirms or corrects it in the decision.
#[utoipa::path(get, path = "/v1/cases/{case}/plate-suggestion", tag = "review",
    params(("case" = String, Path)),
    responses((status = 200, body = SuggestionsJson), (status = "4XX", body = Problem)))]
pub async fn suggestion(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<SuggestionsJson>, Problem> {
    let actor = caller.must(Role::decides, "have a plate read")?.clone();
    let case = case_id(&case)?;
    let read = app.work(move |parts, now| {
        let reader = parts.reader.as_ref().ok_or_else(|| {
            Problem::new(StatusCode::NOT_FOUND, "no-reader", "no model reads plates here")
                .hint("read the plate from the stills")
        })?;
        let (view, verified) = opened(parts, &actor, &case, "plate suggestion", now)?;
        let holds =
            view.claim.is_some_and(|claim| claim.by.account == actor.account && now < claim.until);
        if !holds {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "not-claimed",
                "a plate is read only for the reviewer who holds the case",
            )
            .hint("claim it first"));
        }
        let package = Package::open(verified.bytes()).map_err(Problem::fault)?;
        let read = reader.read(&package).map_err(Problem::fault)?;
        let shown = read.into_iter().map(|suggestion| SuggestionJson {
            plate: suggestion.plate.expose(Purpose::ShowToReviewer).to_owned(),
            confidence: suggestion.confidence,
        });
        Ok(SuggestionsJson { suggestions: shown.collect() })
    });
    Ok(Json(read.await?))
}

/// The plate of a citation that was issued, for the purpose that the caller states.
#[utoipa::path(get, path = "/v1/citations/{citation}/plate", tag = "ticketing",
    params(("citation" = String, Path), PlateQuery),
    responses((status = 200, body = PlateJson), (status = "4XX", body = Problem)))]
pub async fn of_citation(
    State(app): State<App>,
    caller: Caller,
    Path(citation): Path<String>,
    Query(query): Query<PlateQuery>,
) -> Result<Json<PlateJson>, Problem> {
    let actor = caller.must(|role| role == Role::Ticketing, "read plates of citations")?.clone();
    let citation = citation_id(&citation)?;
    let purpose = Purpose::HandToTicketing;
    if query.purpose != purpose.as_str() {
        return Err(Problem::unprocessable(format!("`purpose` is not `{}`", purpose.as_str())));
    }
    let plate = app.desk(move |desk, now| desk.plate(&actor, &citation, purpose, now)).await?;
    let plate = plate.expose(purpose).to_owned();
    Ok(Json(PlateJson { plate }))
}
