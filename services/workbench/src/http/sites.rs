//! Site files.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use wayside_http::{Body, Path, Problem};

use super::shapes::{ComposeRequest, FileJson, SaveRequest, SitesJson, TextRequest};
use super::{App, Engineer};
use crate::sites::{self, Checked, Composed, Saved};

/// The site files that can be edited.
#[utoipa::path(get, path = "/api/v1/sites", tag = "engineer",
    responses((status = 200, body = SitesJson), (status = "4XX", body = Problem)))]
pub async fn list(State(app): State<App>, _: Engineer) -> Result<Json<SitesJson>, Problem> {
    app.work(|bench| {
        let shelf = bench.shelf();
        Ok(Json(SitesJson { sites: shelf.list(), can_create: shelf.can_create() }))
    })
    .await
}

/// Makes a new site. Where the text is not sound, nothing is saved and the findings say why.
#[utoipa::path(post, path = "/api/v1/sites", tag = "engineer", request_body = TextRequest,
    responses((status = 201, body = Saved), (status = 200, body = Saved, description = "It is not sound, and was not saved."),
        (status = "4XX", body = Problem)))]
pub async fn create(
    State(app): State<App>,
    Engineer(account): Engineer,
    Body(text): Body<TextRequest>,
) -> Result<(StatusCode, Json<Saved>), Problem> {
    app.work(move |bench| {
        let saved = bench.shelf().create(&text.toml)?;
        if saved.checked.ok {
            let site = saved.site.as_deref().unwrap_or_default();
            tracing::info!("{account} made the site {site}, sha256 {}", saved.sha256);
        }
        let status = if saved.checked.ok { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, Json(saved)))
    })
    .await
}

/// A site's file.
#[utoipa::path(get, path = "/api/v1/sites/{site}/file", tag = "engineer", params(("site" = String, Path)),
    responses((status = 200, body = FileJson), (status = "4XX", body = Problem)))]
pub async fn read(
    State(app): State<App>,
    _: Engineer,
    Path(site): Path<String>,
) -> Result<Json<FileJson>, Problem> {
    app.work(move |bench| {
        let stored = bench.shelf().read(&site)?;
        let site = sites::object(&stored.toml);
        Ok(Json(FileJson { toml: stored.toml, sha256: stored.sha256, site }))
    })
    .await
}

/// Replaces a site's file. Where the text is not sound, nothing is saved and the findings say why; where the
/// file was changed meanwhile, 409.
#[utoipa::path(put, path = "/api/v1/sites/{site}/file", tag = "engineer", params(("site" = String, Path)),
    request_body = SaveRequest,
    responses((status = 200, body = Saved), (status = "4XX", body = Problem)))]
pub async fn save(
    State(app): State<App>,
    Engineer(account): Engineer,
    Path(site): Path<String>,
    Body(text): Body<SaveRequest>,
) -> Result<Json<Saved>, Problem> {
    app.work(move |bench| {
        let saved = bench.shelf().save(&site, &text.toml, &text.sha256)?;
        if saved.checked.ok {
            tracing::info!("{account} changed the site {site}, sha256 {}", saved.sha256);
        }
        Ok(Json(saved))
    })
    .await
}

/// Looks at a text as `wayside site check` does.
#[utoipa::path(post, path = "/api/v1/sites/check", tag = "engineer", request_body = TextRequest,
    responses((status = 200, body = Checked), (status = "4XX", body = Problem)))]
pub async fn check(
    State(app): State<App>,
    _: Engineer,
    Body(text): Body<TextRequest>,
) -> Result<Json<Checked>, Problem> {
    app.work(move |_| Ok(Json(sites::check(&text.toml).0))).await
}

/// Writes an object as a site file, and looks at it.
#[utoipa::path(post, path = "/api/v1/sites/compose", tag = "engineer", request_body = ComposeRequest,
    responses((status = 200, body = Composed), (status = "4XX", body = Problem)))]
pub async fn compose(
    State(app): State<App>,
    _: Engineer,
    Body(wanted): Body<ComposeRequest>,
) -> Result<Json<Composed>, Problem> {
    app.work(move |_| {
        let composed = sites::compose(&wanted.site, wanted.onto.as_deref());
        let refused = |error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-site-file", error);
        composed.map(Json).map_err(refused)
    })
    .await
}

/// The JSON Schema of the site file: names, types, ranges and what each key means.
#[utoipa::path(get, path = "/api/v1/sites/schema", tag = "engineer",
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub async fn schema(_: Engineer) -> Json<serde_json::Value> {
    Json(wayside_site::schema::value())
}
