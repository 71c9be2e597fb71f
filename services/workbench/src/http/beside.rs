//! Signal logs and passwords of cameras, which lie beside the site file.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayside_http::{Body, Path, Problem, Query};

use super::{App, Engineer};
use crate::engine::SignalLog;
use crate::sites::{LOG_BYTES_MAX, PASSWORD_BYTES_MAX};

/// How a signal log is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogQuery {
    /// What it is called: its ending says how it is written.
    #[serde(default)]
    pub name: String,
}

/// A signal log that is there now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogJson {
    /// The value of `log` in `[signals]`.
    pub log: String,
    /// What it is about.
    #[serde(flatten)]
    pub about: SignalLog,
}

/// The password of a camera.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    /// The address that it is for.
    pub url: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for PasswordRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordRequest")
    }
}

/// Where a password is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasswordJson {
    /// The value of `password_file` in `[camera.rtsp]`.
    pub password_file: String,
}

/// Brings a signal log: its text is the body. It holds once the site file names it.
#[utoipa::path(post, path = "/api/v1/sites/{site}/signals", tag = "engineer",
    params(("site" = String, Path), ("name" = Option<String>, Query, description = "What it is called.")),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 201, body = LogJson), (status = "4XX", body = Problem)))]
pub async fn signals(
    State(app): State<App>,
    Engineer(account): Engineer,
    Path(site): Path<String>,
    Query(query): Query<LogQuery>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<LogJson>), Problem> {
    if bytes.len() > LOG_BYTES_MAX {
        let most = LOG_BYTES_MAX / (1024 * 1024);
        let detail = format!("the signal log has more than {most} MiB");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
            .hint("cut it to the time of the recordings"));
    }
    let not_text = || {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-a-log", "it is not UTF-8 text")
            .hint("bring a CSV file with the columns time_s, group, state")
    };
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| not_text())?;
    let name = query.name.to_ascii_lowercase();
    let lines = [".jsonl", ".ndjson", ".json"].iter().any(|end| name.ends_with(end));
    app.work(move |bench| {
        let refused = |why| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-a-log", why);
        let about = bench.engine().signal_log(&text, lines).map_err(refused)?;
        let log = bench.shelf().keep_log(&site, &text, lines)?;
        tracing::info!("{account} brought the signal log {log}");
        Ok((StatusCode::CREATED, Json(LogJson { log, about })))
    })
    .await
}

/// Keeps the password of a camera on the machine, for this address alone. It is never shown again.
#[utoipa::path(post, path = "/api/v1/sites/{site}/cameras/{camera}/password", tag = "engineer",
    params(("site" = String, Path), ("camera" = String, Path)), request_body = PasswordRequest,
    responses((status = 201, body = PasswordJson), (status = "4XX", body = Problem)))]
pub async fn password(
    State(app): State<App>,
    Engineer(account): Engineer,
    Path((site, camera)): Path<(String, String)>,
    Body(wanted): Body<PasswordRequest>,
) -> Result<(StatusCode, Json<PasswordJson>), Problem> {
    let sound = (1..=PASSWORD_BYTES_MAX).contains(&wanted.password.len())
        && !wanted.password.contains(['\r', '\n', '\0']);
    if !sound {
        return Err(Problem::unprocessable(format!(
            "the password is empty, has a line break, or is longer than {PASSWORD_BYTES_MAX} bytes"
        )));
    }
    app.work(move |bench| {
        let (url, password) = (&wanted.url, &wanted.password);
        let password_file = bench.shelf().keep_password(&site, &camera, url, password)?;
        tracing::info!("{account} set the password of camera {site}/{camera}");
        Ok((StatusCode::CREATED, Json(PasswordJson { password_file })))
    })
    .await
}
