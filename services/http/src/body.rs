//! What callers send, read within bounds. What cannot be read is a problem that says where, and never
//! repeats what was sent: it may be a plate.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Problem;

/// Bytes of a request, where a route says nothing else: for `axum::extract::DefaultBodyLimit`.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// How long a caller may take to send one.
pub const BODY_TIME_MAX: Duration = Duration::from_secs(15);

/// A JSON object of the type `T`. Keys that nobody knows are refused by the types themselves.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// Values of the path.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Values of the query.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::Json::<T>::from_request(request, state);
        let Ok(read) = tokio::time::timeout(BODY_TIME_MAX, read).await else {
            let detail = format!("the body did not come within {} s", BODY_TIME_MAX.as_secs());
            return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail));
        };
        read.map(|axum::Json(value)| Self(value)).map_err(|rejection| match rejection {
            JsonRejection::JsonDataError(error) => wrong(&error),
            JsonRejection::JsonSyntaxError(error) => wrong(&error),
            JsonRejection::MissingJsonContentType(_) => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "the body is not declared as application/json",
            ),
            JsonRejection::BytesRejection(_) => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "the body has more bytes than this route takes, or broke off",
            ),
            _ => Problem::bad_request("the body cannot be read"),
        })
    }
}

/// Line and column of what the parser did not take. Its words may hold a value that was sent.
fn wrong(error: &dyn std::error::Error) -> Problem {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<serde_json::Error>() {
            let (line, column) = (error.line(), error.column());
            let what = match error.classify() {
                serde_json::error::Category::Data => "a value or a key that does not belong there",
                serde_json::error::Category::Eof => "the end, where more should follow",
                _ => "what is no JSON",
            };
            return Problem::bad_request(format!("line {line}, column {column}: {what}"));
        }
        cause = error.source();
    }
    Problem::bad_request("the body is not as it should be")
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Problem::bad_request("the path has a part that cannot be read"))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(value)| Self(value)).map_err(|_| {
            Problem::bad_request(
                "the query has a value that cannot be read, or a key that nobody knows",
            )
        })
    }
}
