//! The API's description: OpenAPI 3.1, held equal to `openapi.json` by a test.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use wayside_http::describe_problems;

/// What stands in it besides the routes.
pub(super) fn description() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Wayside workbench")
        .version("1")
        .description(Some(
            "What traffic engineers do in the console: calibrate, keep site files, replay, compare. Every route is \
             for the role `engineer`. Errors are RFC 9457 problems.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "wayside_session",
        "Set by signing in; `__Host-wayside_session` over TLS.",
    )));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(ComponentsBuilder::new().security_scheme("session", session).build()))
        .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
        .build()
}

/// The description of the API.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut api = super::api();
    describe_problems(api.get_openapi_mut());
    api.into_openapi()
}

/// The description as a file: JSON with a line break at its end.
#[must_use]
pub fn openapi_json() -> String {
    openapi().to_pretty_json().unwrap_or_default() + "\n"
}
