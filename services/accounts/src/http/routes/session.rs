//! One's own session.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wayside_http::{Body, Problem};

use super::{App, before, begun, problem};
use crate::acts::Client;
use crate::http::SignedIn;
use crate::http::shapes::{ChangePassword, ChangeSession, SessionBody, SignInRequest};

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = SessionBody), (status = 401, body = Problem)))]
pub(in crate::http) async fn show(
    axum::extract::State(accounts): App,
    who: SignedIn,
) -> Result<Json<SessionBody>, Problem> {
    let view = accounts.work(move |accounts, now| accounts.session_view(&who, now)).await;
    Ok(Json(view.map_err(problem)?.into()))
}

/// Signs in by password. What is wrong is not said.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", security(()),
    request_body = SignInRequest,
    responses(
        (status = 200, body = SessionBody),
        (status = 401, body = Problem, description = "`sign-in-failed`"),
        (status = 429, body = Problem, description = "`too-many-tries`, with Retry-After"),
    ))]
pub(in crate::http) async fn sign_in(
    axum::extract::State(accounts): App,
    client: Client,
    headers: HeaderMap,
    Body(sent): Body<SignInRequest>,
) -> Result<Response, Problem> {
    let old = before(&accounts, &headers);
    let session = accounts
        .hash_work(move |accounts, now| {
            accounts.sign_in(&sent.account, &sent.password, &client, old.as_ref(), now)
        })
        .await
        .map_err(problem)?;
    Ok(begun(&accounts, StatusCode::OK, session))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204), (status = 401, body = Problem)))]
pub(in crate::http) async fn sign_out(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
) -> Result<Response, Problem> {
    let done = accounts.work(move |accounts, now| accounts.sign_out(&who, &client, now)).await;
    done.map_err(problem)?;
    let cookie = accounts.cookies.clear_session();
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Changes name or language.
#[utoipa::path(patch, path = "/api/v1/session", tag = "session",
    request_body = ChangeSession,
    responses((status = 200, body = SessionBody), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(in crate::http) async fn change(
    axum::extract::State(accounts): App,
    who: SignedIn,
    Body(sent): Body<ChangeSession>,
) -> Result<Json<SessionBody>, Problem> {
    let view = accounts
        .work(move |accounts, now| {
            accounts.change_profile(&who, sent.name.as_deref(), sent.language.as_deref(), now)
        })
        .await;
    Ok(Json(view.map_err(problem)?.into()))
}

/// Changes the password. All other sessions end.
#[utoipa::path(post, path = "/api/v1/session/password", tag = "session",
    request_body = ChangePassword,
    responses(
        (status = 204),
        (status = 401, body = Problem, description = "`sign-in-failed`: the old one is wrong"),
        (status = 422, body = Problem),
        (status = 429, body = Problem),
    ))]
pub(in crate::http) async fn password(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
    Body(sent): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let done = accounts
        .hash_work(move |accounts, now| {
            accounts.change_password(&who, &sent.old, &sent.new, &client, now)
        })
        .await;
    done.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
