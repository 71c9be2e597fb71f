//! What was not judged, and what was deleted.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use wayside_http::{Problem, Query};

use crate::http::caller::Caller;
use crate::http::state::App;
use crate::receipts;
use crate::shapes::{Receipts, VoidCount};

/// Why rules abstained in the last 24 hours, in order of junction, camera, rule and cause.
#[utoipa::path(get, path = "/api/v1/trust/voids", tag = "trust",
    responses((status = 200, body = Vec<VoidCount>),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn voids(
    State(app): State<App>,
    _caller: Caller,
) -> Result<Json<Vec<VoidCount>>, Problem> {
    let shared = app.shared();
    Ok(Json(shared.state().voids(shared.now())))
}

/// Which receipts.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReceiptsQuery {
    /// Chains whose name begins so, for example `evidence/`; all where absent.
    pub what: Option<String>,
    /// The role to act in, where it is not in the header `Wayside-Role`. Whoever knows sessions reads it.
    #[allow(dead_code, reason = "a key of the query that others read")]
    pub role: Option<String>,
}

/// Receipts of deletions, and whether each chain holds. For auditors and engineers.
#[utoipa::path(get, path = "/api/v1/trust/receipts", tag = "trust", params(ReceiptsQuery),
    responses((status = 200, body = Receipts),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn receipts(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ReceiptsQuery>,
) -> Result<Json<Receipts>, Problem> {
    caller.must_see_receipts()?;
    let what = wanted.what.unwrap_or_default();
    app.read(move |bus| receipts::receipts(bus, &what)).await.map(Json)
}
