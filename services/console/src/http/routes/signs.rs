//! What roadside signs show.

use axum::Json;
use axum::extract::State;
use wayside_http::Problem;

use crate::http::caller::Caller;
use crate::http::state::App;
use crate::shapes::SignJson;

/// What roadside signs show now, in order of id. Empty where this console knows of no sign.
#[utoipa::path(get, path = "/api/v1/signs", tag = "signs",
    responses((status = 200, body = Vec<SignJson>),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(app): State<App>, _caller: Caller) -> Result<Json<Vec<SignJson>>, Problem> {
    let mut signs = app.signs().map(|signs| signs.states(app.shared().now())).unwrap_or_default();
    signs.sort_by(|a, b| a.sign.cmp(&b.sign));
    Ok(Json(signs))
}
