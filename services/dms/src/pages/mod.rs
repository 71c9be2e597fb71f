//! The public page of each sign: text and pictograms, nothing else. It has no cookie, no script or style
//! from elsewhere, and asks once a second what to show and for how long; whatever it does not hear, it does
//! not show.

mod answer;
mod guard;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use wayside_http::{Clock, Load, Origin, Problem};
use wayside_proto::SignPictogram;
use wayside_signs::pictogram_svg;

use crate::board::Board;
use guard::Guard;

/// Requests that are answered at once.
const REQUESTS_MAX: usize = 256;

#[derive(Clone)]
struct Pages {
    board: Board,
    clock: Clock,
}

/// The pages of the signs of this board.
pub(crate) fn router(board: Board, clock: Clock, origin: Origin) -> Router {
    let guard = Arc::new(Guard::new(clock.clone(), origin));
    Router::new()
        .route("/", get(list))
        .route("/signs/{sign}", get(page))
        .route("/signs/{sign}/state", get(state))
        .route("/sign-assets/{file}", get(asset))
        .fallback(|| async { no_such("address") })
        .with_state(Pages { board, clock })
        .layer(axum::middleware::from_fn_with_state(Load::new(REQUESTS_MAX), Load::layer))
        .layer(axum::middleware::from_fn_with_state(guard, Guard::layer))
}

fn no_such(what: &str) -> Response {
    let detail = format!("there is no such {what}");
    Problem::new(StatusCode::NOT_FOUND, "not-found", detail)
        .hint("the list of signs is at /")
        .into_response()
}

/// For whoever sets a screen up: which signs there are.
async fn list(State(pages): State<Pages>) -> Response {
    let mut items = String::new();
    for (sign, title, site) in pages.board.names() {
        let (title, site) = (answer::escaped(&title), answer::escaped(&site));
        items.push_str(&format!(
            "<li><a href=\"/signs/{sign}\">{title}</a> <span>{site} / {sign}</span></li>"
        ));
    }
    html(include_str!("assets/list.html").replace("{signs}", &items))
}

async fn page(State(pages): State<Pages>, Path(sign): Path<String>) -> Response {
    let Some(told) = pages.board.told(&sign, pages.clock.now()) else { return no_such("sign") };
    let (width, height) = told.dark.unwrap_or((0, 0));
    let text = include_str!("assets/sign.html")
        .replace("{kind}", if told.matrix { "matrix" } else { "billboard" })
        .replace("{width}", &width.to_string())
        .replace("{height}", &height.to_string())
        .replace("{sign}", &sign)
        .replace("{title}", &answer::escaped(&told.title));
    html(text)
}

async fn state(State(pages): State<Pages>, Path(sign): Path<String>) -> Response {
    let now = pages.clock.now();
    let Some(told) = pages.board.told(&sign, now) else { return no_such("sign") };
    let body = answer::Answer::new(&told, now).to_json();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn asset(Path(file): Path<String>) -> Response {
    let (kind, body) = match file.as_str() {
        "sign.js" => ("text/javascript; charset=utf-8", include_str!("assets/sign.js")),
        "sign.css" => ("text/css; charset=utf-8", include_str!("assets/sign.css")),
        other => {
            let name = other.strip_suffix(".svg").and_then(SignPictogram::parse);
            let Some(pictogram) = name else { return no_such("file") };
            ("image/svg+xml", pictogram_svg(pictogram))
        }
    };
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

fn html(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}
