//! The audit log, and whether it holds.

use axum::Json;
use axum::extract::State;
use wayside_cases::Role;
use wayside_desk::DeskError;
use wayside_http::{Problem, Query};

use super::{case_id, limit};
use crate::http::caller::Caller;
use crate::http::refusals::refused;
use crate::http::shapes::{AuditCheckJson, AuditJson, AuditQuery};
use crate::http::state::App;

/// Lines of the audit log, oldest first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Vec<AuditJson>), (status = "4XX", body = Problem)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Vec<AuditJson>>, Problem> {
    let actor = caller.must(Role::audits, "read the audit log")?.clone();
    let limit = limit(query.limit)?;
    let case = query.case.as_deref().map(case_id).transpose()?;
    let lines = app
        .desk(move |desk, _| desk.audit_entries(&actor, case.as_ref(), query.from, limit))
        .await?;
    Ok(Json(lines.into_iter().map(AuditJson::from).collect()))
}

/// Holds every line of the audit log to the one before it.
#[utoipa::path(get, path = "/v1/audit/check", tag = "audit",
    responses((status = 200, body = AuditCheckJson), (status = "4XX", body = Problem)))]
pub async fn check(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<AuditCheckJson>, Problem> {
    caller.must(Role::audits, "check the audit log")?;
    let checked = app.work(move |parts, _| match parts.desk.verify_audit() {
        Ok(summary) => Ok(AuditCheckJson::from(summary)),
        Err(DeskError::Audit(error)) => Ok(AuditCheckJson {
            holds: false,
            entries: error.at,
            last_hash: None,
            problem: Some(error.to_string()),
        }),
        Err(error) => Err(refused(error)),
    });
    Ok(Json(checked.await?))
}
