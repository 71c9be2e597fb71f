//! The workbench over HTTP: for accounts with the role `engineer`, and nobody else.
//!
//! Deliberately absent: a way to fetch a recording back, a picture that is not redacted, a path of the
//! machine in any answer.

mod beside;
mod calibrate;
mod describe;
mod jobs;
mod recordings;
mod shapes;
mod sites;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wayside_accounts::Accounts;
use wayside_accounts::http::SignedIn;
use wayside_accounts::policy::Role;
use wayside_http::Problem;

use crate::Workbench;
use crate::jobs::JobError;
use crate::recordings::RecordingError;
use crate::sites::ShelfError;

pub use describe::{openapi, openapi_json};

/// What every request has at hand. A clone is the same.
#[derive(Clone, Debug)]
pub struct App {
    bench: Arc<Workbench>,
    accounts: Arc<Accounts>,
}

impl App {
    /// Of these.
    #[must_use]
    pub fn new(bench: Arc<Workbench>, accounts: Arc<Accounts>) -> Self {
        Self { bench, accounts }
    }

    /// Works on a thread that may wait.
    async fn work<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Workbench) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let bench = Arc::clone(&self.bench);
        let done = tokio::task::spawn_blocking(move || act(&bench)).await;
        done.unwrap_or_else(|error| Err(Problem::fault(error)))
    }
}

impl FromRef<App> for Arc<Accounts> {
    fn from_ref(app: &App) -> Self {
        Self::clone(&app.accounts)
    }
}

/// The routes with their description, to be merged into the console's.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(describe::description())
        .routes(routes!(calibrate::frame))
        .routes(routes!(calibrate::frame_of_recording))
        .routes(routes!(calibrate::upload))
        .routes(routes!(calibrate::picture))
        .routes(routes!(calibrate::solve))
        .routes(routes!(sites::list, sites::create))
        .routes(routes!(sites::read, sites::save))
        .routes(routes!(sites::check))
        .routes(routes!(sites::compose))
        .routes(routes!(sites::schema))
        .routes(routes!(beside::signals))
        .routes(routes!(beside::password))
        .routes(routes!(recordings::list, recordings::bring))
        .routes(routes!(recordings::delete))
        .routes(routes!(jobs::list, jobs::order))
        .routes(routes!(jobs::compare))
        .routes(routes!(jobs::one, jobs::cancel))
        .routes(routes!(jobs::file))
        .routes(routes!(jobs::scene))
}

/// The routes, for the console to serve.
pub fn router(app: App) -> Router {
    // A site file as an object is longer than its text; a recording is no such body and has its own bound.
    let limit = DefaultBodyLimit::max(4 * wayside_site::load::FILE_BYTES_MAX);
    api().split_for_parts().0.layer(limit).with_state(app)
}

/// The account of an engineer. Whoever is none is refused before anything else of the request is read.
#[derive(Debug)]
struct Engineer(String);

impl FromRequestParts<App> for Engineer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = SignedIn::from_request_parts(parts, app).await?;
        caller.must(&[Role::Engineer])?;
        Ok(Self(caller.account.as_str().to_owned()))
    }
}

impl From<ShelfError> for Problem {
    fn from(error: ShelfError) -> Self {
        let (status, kind) = match &error {
            ShelfError::Unknown(_) => (StatusCode::NOT_FOUND, "not-found"),
            ShelfError::Changed => (StatusCode::CONFLICT, "changed"),
            ShelfError::Exists(_) => (StatusCode::CONFLICT, "exists"),
            ShelfError::NotFromHere { .. } => (StatusCode::FORBIDDEN, "not-from-here"),
            ShelfError::OtherSite { .. }
            | ShelfError::NoFolder
            | ShelfError::TooManyBeside
            | ShelfError::Full => (StatusCode::UNPROCESSABLE_ENTITY, "not-acceptable"),
            ShelfError::Io { .. } => return Self::fault(error),
        };
        Self::new(status, kind, error)
    }
}

impl From<RecordingError> for Problem {
    fn from(error: RecordingError) -> Self {
        let (status, kind) = match &error {
            RecordingError::Unknown => (StatusCode::NOT_FOUND, "not-found"),
            RecordingError::Full => (StatusCode::CONFLICT, "full"),
            RecordingError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            RecordingError::NotDecodable(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "not-a-recording")
            }
            RecordingError::Io(_) => return Self::fault(error),
        };
        Self::new(status, kind, error)
    }
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Self {
        let (status, kind) = match &error {
            JobError::Full => (StatusCode::TOO_MANY_REQUESTS, "full"),
            JobError::Unknown | JobError::NoEvent | JobError::NothingSeen => {
                (StatusCode::NOT_FOUND, "not-found")
            }
            JobError::NotDone => (StatusCode::CONFLICT, "not-done"),
            JobError::Io(_) => return Self::fault(error),
        };
        Self::new(status, kind, error)
    }
}
