//! The console over HTTP: the live part of the API, and everything else that one port serves.
//!
//! [`router`] is all of it: `/api/v1/...` of this crate, of sign-in and of engineers, `/api/review/...` of review
//! as it is, the web app at `/`. [`openapi`] describes the live part, held equal to `openapi.json` by a test.
//! `caller` says who calls.
//!
//! Deliberately absent: CORS (a browser of another origin has no business here), a route that changes anything
//! (the live part only shows), HTTP/2.

mod caller;
mod describe;
pub(crate) mod etag;
mod refusals;
mod routes;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Uri, header};
use axum::response::IntoResponse;
use axum::routing::get;
use wayside_accounts::http::{ClientAddress, guarded};
use wayside_http::Load;

pub use describe::{openapi, openapi_json};
pub use state::{CLIENTS_MAX, CLIENTS_OF_ACCOUNT_MAX, REQUESTS_MAX};

use crate::parts::Parts;
use crate::shared::Shared;
use state::App;

/// Everything that the console's port serves.
pub fn router(parts: &Parts, shared: Arc<Shared>) -> Router {
    let app = App::new(parts, shared);
    let (live, description) = describe::api().split_for_parts();
    let json = description.to_pretty_json().unwrap_or_default() + "\n";
    let served = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() }
    };
    let (sign_in, _) = wayside_accounts::http::api().split_for_parts();
    let sign_in: Router = sign_in.with_state(Arc::clone(&parts.accounts));
    let mut router = live
        .route("/api/openapi.json", get(served))
        .route("/api/{*path}", axum::routing::any(refusals::nothing_here))
        .method_not_allowed_fallback(refusals::other_method)
        .layer(axum::middleware::from_fn_with_state(Load::new(REQUESTS_MAX), Load::layer))
        .with_state(app)
        .merge(sign_in);
    if let Some(engineer) = &parts.engineer {
        router = router.merge(engineer.clone());
    }
    if let Some(review) = &parts.review {
        let review = review.clone().layer(axum::middleware::map_request(of_client));
        router = router.nest("/api/review", review);
    }
    let web = parts.web.clone();
    let page = move |uri: Uri, headers: HeaderMap| async move { web.answer(uri.path(), &headers) };
    let router = router.fallback(get(page).fallback(refusals::other_method));
    // Around everything: sessions, tokens against forged requests, headers, bounds of bodies.
    guarded(router, Arc::clone(&parts.accounts), parts.sign_in.clone())
}

/// Review knows addresses as those of connections; the guard around everything has looked behind the proxy.
async fn of_client(mut request: Request) -> Request {
    if let Some(ClientAddress(address)) = request.extensions().get::<ClientAddress>().copied() {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 0)));
    }
    request
}
