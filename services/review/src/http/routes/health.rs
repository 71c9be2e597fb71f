//! Whether the service answers, and how the webhooks are.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::shapes::WebhookJson;
use crate::http::state::App;
use wayside_cases::Role;
use wayside_http::Problem;

/// That the service answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HealthJson {
    /// `well`.
    pub status: String,
}

/// Whether the service answers. More is on the pages for operators.
#[utoipa::path(get, path = "/v1/health", tag = "service", security(()),
    responses((status = 200, body = HealthJson)))]
pub async fn health() -> Json<HealthJson> {
    Json(HealthJson { status: "well".to_owned() })
}

/// How the webhooks are.
#[utoipa::path(get, path = "/v1/webhooks", tag = "service",
    responses((status = 200, body = Vec<WebhookJson>), (status = "4XX", body = Problem)))]
pub async fn webhooks(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<WebhookJson>>, Problem> {
    let may = |role| matches!(role, Role::Operator | Role::Engineer | Role::Auditor | Role::Senior);
    caller.must(may, "look at webhooks")?;
    Ok(Json(app.parts().webhooks.all().into_iter().map(WebhookJson::from).collect()))
}
