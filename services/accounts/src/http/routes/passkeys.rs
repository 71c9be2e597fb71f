//! Passkeys.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use wayside_http::{Body, Path, Problem};

use super::{App, before, begun, problem};
use crate::acts::Client;
use crate::http::SignedIn;
use crate::http::shapes::{
    CreationChallenge, FinishRegistration, FinishSignIn, PasskeyBody, SessionBody, SignInStarted,
    StartRegistration, StartSignIn,
};

/// Begins to add a passkey to one's own account.
#[utoipa::path(post, path = "/api/v1/passkeys/register/start", tag = "passkeys",
    request_body = StartRegistration,
    responses(
        (status = 200, body = CreationChallenge),
        (status = 409, body = Problem, description = "`passkeys-unavailable`, `too-many`"),
        (status = 422, body = Problem),
    ))]
pub(in crate::http) async fn start_registration(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
    Body(sent): Body<StartRegistration>,
) -> Result<Json<CreationChallenge>, Problem> {
    let public_key = accounts
        .work(move |accounts, now| accounts.start_registration(&who, &sent.label, &client, now))
        .await
        .map_err(problem)?;
    Ok(Json(CreationChallenge { public_key }))
}

/// Adds it.
#[utoipa::path(post, path = "/api/v1/passkeys/register/finish", tag = "passkeys",
    request_body = FinishRegistration,
    responses((status = 201, body = PasskeyBody), (status = 422, body = Problem, description = "`passkey-refused`")))]
pub(in crate::http) async fn finish_registration(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
    Body(sent): Body<FinishRegistration>,
) -> Result<(StatusCode, Json<PasskeyBody>), Problem> {
    let row = accounts
        .work(move |accounts, now| {
            accounts.finish_registration(&who, &sent.credential, &client, now)
        })
        .await
        .map_err(problem)?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// One's own passkeys.
#[utoipa::path(get, path = "/api/v1/passkeys", tag = "passkeys",
    responses((status = 200, body = Vec<PasskeyBody>), (status = 401, body = Problem)))]
pub(in crate::http) async fn list(
    axum::extract::State(accounts): App,
    who: SignedIn,
) -> Result<Json<Vec<PasskeyBody>>, Problem> {
    let all = accounts.work(move |accounts, _| accounts.passkeys(&who)).await.map_err(problem)?;
    Ok(Json(all.into_iter().map(PasskeyBody::from).collect()))
}

/// Removes one of one's own passkeys.
#[utoipa::path(delete, path = "/api/v1/passkeys/{id}", tag = "passkeys",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(in crate::http) async fn remove(
    axum::extract::State(accounts): App,
    who: SignedIn,
    client: Client,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    accounts
        .work(move |accounts, now| accounts.remove_passkey(&who, &id, &client, now))
        .await
        .map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins a sign-in by passkey. Whether there is such an account cannot be seen.
#[utoipa::path(post, path = "/api/v1/passkeys/sign-in/start", tag = "passkeys", security(()),
    request_body = StartSignIn,
    responses(
        (status = 200, body = SignInStarted),
        (status = 409, body = Problem, description = "`passkeys-unavailable`"),
        (status = 503, body = Problem),
    ))]
pub(in crate::http) async fn start_sign_in(
    axum::extract::State(accounts): App,
    client: Client,
    Body(sent): Body<StartSignIn>,
) -> Result<Json<SignInStarted>, Problem> {
    let begun = accounts
        .work(move |accounts, now| {
            accounts.start_passkey_sign_in(sent.account.as_deref(), &client, now)
        })
        .await
        .map_err(problem)?;
    let id = begun.id().to_owned();
    Ok(Json(SignInStarted { id, public_key: begun.public_key }))
}

/// Ends it: signs in.
#[utoipa::path(post, path = "/api/v1/passkeys/sign-in/finish", tag = "passkeys", security(()),
    request_body = FinishSignIn,
    responses(
        (status = 200, body = SessionBody),
        (status = 401, body = Problem, description = "`sign-in-failed`"),
        (status = 429, body = Problem),
    ))]
pub(in crate::http) async fn finish_sign_in(
    axum::extract::State(accounts): App,
    client: Client,
    headers: HeaderMap,
    Body(sent): Body<FinishSignIn>,
) -> Result<Response, Problem> {
    let old = before(&accounts, &headers);
    let session = accounts
        .work(move |accounts, now| {
            let FinishSignIn { id, credential } = &sent;
            accounts.finish_passkey_sign_in(id, credential, &client, old.as_ref(), now)
        })
        .await
        .map_err(problem)?;
    Ok(begun(&accounts, StatusCode::OK, session))
}
