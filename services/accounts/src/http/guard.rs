//! What holds for every request of the console: where it comes from, how often, that a browser sends what
//! changes something only from our own pages, and the headers of the answer.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use wayside_http::{BODY_BYTES_MAX, Headers, Problem};

use super::HttpOptions;
use crate::acts::Client;
use crate::secret::same;
use crate::{Accounts, Unknown};

/// The header with the session's token, in requests that change something.
pub const CSRF_HEADER: &str = "wayside-csrf";

/// These begin a session. A browser may still have a cookie from before, and no token for it. They need a
/// secret of their own, and JSON of our own origin.
const BEGINNINGS: &[&str] = &[
    "/api/v1/setup",
    "/api/v1/session",
    "/api/v1/invite",
    "/api/v1/passkeys/sign-in/start",
    "/api/v1/passkeys/sign-in/finish",
];

/// From which address a request comes: put there by the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

#[derive(Clone, Debug)]
struct Guard {
    accounts: Arc<Accounts>,
    options: HttpOptions,
    headers: Headers,
}

/// Puts the guard around a router: every route of the console, not those of accounts alone. A route that takes
/// larger bodies than 64 KiB says so by a `DefaultBodyLimit` of its own.
pub fn guarded(router: Router, accounts: Arc<Accounts>, options: HttpOptions) -> Router {
    let headers = Headers { tls: accounts.options.public_url.is_secure() };
    let guard = Guard { accounts, options, headers };
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(guard, around))
}

async fn around(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let address = guard.options.origin.of(request.extensions(), request.headers());
    request.extensions_mut().insert(ClientAddress(address));
    let data = path.starts_with("/api/");
    let live = data.then(|| guard.accounts.live(request.headers(), guard.accounts.now()));
    let stale = matches!(live, Some(Err(Unknown::Wrong | Unknown::Expired)));
    let live = live.and_then(Result::ok);
    let checked = if data {
        let csrf = live.as_ref().map(|live| live.csrf.as_str());
        let key = live.as_ref().map(|live| {
            let mut key = [0; 8];
            key.iter_mut().zip(live.digest).for_each(|(key, byte)| *key = byte);
            key
        });
        let counted = guard.accounts.count(key, address, guard.accounts.now());
        counted
            .map_err(|seconds| {
                let detail = "there were too many requests";
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
                    .retry_after(seconds)
            })
            .and_then(|()| own_page(request.method(), &path, request.headers(), &guard.accounts))
            .and_then(|()| token(request.method(), &path, request.headers(), csrf))
    } else {
        Ok(())
    };
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => {
            tracing::info!("a request of {address} was refused: {}", problem.kind);
            problem.into_response()
        }
    };
    // A browser need not send a cookie any more that is worth nothing.
    if stale
        && !response.headers().contains_key(header::SET_COOKIE)
        && let Ok(value) = HeaderValue::from_str(&guard.accounts.cookies.clear_session())
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    guard.headers.put(data, &mut response);
    response
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser says from which page a request comes: another site's may not ask the API. Programs say nothing.
fn own_page(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    accounts: &Accounts,
) -> Result<(), Problem> {
    let foreign = || {
        let detail = "the request comes from a page of another site";
        Err(Problem::new(StatusCode::FORBIDDEN, "cross-site", detail))
    };
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if reads(method) {
        // The way back from a provider is the one that comes from elsewhere.
        let back = path.starts_with("/api/v1/oidc/") && path.ends_with("/back");
        return match site {
            Some(b"cross-site" | b"same-site") if !back => foreign(),
            _ => Ok(()),
        };
    }
    if site.is_some_and(|site| site != b"same-origin") {
        return foreign();
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let Ok(origin) = origin.to_str() else { return foreign() };
    if origin == accounts.options.public_url.origin() {
        return Ok(());
    }
    // Under another name of this host, for example its address: the page must be of the same one.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    if authority.is_empty() || !authority.eq_ignore_ascii_case(host) { foreign() } else { Ok(()) }
}

/// What changes something carries the token of its session: a page of another site cannot know it.
fn token(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    csrf: Option<&str>,
) -> Result<(), Problem> {
    let begins = *method == Method::POST && BEGINNINGS.contains(&path);
    let Some(csrf) = csrf.filter(|_| !reads(method) && !begins) else { return Ok(()) };
    let mut sent = headers.get_all(CSRF_HEADER).iter();
    let right = sent.next().is_some_and(|sent| same(sent.as_bytes(), csrf.as_bytes()));
    if right && sent.next().is_none() {
        return Ok(());
    }
    let detail = "the request has not the token of its session";
    Err(Problem::new(StatusCode::FORBIDDEN, "csrf", detail)
        .hint("GET /api/v1/session has it; it goes into the header Wayside-Csrf"))
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ClientAddress>();
        let address = address.map_or(IpAddr::from([0, 0, 0, 0]), |ClientAddress(address)| *address);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self::new(address, agent.unwrap_or_default()))
    }
}
