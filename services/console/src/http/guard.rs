//! What holds for every request: a bound on requests at once, a time-out, a line in the log without a query.

use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use wayside_http::Problem;

use super::state::App;

/// A request is answered within this time; a stream of live events begins within it.
const REQUEST_MAX: Duration = Duration::from_secs(30);

/// Goes around every handler of the live part.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(200).collect();
    let response = match app.requests().try_acquire() {
        Ok(_permit) => match tokio::time::timeout(REQUEST_MAX, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too-slow",
                format!("it took longer than {} s", REQUEST_MAX.as_secs()),
            )
            .retry_after(5)
            .into_response(),
        },
        Err(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many requests at once")
                .retry_after(1)
                .into_response()
        }
    };
    let (status, took) = (response.status().as_u16(), began.elapsed());
    tracing::debug!("{method} {path:?}: {status} in {} us", took.as_micros());
    response
}

/// No such path of the API.
pub(super) async fn nothing_here() -> Problem {
    Problem::not_found("path").hint("/api/openapi.json lists those of the console")
}

/// Another method.
pub(super) async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "other-method", "this path has other methods")
        .hint("/api/openapi.json lists them")
}
