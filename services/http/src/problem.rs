//! Errors of the API: RFC 9457 problem details, with a hint for a person.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// How somebody signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// By a token in the header `Authorization`.
    #[default]
    Bearer,
    /// By a page, and a cookie: browsers have no question of their own for it.
    Session,
}

impl Scheme {
    /// As `WWW-Authenticate` has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Session => "Wayside-Session",
        }
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:wayside:problem:` and a name that stays the same.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    pub detail: String,
    /// What may help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Seconds to wait before another try makes sense.
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
    /// How to sign in: the scheme that a 401 names.
    #[serde(skip)]
    pub scheme: Scheme,
}

impl Problem {
    /// A problem of this kind: words with dashes between.
    #[must_use]
    pub fn new(status: StatusCode, kind: &str, detail: impl ToString) -> Self {
        // An error below may bring its own hint.
        let detail = detail.to_string();
        let (detail, hint) = match detail.split_once("\n  hint: ") {
            Some((detail, hint)) => (detail.to_owned(), Some(hint.to_owned())),
            None => (detail, None),
        };
        let mut title = kind.replace('-', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self {
            kind: format!("urn:wayside:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail,
            hint,
            retry_after_s: None,
            scheme: Scheme::Bearer,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// The same with a wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The same, where a 401 asks for another scheme than a bearer's token.
    #[must_use]
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Something here is broken. The cause goes into the log, and not to the caller.
    #[must_use]
    pub fn fault(cause: impl std::fmt::Display) -> Self {
        tracing::error!("a request failed: {cause}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "the service could not do it; nothing was changed",
        )
        .hint("try again; if it stays, the log of the service says why")
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("there is no such {what}"))
    }

    /// What was sent cannot be read.
    #[must_use]
    pub fn bad_request(detail: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
            .hint("/openapi.json says what each request looks like")
    }

    /// A value that was sent cannot be taken.
    #[must_use]
    pub fn unprocessable(detail: impl ToString) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-acceptable", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(self.scheme.as_str()));
        }
        response
    }
}
