//! Who calls, as an argument of a handler: no handler that has it is reached without a token.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use wayside_cases::{Actor, Refused, Role};
use wayside_http::Problem;

use super::state::App;
use crate::auth::{Asking, Unknown};

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

/// What is answered to somebody who is not known, and what is remembered of it.
fn unknown(app: &App, address: IpAddr, why: Unknown) -> Problem {
    let said = match why {
        Unknown::Missing => "without a token",
        Unknown::Wrong => "with a token that is not known",
        Unknown::Expired => "with a token that has expired",
        Unknown::Forged => "with a session and without its page's proof",
        Unknown::NotTheirs => "in a role that the account has not",
    };
    tracing::warn!("{address} called {said}");
    match why {
        Unknown::Missing | Unknown::Wrong | Unknown::Expired => {
            // One that was valid was not guessed.
            if why != Unknown::Expired {
                app.failed(address);
            }
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "not-signed-in",
                "a valid token is needed: `Authorization: Bearer wst_...`",
            )
            .hint("`wayside review token new` makes one; tokens expire")
        }
        Unknown::Forged => Problem::new(
            StatusCode::FORBIDDEN,
            "csrf",
            "a request that changes something needs the session's `Wayside-Csrf` header",
        )
        .hint("load the page again"),
        Unknown::NotTheirs => {
            Problem::new(StatusCode::FORBIDDEN, "not-allowed", "the account has not this role")
                .hint("choose one of the account's roles")
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
        // Whoever is known gets in, whatever others of the same address have tried: behind a proxy, or in one
        // building, all have the same.
        match app.parts().auth.authenticate(&Asking::of(parts), app.now()) {
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
                app.may_try(address).map_err(|seconds| {
                    Problem::new(
                        StatusCode::TOO_MANY_REQUESTS,
                        "too-many-failures",
                        "too many requests of this address had no valid token",
                    )
                    .retry_after(seconds)
                })?;
                Err(unknown(app, address, why))
            }
        }
    }
}
