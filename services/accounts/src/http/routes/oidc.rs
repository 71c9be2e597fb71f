//! Sign-in at a provider: a person's browser is sent there, and comes back. Nothing of what the provider sends
//! stands in an address of ours afterwards.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use wayside_http::{Path, Problem, Query};

use super::{App, before, problem};
use crate::Error;
use crate::acts::Client;
use crate::acts::read_cookie;
use crate::http::shapes::ProviderBody;
use crate::oidc::Returned;

/// What a provider sends back in the address.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct BackQuery {
    /// For the tokens.
    code: Option<String>,
    /// Which sign-in it was.
    state: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// The issuer (RFC 9207).
    iss: Option<String>,
}

/// The providers at which people can sign in.
#[utoipa::path(get, path = "/api/v1/oidc", tag = "oidc", security(()),
    responses((status = 200, body = Vec<ProviderBody>)))]
pub(in crate::http) async fn providers(
    axum::extract::State(accounts): App,
) -> Json<Vec<ProviderBody>> {
    let all = accounts.oidc_providers().into_iter();
    Json(all.map(|(id, name)| ProviderBody { id, name }).collect())
}

/// Sends the browser to a provider; back to the sign-in page with `?problem=...` where that cannot be.
#[utoipa::path(get, path = "/api/v1/oidc/{id}/start", tag = "oidc", security(()),
    params(("id" = String, Path)),
    responses((status = 302, description = "to the provider"), (status = 404, body = Problem)))]
pub(in crate::http) async fn start(
    axum::extract::State(accounts): App,
    client: Client,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let asked = client.clone();
    let way = accounts
        .provider_work(move |accounts, now| accounts.start_oidc(&id, &asked, now))
        .await
        .and_then(|way| accounts.keep_oidc(way, &client, accounts.now()));
    match way {
        Ok((url, browser)) => {
            let cookie = accounts.cookies.set_oidc(&browser);
            let headers = [(header::LOCATION, url), (header::SET_COOKIE, cookie)];
            Ok((StatusCode::FOUND, headers).into_response())
        }
        Err(error) => elsewhere(error),
    }
}

/// The way back: signs in and goes to `/`; to the sign-in page with `?problem=...` where that cannot be.
#[utoipa::path(get, path = "/api/v1/oidc/{id}/back", tag = "oidc", security(()),
    params(("id" = String, Path), BackQuery),
    responses((status = 302, description = "to `/`"), (status = 404, body = Problem)))]
pub(in crate::http) async fn back(
    axum::extract::State(accounts): App,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<BackQuery>,
) -> Result<Response, Problem> {
    let old = before(&accounts, &headers);
    let browser = read_cookie(&headers, accounts.cookies.oidc()).map(str::to_owned);
    let session = accounts
        .provider_work(move |accounts, now| {
            let returned = Returned {
                code: query.code.as_deref(),
                error: query.error.as_deref(),
                issuer: query.iss.as_deref(),
                browser: browser.as_deref(),
            };
            let state = query.state.as_deref();
            accounts.finish_oidc(&id, state, returned, &client, old.as_ref(), now)
        })
        .await;
    let used = (header::SET_COOKIE, accounts.cookies.clear_oidc());
    match session {
        Ok(session) => {
            let cookie = (header::SET_COOKIE, accounts.cookies.set_session(session.cookie()));
            let home = (header::LOCATION, "/".to_owned());
            Ok((StatusCode::FOUND, AppendHeaders([home, cookie, used])).into_response())
        }
        Err(error) => Ok((AppendHeaders([used]), elsewhere(error)?).into_response()),
    }
}

/// A person looks at this: the sign-in page says what is wrong, by the kind of the problem.
fn elsewhere(error: Error) -> Result<Response, Problem> {
    let problem = problem(error);
    if problem.status == StatusCode::NOT_FOUND.as_u16() {
        return Err(problem);
    }
    let kind = problem.kind.rsplit(':').next().unwrap_or("fault");
    let there = format!("/#/signin?problem={kind}");
    Ok((StatusCode::FOUND, [(header::LOCATION, there)]).into_response())
}
