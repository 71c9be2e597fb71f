//! Who asks, as an argument of a handler.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;
use wayside_cases::Account;
use wayside_http::Problem;

use crate::Accounts;
use crate::policy::{Role, choose};
use crate::secret::Digest32;

/// Somebody who is signed in, and the role in which the request acts.
#[derive(Clone)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The name that is shown.
    pub name: String,
    /// The role that was asked for, else the first of the account's. [`SignedIn::must`] narrows it.
    pub role: Role,
    /// Every role of the account.
    pub roles: Vec<Role>,
    pub(crate) asked: Option<Role>,
    pub(crate) digest: Digest32,
    pub(crate) csrf: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { account, role, .. } = self;
        write!(f, "SignedIn({account} as {role})")
    }
}

impl SignedIn {
    /// The same, acting in a role that may: the one that was asked for, else the first of the account's that is
    /// in `allowed`. Its `role` belongs into the audit log.
    ///
    /// # Errors
    /// 403, where there is none.
    pub fn must(&self, allowed: &[Role]) -> Result<Self, Problem> {
        let role = choose(&self.roles, self.asked, allowed);
        let role = role.map_err(crate::policy::RoleRefused::into_problem)?;
        Ok(Self { role, ..self.clone() })
    }

    /// Whether the account has one of these roles, whatever it acts as now.
    #[must_use]
    pub fn has(&self, any: &[Role]) -> bool {
        self.roles.iter().any(|role| any.contains(role))
    }

    /// Tells sessions apart in limits: a part of the digest of the cookie's digest, useless for anything else.
    #[must_use]
    pub fn key(&self) -> u64 {
        self.digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }
}

/// The role in the query of a request that only reads: pictures and event streams cannot send a header.
pub(super) fn role_query<'a>(method: &Method, query: Option<&'a str>) -> Option<&'a str> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let pairs = query.filter(|_| reads)?.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == "role").map(|(_, v)| v)
}

impl<S> FromRequestParts<S> for SignedIn
where
    Arc<Accounts>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let accounts = Arc::<Accounts>::from_ref(state);
        let role = role_query(&parts.method, parts.uri.query());
        let who = accounts.session_of(&parts.headers, role, accounts.now());
        who.map_err(|why| {
            tracing::debug!("a request was refused: {why}");
            Problem::from(why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_takes_its_role_from_the_query() {
        assert_eq!(role_query(&Method::GET, Some("a=b&role=auditor")), Some("auditor"));
        assert_eq!(role_query(&Method::POST, Some("role=auditor")), None);
        assert_eq!(role_query(&Method::GET, Some("xrole=auditor&role")), None);
        assert_eq!(role_query(&Method::GET, None), None);
    }

    #[test]
    fn a_request_acts_in_one_role() {
        let who = SignedIn {
            account: Account::new("jo").expect("an account"),
            name: "Jo".to_owned(),
            role: Role::Reviewer,
            roles: vec![Role::Reviewer, Role::Engineer],
            asked: None,
            digest: [7; 32],
            csrf: "token".to_owned(),
        };
        let acts = |who: &SignedIn, allowed: &[Role]| who.must(allowed).map(|who| who.role);
        assert_eq!(acts(&who, &[Role::Auditor, Role::Engineer]), Ok(Role::Engineer));
        assert_eq!(acts(&who, &[Role::Auditor]).map_err(|p| p.status), Err(403));
        let asked = SignedIn { asked: Some(Role::Reviewer), ..who };
        assert_eq!(acts(&asked, &[Role::Engineer]).map_err(|p| p.status), Err(403));
        assert!(asked.has(&[Role::Engineer]) && !asked.has(&[Role::Administrator]));
        assert_eq!(format!("{asked:?}"), "SignedIn(jo as reviewer)");
    }
}
