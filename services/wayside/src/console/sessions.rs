//! People who are signed in to the console, as review knows them.

use std::sync::Arc;

use wayside_accounts::policy::Role;
use wayside_accounts::{Accounts, ROLE_HEADER, Unknown as NoSession};
use wayside_cases::Actor;
use wayside_proto::EventTime;
use wayside_review::auth::{Asking, Authenticator, Signed, Unknown};

/// Sessions of these accounts. That a request which changes something comes from the console's own page is seen
/// to by the guard around every route of the console.
#[derive(Clone, Debug)]
pub(crate) struct Sessions(pub(crate) Arc<Accounts>);

impl Authenticator for Sessions {
    fn authenticate(&self, asking: &Asking<'_>, now: EventTime) -> Result<Signed, Unknown> {
        let role = asking.query.filter(|_| !asking.changes()).and_then(|query| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(key, _)| *key == "role").map(|(_, value)| value)
        });
        let who = self.0.session_of(asking.headers, role, now).map_err(|why| match why {
            NoSession::Missing => Unknown::Missing,
            NoSession::Expired => Unknown::Expired,
            NoSession::Role(_) | NoSession::NoRole => Unknown::NotTheirs,
            _ => Unknown::Wrong,
        })?;
        // A role that was asked for holds, also where it has no business here; else the first that has.
        let asked = role.is_some() || asking.headers.contains_key(ROLE_HEADER);
        let others = who.roles.iter().copied().filter(|_| !asked);
        let role = [who.role].into_iter().chain(others).find_map(Role::in_cases);
        let role = role.ok_or(Unknown::NotTheirs)?;
        Ok(Signed { actor: Actor::new(who.account.clone(), role), key: who.key() })
    }
}
