//! Who calls, as an argument of a handler: no handler that has it is reached without a session. The only place
//! here that knows how people sign in.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use wayside_accounts::http::SignedIn;
use wayside_accounts::policy::Role;
use wayside_accounts::{Accounts, Unknown};
use wayside_http::Problem;

use super::state::App;

/// Who may see receipts of deletions.
const RECEIPTS: [Role; 2] = [Role::Auditor, Role::Engineer];

/// The caller.
#[derive(Clone, Debug)]
pub struct Caller(SignedIn);

impl Caller {
    /// The account.
    pub(crate) fn account(&self) -> &str {
        self.0.account.as_str()
    }

    /// Refuses unless the caller acts in a role that may see receipts.
    ///
    /// # Errors
    /// 403.
    pub(crate) fn must_see_receipts(&self) -> Result<(), Problem> {
        self.0.must(&RECEIPTS).map(|_| ())
    }

    /// Whether the session is still there. A page that is open counts as use of it.
    pub(crate) fn still_holds(&self, app: &App, headers: &HeaderMap, role: Option<&str>) -> bool {
        let accounts = app.accounts();
        let signed = accounts.session_of(headers, role, accounts.now());
        match signed {
            Ok(signed) => signed.account == self.0.account,
            // Whether it holds cannot be said now; the next look will say it.
            Err(Unknown::Fault) => true,
            Err(_) => false,
        }
    }
}

impl FromRef<App> for Arc<Accounts> {
    fn from_ref(app: &App) -> Self {
        Self::clone(app.accounts())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        SignedIn::from_request_parts(parts, app).await.map(Self)
    }
}
