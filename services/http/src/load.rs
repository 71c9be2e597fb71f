//! A bound on requests at once and on the time of each, and a line in the log with neither query nor token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::Problem;

/// A request is answered within this time, its body included; a stream of live events begins within it.
pub const REQUEST_TIME_MAX: Duration = Duration::from_secs(30);

/// What a service works on at once. A clone is the same.
#[derive(Clone, Debug)]
pub struct Load(Arc<Semaphore>);

impl Load {
    /// Takes so many requests at once, and refuses further ones.
    #[must_use]
    pub fn new(requests_max: usize) -> Self {
        Self(Arc::new(Semaphore::new(requests_max)))
    }

    /// As a layer around every handler: `axum::middleware::from_fn_with_state(load, Load::layer)`.
    pub async fn layer(State(load): State<Self>, request: Request, next: Next) -> Response {
        let began = Instant::now();
        let method = request.method().clone();
        // Escaped by the log, and bounded. Ids alone are in our paths.
        let path: String = request.uri().path().chars().take(200).collect();
        let response = match load.0.try_acquire() {
            Ok(_permit) => match tokio::time::timeout(REQUEST_TIME_MAX, next.run(request)).await {
                Ok(response) => response,
                Err(_) => too_slow().into_response(),
            },
            Err(_) => busy().into_response(),
        };
        let (status, took) = (response.status().as_u16(), began.elapsed());
        tracing::debug!("{method} {path:?}: {status} in {} us", took.as_micros());
        response
    }
}

fn too_slow() -> Problem {
    let detail = format!("it took longer than {} s", REQUEST_TIME_MAX.as_secs());
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-slow", detail)
        .hint("acts can be repeated safely")
        .retry_after(5)
}

fn busy() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many requests at once")
        .retry_after(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_when_to_come_again() {
        insta::assert_debug_snapshot!([busy(), too_slow()]);
    }
}
