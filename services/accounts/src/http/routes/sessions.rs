//! All of one's own sessions.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use wayside_http::{Path, Problem};

use super::{App, problem};
use crate::acts::Client;
use crate::http::SignedIn;
use crate::http::shapes::SessionRowBody;

/// Where one's own account is signed in: first the session that asks, then by when they were last used.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "session",
    responses((status = 200, body = Vec<SessionRowBody>), (status = 401, body = Problem)))]
pub(in crate::http) async fn list(
    axum::extract::State(accounts): App,
    who: SignedIn,
) -> Result<Json<Vec<SessionRowBody>>, Problem> {
    let all = accounts.work(move |accounts, now| accounts.sessions(&who, now)).await;
    Ok(Json(all.map_err(problem)?.into_iter().map(SessionRowBody::from).collect()))
}

/// Ends one of one's own sessions; the one that asks is signed out.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "session",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(in crate::http) async fn end(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let own = accounts
        .work(move |accounts, now| accounts.end_session(&who, &id, &client, now))
        .await
        .map_err(problem)?;
    if !own {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let cookie = accounts.cookies.clear_session();
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Ends all of one's own sessions but the one that asks.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "session",
    responses((status = 204), (status = 401, body = Problem)))]
pub(in crate::http) async fn end_others(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
) -> Result<StatusCode, Problem> {
    accounts
        .work(move |accounts, now| accounts.end_other_sessions(&who, &client, now))
        .await
        .map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
