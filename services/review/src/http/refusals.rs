//! What is answered where there is no route, and where the desk refuses an act.

use axum::http::StatusCode;
use wayside_desk::{DeskError, ErrorKind};
use wayside_http::Problem;

/// What a caller is told of an act that was refused.
pub(super) fn refused(error: DeskError) -> Problem {
    match error.kind() {
        ErrorKind::NotFound => Problem::new(StatusCode::NOT_FOUND, "not-found", error),
        ErrorKind::Gone => Problem::new(StatusCode::GONE, "erased", error),
        ErrorKind::Forbidden => Problem::new(StatusCode::FORBIDDEN, "not-allowed", error),
        ErrorKind::Conflict => Problem::new(StatusCode::CONFLICT, "conflict", error)
            .hint("look at the case again; it may have changed meanwhile"),
        ErrorKind::Invalid => Problem::unprocessable(error),
        ErrorKind::Busy => {
            tracing::warn!("the desk is busy: {error}");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "the database is busy")
                .hint("acts can be repeated safely")
                .retry_after(1)
        }
        ErrorKind::Internal => Problem::fault(error),
    }
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
