//! Invitations, as those who got one see them.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use wayside_http::{Body, Problem};

use super::{App, before, begun, problem};
use crate::acts::Client;
use crate::http::shapes::{SessionBody, TakeInvite};

/// Sets the password of the account to which a link belongs, and signs it in.
#[utoipa::path(post, path = "/api/v1/invite", tag = "setup", security(()),
    request_body = TakeInvite,
    responses(
        (status = 200, body = SessionBody),
        (status = 403, body = Problem, description = "`link-not-valid`"),
        (status = 422, body = Problem),
        (status = 429, body = Problem),
    ))]
pub(in crate::http) async fn take(
    axum::extract::State(accounts): App,
    client: Client,
    headers: HeaderMap,
    Body(sent): Body<TakeInvite>,
) -> Result<Response, Problem> {
    let old = before(&accounts, &headers);
    let session = accounts
        .hash_work(move |accounts, now| {
            accounts.accept_invite(&sent.token, &sent.password, &client, old.as_ref(), now)
        })
        .await
        .map_err(problem)?;
    Ok(begun(&accounts, StatusCode::OK, session))
}
