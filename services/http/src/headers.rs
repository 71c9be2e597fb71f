//! Headers of every answer: what a browser may do with it.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Content Security Policy of the web app: everything from this origin, no inline script or style, no frame,
/// no plug-in; pictures and films also out of the page's own memory.
pub const APP_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
     media-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Policy of answers that are data: nothing may be loaded.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// What browsers may use on this origin: passkeys, and nothing else that asks a person.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), \
     publickey-credentials-create=(self), publickey-credentials-get=(self)";

/// Which headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headers {
    /// Whether the browser speaks TLS to this service: then it shall never do otherwise.
    pub tls: bool,
}

impl Headers {
    /// Puts them on an answer: of an API (`data`), or a page of the app. A handler's own `Cache-Control` and
    /// policy stay.
    pub fn put(&self, data: bool, response: &mut Response) {
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::X_FRAME_OPTIONS, "DENY");
        set(header::REFERRER_POLICY, "no-referrer");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
        if self.tls {
            set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        }
        let policy = if data { DATA_POLICY } else { APP_POLICY };
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
        if data {
            // Nothing of an account or a case stays in a cache.
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
    }

    /// Around a service that has an API alone: `axum::middleware::from_fn_with_state(headers, Headers::of_data)`.
    pub async fn of_data(State(these): State<Self>, request: Request, next: Next) -> Response {
        let mut response = next.run(request).await;
        these.put(true, &mut response);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(tls: bool, data: bool, cache: Option<&'static str>) -> String {
        let mut response = Response::new(axum::body::Body::empty());
        if let Some(cache) = cache {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        }
        Headers { tls }.put(data, &mut response);
        let mut lines: Vec<String> = response
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn headers_of_a_page() {
        insta::assert_snapshot!(answered(true, false, Some("max-age=60")));
    }

    #[test]
    fn headers_of_data() {
        insta::assert_snapshot!(answered(false, true, None));
    }
}
