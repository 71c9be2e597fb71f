//! Around every request: how often somebody may ask, and the headers of the answer.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use wayside_http::{Buckets, Clock, Origin, Problem, Rate};

/// Twenty screens behind one address ask twenty times a second.
const RATE: Rate = Rate { burst: 200.0, per_s: 40.0 };
/// Everything from this origin, no inline script or style, no frame, no form.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A page of a sign asks the browser for nothing.
const PERMISSIONS: &str =
    "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()";

pub(super) struct Guard {
    clock: Clock,
    origin: Origin,
    buckets: Mutex<Buckets<std::net::IpAddr>>,
}

impl Guard {
    pub(super) fn new(clock: Clock, origin: Origin) -> Self {
        let buckets = Mutex::new(Buckets::new(RATE));
        Self { clock, origin, buckets }
    }

    pub(super) async fn layer(
        State(guard): State<Arc<Self>>,
        request: Request,
        next: Next,
    ) -> Response {
        let mut response = match guard.may(&request) {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        };
        put_headers(&mut response);
        response
    }

    fn may(&self, request: &Request) -> Result<(), Problem> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let detail = "pages of signs are read, and nothing else";
            return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail));
        }
        let from = Origin::group(self.origin.of(request.extensions(), request.headers()));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(&from, self.clock.now()).map_err(|seconds| {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "asked too often")
                .hint("a page asks once a second")
                .retry_after(seconds)
        })
    }
}

fn put_headers(response: &mut Response) {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
}
