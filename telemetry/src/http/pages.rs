//! What each page answers.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::board::{Answer, Board};
use crate::recorder;

const START: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Wayside worker</title>\n\
<h1>Wayside worker</h1>\n<ul>\n\
<li><a href=\"metrics\">metrics</a>: numbers for Prometheus</li>\n\
<li><a href=\"healthz\">healthz</a>: whether the worker lives, and how its cameras are</li>\n\
<li><a href=\"readyz\">readyz</a>: whether it is ready, and what is missing</li>\n\
</ul>\n</html>\n";

/// The pages over this board.
pub(super) fn router(board: Board) -> Router {
    Router::new()
        .route("/", get(start))
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .fallback(elsewhere)
        .with_state(board)
}

async fn start() -> Response {
    page(StatusCode::OK, "text/html; charset=utf-8", START.to_owned())
}

async fn metrics(State(board): State<Board>) -> Response {
    board.show();
    page(StatusCode::OK, recorder::CONTENT_TYPE, recorder::render())
}

async fn healthz(State(board): State<Board>) -> Response {
    answer(&board.health())
}

async fn readyz(State(board): State<Board>) -> Response {
    answer(&board.readiness())
}

async fn elsewhere() -> Response {
    let text = "nothing is here; see /metrics, /healthz, /readyz\n".to_owned();
    page(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", text)
}

fn answer(answer: &Answer) -> Response {
    let status = if answer.well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    page(status, "application/json", format!("{:#}\n", answer.body))
}

fn page(status: StatusCode, kind: &'static str, text: String) -> Response {
    const NO_SNIFF: HeaderName = header::X_CONTENT_TYPE_OPTIONS;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (NO_SNIFF, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (status, headers, text).into_response()
}
