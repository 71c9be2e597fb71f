//! The API's description: OpenAPI 3.1, held equal to `openapi.json` by a test.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wayside_http::describe_problems;

use super::routes::{events, live, overview, signs, site, trust};
use super::state::App;
use crate::shapes::{
    CameraTracks, EventJson, LiveCitation, LiveClock, LiveEvidence, LiveHealth, LiveMissed,
    LiveReset, LiveSignal, LiveStandDown,
};

/// The routes of the live part with their description.
pub(super) fn api() -> OpenApiRouter<App> {
    let mut api = OpenApiRouter::with_openapi(description())
        .routes(routes!(overview::overview))
        .routes(routes!(site::plan))
        .routes(routes!(site::state))
        .routes(routes!(site::picture))
        .routes(routes!(events::list))
        .routes(routes!(events::one))
        .routes(routes!(events::scene))
        .routes(routes!(live::live))
        .routes(routes!(trust::voids))
        .routes(routes!(trust::receipts))
        .routes(routes!(signs::list));
    describe_problems(api.get_openapi_mut());
    api
}

fn description() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Wayside console")
        .version("1")
        .description(Some(
            "What junctions do, live. Errors are RFC 9457 problems. Sessions and accounts have a description \
             of their own, and so has review.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "wayside_session",
        "Set by signing in; `__Host-wayside_session` over TLS.",
    )));
    // The data of live events is in no answer by itself.
    let components = ComponentsBuilder::new()
        .security_scheme("session", session)
        .schema_from::<CameraTracks>()
        .schema_from::<EventJson>()
        .schema_from::<LiveCitation>()
        .schema_from::<LiveClock>()
        .schema_from::<LiveEvidence>()
        .schema_from::<LiveHealth>()
        .schema_from::<LiveMissed>()
        .schema_from::<LiveReset>()
        .schema_from::<LiveSignal>()
        .schema_from::<LiveStandDown>()
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
        .build()
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
