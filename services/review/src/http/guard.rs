//! What holds for every request: a time-out, a bound on requests at once, headers for browsers, and a
//! line in the log with neither query nor token.

use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::state::App;

/// A request takes at most this long, its body included.
pub const REQUEST_MAX: Duration = Duration::from_secs(30);

/// Goes around every handler.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    // Ids alone are in a path; it is escaped, and bounded.
    let path: String = request.uri().path().chars().take(200).collect();
    let mut response = match app.requests().try_acquire() {
        Ok(_permit) => match tokio::time::timeout(REQUEST_MAX, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too-slow",
                format!("it took longer than {} s", REQUEST_MAX.as_secs()),
            )
            .hint("acts can be repeated safely")
            .retry_after(5)
            .into_response(),
        },
        Err(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many requests at once")
                .retry_after(1)
                .into_response()
        }
    };
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    // Nothing of a case stays in a cache.
    set(header::CACHE_CONTROL, "no-store");
    if app.parts().tls {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    let (status, took) = (response.status().as_u16(), began.elapsed());
    tracing::debug!("{method} {path:?}: {status} in {} us", took.as_micros());
    response
}

/// No such path.
pub(super) async fn nothing_here() -> Problem {
    Problem::not_found("path").hint("/openapi.json lists them")
}

/// Another method.
pub(super) async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "other-method", "this path has other methods")
        .hint("/openapi.json lists them")
}
