//! The API over HTTP: routes, their types as OpenAPI 3.1, and what holds for every request.
//!
//! [`router`] is the service, [`openapi`] its description, held equal to `openapi.json` by a test.
//! `caller` says who calls; problems, bounds and headers are those of `wayside-http`.
//!
//! Deliberately absent: CORS (a browser of another origin has no business here), cookies, a way to search
//! for a plate or a vehicle.

mod caller;
mod range;
mod refusals;
mod routes;
mod shapes;
mod state;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wayside_http::{BODY_BYTES_MAX, Headers, Load, describe_problems};

pub use state::{App, Limits, Parts, REQUESTS_MAX};

fn api() -> OpenApiRouter<App> {
    use routes::{audit, cases, citations, evidence, health, plates, quality};
    let token = SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token of `wayside review token new`."))
            .build(),
    );
    let info = InfoBuilder::new()
        .title("Wayside review")
        .version("1")
        .description(Some(
            "Cases for reviewers, citations for ticketing systems. Errors are RFC 9457 problems.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let description = OpenApiBuilder::new()
        .info(info)
        .components(Some(ComponentsBuilder::new().security_scheme("token", token).build()))
        .security(Some([SecurityRequirement::new("token", Vec::<String>::new())]))
        .build();
    let mut api = OpenApiRouter::with_openapi(description)
        .routes(routes!(health::health))
        .routes(routes!(health::webhooks))
        .routes(routes!(cases::queue))
        .routes(routes!(cases::reasons))
        .routes(routes!(cases::claim))
        .routes(routes!(evidence::case))
        .routes(routes!(evidence::part))
        .routes(routes!(plates::suggestion))
        .routes(routes!(cases::heartbeat))
        .routes(routes!(cases::release))
        .routes(routes!(cases::decide))
        .routes(routes!(cases::send_back))
        .routes(routes!(cases::requeue))
        .routes(routes!(cases::undo))
        .routes(routes!(citations::list))
        .routes(routes!(citations::one))
        .routes(routes!(plates::of_citation))
        .routes(routes!(citations::status))
        .routes(routes!(quality::ledger))
        .routes(routes!(quality::stand_downs))
        .routes(routes!(quality::reinstate))
        .routes(routes!(quality::agreement))
        .routes(routes!(quality::known))
        .routes(routes!(quality::add_known))
        .routes(routes!(audit::list))
        .routes(routes!(audit::check));
    describe_problems(api.get_openapi_mut());
    api
}

/// The description of the API.
#[must_use]
pub fn openapi() -> OpenApi {
    api().into_openapi()
}

/// The description as a file: JSON with a line break at its end.
#[must_use]
pub fn openapi_json() -> String {
    openapi().to_pretty_json().unwrap_or_default() + "\n"
}

/// The service.
pub fn router(app: App) -> Router {
    let (router, description) = api().split_for_parts();
    let headers = Headers { tls: app.parts().tls };
    let json = description.to_pretty_json().unwrap_or_default() + "\n";
    let served = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() }
    };
    router
        .route("/openapi.json", get(served))
        .fallback(refusals::nothing_here)
        .method_not_allowed_fallback(refusals::other_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(Load::new(REQUESTS_MAX), Load::layer))
        .layer(axum::middleware::from_fn_with_state(headers, Headers::of_data))
        .with_state(app)
}
