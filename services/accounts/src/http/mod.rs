//! Sign-in over HTTP: the routes, the guard around every route of the console, and who asks.
//!
//! [`api`] are the routes with their description, to be merged into the console's. [`guarded`] puts the guard
//! around a whole router. [`SignedIn`] is an argument of a handler: no handler that has it is reached without a
//! session. [`router`] is all of it by itself.

mod guard;
mod refusals;
mod routes;
mod shapes;
mod signed_in;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wayside_http::{Origin, Problem, describe_problems};

use crate::Accounts;

pub use guard::{CSRF_HEADER, ClientAddress, guarded};
pub use refusals::NOT_SIGNED_IN;
pub use shapes::{
    AccountBody, AccountList, ChangeAccount, ChangePassword, ChangeSession, CreateAccount,
    FinishRegistration, FinishSignIn, InviteLink, PasskeyBody, ProviderBody, SessionBody,
    SessionRowBody, SetupNeeded, SignInRequest, SignInStarted, StartRegistration, StartSignIn,
    TakeInvite, TakeSetup,
};
pub use signed_in::SignedIn;

/// Settings of the guard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpOptions {
    /// From which address a request comes: a header counts only where a proxy that is known put it there.
    pub origin: Origin,
}

/// The routes of sign-in and accounts, with their description.
pub fn api() -> OpenApiRouter<Arc<Accounts>> {
    use routes::{accounts, invite, oidc, passkeys, session, sessions, setup};
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "wayside_session",
        "Set by a sign-in; `__Host-wayside_session` over TLS. Requests that change something also carry the \
         header `Wayside-Csrf` with the token of the session.",
    )));
    let info = InfoBuilder::new()
        .title("Wayside accounts")
        .version("1")
        .description(Some(
            "Sign-in of people by password, passkey or OpenID Connect. Errors are RFC 9457 problems.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let description = OpenApiBuilder::new()
        .info(info)
        .components(Some(ComponentsBuilder::new().security_scheme("session", cookie).build()))
        .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
        .build();
    let mut api = OpenApiRouter::with_openapi(description)
        .routes(routes!(setup::needed, setup::take))
        .routes(routes!(session::show, session::sign_in, session::sign_out, session::change))
        .routes(routes!(session::password))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(passkeys::start_registration))
        .routes(routes!(passkeys::finish_registration))
        .routes(routes!(passkeys::list))
        .routes(routes!(passkeys::remove))
        .routes(routes!(passkeys::start_sign_in))
        .routes(routes!(passkeys::finish_sign_in))
        .routes(routes!(oidc::providers))
        .routes(routes!(oidc::start))
        .routes(routes!(oidc::back))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::change))
        .routes(routes!(accounts::invite))
        .routes(routes!(invite::take));
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

/// The routes by themselves, with the guard around them.
pub fn router(accounts: Arc<Accounts>, options: HttpOptions) -> Router {
    let (router, description) = api().split_for_parts();
    let json = description.to_pretty_json().unwrap_or_default() + "\n";
    let served = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() }
    };
    let router = router
        .route("/api/v1/openapi.json", get(served))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .with_state(Arc::clone(&accounts));
    guarded(router, accounts, options)
}

/// No such path.
async fn nothing_here() -> Problem {
    Problem::not_found("path")
}

/// Another method.
async fn other_method() -> Problem {
    let detail = "this path has other methods";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "other-method", detail)
}
