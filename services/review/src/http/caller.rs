//! Who calls, as an argument of a handler: no handler that has it is reached without a token.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use wayside_cases::{Actor, Refused, Role};

use super::problem::Problem;
use super::state::App;
use crate::auth::Unknown;

/// The caller.
#[derive(Clone, Debug)]
pub struct Caller(pub Actor);

impl Caller {
    /// Refuses unless the role may.
    ///
    /// # Errors
    /// 403, with the roles that may.
    pub fn must(&self, may: impl Fn(Role) -> bool, act: &'static str) -> Result<&Actor, Problem> {
        self.0.must(may, act).map_err(forbidden)?;
        Ok(&self.0)
    }
}

fn forbidden(refused: Refused) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not-allowed", refused)
        .hint("use a token of a role that may")
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
        app.may_try(address).map_err(|seconds| {
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-failures",
                "too many requests of this address had no valid token",
            )
            .retry_after(seconds)
        })?;
        match app.parts().auth.authenticate(&parts.headers, app.now()) {
            Ok(signed) => {
                app.count(signed.key).map_err(|seconds| {
                    Problem::new(
                        StatusCode::TOO_MANY_REQUESTS,
                        "too-many-requests",
                        "this token asks too often",
                    )
                    .retry_after(seconds)
                })?;
                Ok(Self(signed.actor))
            }
            Err(why) => {
                app.failed(address);
                let said = match why {
                    Unknown::Missing => "without a token",
                    Unknown::Wrong => "with a token that is not known",
                    Unknown::Expired => "with a token that has expired",
                };
                tracing::warn!("{address} called {said}");
                Err(Problem::new(
                    StatusCode::UNAUTHORIZED,
                    "not-signed-in",
                    "a valid token is needed: `Authorization: Bearer wst_...`",
                )
                .hint("`wayside review token new` makes one; tokens expire"))
            }
        }
    }
}
