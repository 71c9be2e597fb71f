//! All junctions at a glance.

use axum::Json;
use axum::extract::State;
use wayside_http::Problem;

use crate::http::caller::Caller;
use crate::http::state::App;
use crate::shapes::Overview;

/// All junctions at a glance.
#[utoipa::path(get, path = "/api/v1/overview", tag = "live",
    responses((status = 200, body = Overview),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn overview(State(app): State<App>, _caller: Caller) -> Result<Json<Overview>, Problem> {
    let waiting = app.waiting().await;
    let mut overview = app.shared().overview();
    if let Some(waiting) = waiting {
        for site in &mut overview.sites {
            site.waiting_review = Some(waiting.get(&site.id).copied().unwrap_or(0));
        }
    }
    Ok(Json(overview))
}
