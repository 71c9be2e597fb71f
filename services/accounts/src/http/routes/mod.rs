//! Handlers. Each is thin: who asks, what is asked, the act, the answer.

pub(super) mod accounts;
pub(super) mod invite;
pub(super) mod oidc;
pub(super) mod passkeys;
pub(super) mod session;
pub(super) mod sessions;
pub(super) mod setup;

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wayside_http::Problem;

use super::shapes::SessionBody;
use crate::acts::{Accounts, NewSession};
use crate::secret::Digest32;

/// The state of every handler.
pub(super) type App = axum::extract::State<Arc<Accounts>>;

/// A session that begins: its cookie, and who it is.
fn begun(accounts: &Accounts, status: StatusCode, session: NewSession) -> Response {
    let cookie = accounts.cookies.set_session(session.cookie());
    let body = Json(SessionBody::from(session.view));
    (status, [(header::SET_COOKIE, cookie)], body).into_response()
}

/// The session of the browser until now, which ends when another begins.
fn before(accounts: &Accounts, headers: &HeaderMap) -> Option<Digest32> {
    accounts.live(headers, accounts.now()).ok().map(|live| live.digest)
}

fn problem(error: crate::Error) -> Problem {
    Problem::from(error)
}
