//! What is answered where there is no route.

use axum::http::StatusCode;
use wayside_http::Problem;

/// No such path of the API.
pub(super) async fn nothing_here() -> Problem {
    Problem::not_found("path").hint("/api/openapi.json lists those of the console")
}

/// Another method.
pub(super) async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "other-method", "this path has other methods")
        .hint("/api/openapi.json lists them")
}
