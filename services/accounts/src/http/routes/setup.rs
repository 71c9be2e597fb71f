//! The first account.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use wayside_http::{Body, Problem};

use super::{App, begun, problem};
use crate::acts::Client;
use crate::http::shapes::{SessionBody, SetupNeeded, TakeSetup};

/// Whether the first account is still to be made.
#[utoipa::path(get, path = "/api/v1/setup", tag = "setup", security(()),
    responses((status = 200, body = SetupNeeded)))]
pub(in crate::http) async fn needed(
    axum::extract::State(accounts): App,
) -> Result<Json<SetupNeeded>, Problem> {
    let needed = accounts.work(|accounts, _| accounts.needs_setup()).await.map_err(problem)?;
    Ok(Json(SetupNeeded { needed }))
}

/// Makes the first account, with all roles, by the link that the program printed; signs it in.
#[utoipa::path(post, path = "/api/v1/setup", tag = "setup", security(()),
    request_body = TakeSetup,
    responses(
        (status = 200, body = SessionBody),
        (status = 403, body = Problem, description = "`link-not-valid`"),
        (status = 422, body = Problem),
        (status = 429, body = Problem),
    ))]
pub(in crate::http) async fn take(
    axum::extract::State(accounts): App,
    client: Client,
    Body(sent): Body<TakeSetup>,
) -> Result<Response, Problem> {
    let session = accounts
        .hash_work(move |accounts, now| {
            let TakeSetup { token, account, name, password } = &sent;
            accounts.setup(token, account, name, password, &client, now)
        })
        .await
        .map_err(problem)?;
    Ok(begun(&accounts, StatusCode::OK, session))
}
