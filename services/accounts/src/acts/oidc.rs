//! Sign-in at a provider: accounts are made where its claims give a role, and follow them.

use serde_json::Value;
use wayside_proto::EventTime;

use super::ceremonies::Ceremony;
use super::session::NewSession;
use super::{Accounts, Client, locked, manage};
use crate::error::{Error, Result};
use crate::oidc::{OidcError, Provider, Returned, Way};
use crate::policy::{OIDC_S, Roles, account_from, check_name, claim_texts};
use crate::secret::{Digest32, presented, random};
use crate::store::{AccountRecord, Entry, NewAccount, SessionRecord, append};

/// Bytes of a subject (OpenID Connect Core 1.0, 2: at most 255).
const SUBJECT_BYTES_MAX: usize = 255;

impl Accounts {
    /// Ids and names of the providers.
    #[must_use]
    pub fn oidc_providers(&self) -> Vec<(String, String)> {
        self.providers.list()
    }

    /// Begins a sign-in. Asks the provider, and so may take seconds.
    pub(crate) fn start_oidc(&self, id: &str, client: &Client, now: EventTime) -> Result<Way> {
        let provider = self.providers.get(id)?;
        self.trying(client.address, now, || provider.way_out(now))
    }

    /// Keeps what was begun.
    pub(crate) fn keep_oidc(
        &self,
        way: Way,
        client: &Client,
        now: EventTime,
    ) -> Result<(String, String)> {
        let ceremony = Ceremony::Oidc(Box::new(way.begun));
        locked(&self.ceremonies).begin(way.key, ceremony, client.address, now, OIDC_S)?;
        Ok((way.url, way.browser.reveal().to_owned()))
    }

    /// Ends a sign-in. Asks the provider, and so may take seconds.
    pub(crate) fn finish_oidc(
        &self,
        id: &str,
        state: Option<&str>,
        returned: Returned<'_>,
        client: &Client,
        before: Option<&Digest32>,
        now: EventTime,
    ) -> Result<NewSession> {
        let session = self.trying(client.address, now, || {
            let how = format!("oidc:{}", id.chars().take(32).collect::<String>());
            let done = self.oidc_session(id, &how, state, returned, client, before, now);
            if let Err(Error::Oidc(error)) = &done {
                let why = error.to_string();
                let why = why.lines().next().unwrap_or_default();
                // An id that is nobody's is not repeated in the log.
                let how = if *error == OidcError::Unknown { "oidc" } else { how.as_str() };
                self.log_failed(None, how, why, client, now)?;
            }
            done
        })?;
        self.forget_cached();
        Ok(session)
    }

    #[allow(clippy::too_many_arguments)]
    fn oidc_session(
        &self,
        id: &str,
        how: &str,
        state: Option<&str>,
        returned: Returned<'_>,
        client: &Client,
        before: Option<&Digest32>,
        now: EventTime,
    ) -> Result<NewSession> {
        let provider = self.providers.get(id)?;
        let key = state.and_then(presented).ok_or(OidcError::State)?;
        let Some(Ceremony::Oidc(begun)) = locked(&self.ceremonies).take(&key, now) else {
            return Err(OidcError::State.into());
        };
        let claims = provider.way_back(&begun, returned, now)?;
        self.admit(provider, how, &claims, client, before, now)
    }

    /// The account of whoever the claims are about, with the roles that they give.
    fn admit(
        &self,
        provider: &Provider,
        how: &str,
        claims: &Value,
        client: &Client,
        before: Option<&Digest32>,
        now: EventTime,
    ) -> Result<NewSession> {
        let settings = provider.settings();
        let text = |name: &str| claim_texts(claims, name).into_iter().next();
        let subject = text("sub").filter(|s| !s.is_empty() && s.len() <= SUBJECT_BYTES_MAX);
        let subject = subject.ok_or(OidcError::Token)?;
        let roles = settings.roles.roles(claims);
        let handle = random::<16>()?;
        let admitted = self.store.write(|tx| {
            let known = AccountRecord::of_subject(tx, &settings.id, &subject)?;
            let Some(roles) = roles else {
                // Whoever lost the last role is out at once.
                if let Some(known) = known {
                    SessionRecord::end_all(tx, &known.account, None)?;
                }
                return Ok(Err(OidcError::NoRole));
            };
            let account = match known {
                Some(known) if known.disabled => return Ok(Err(OidcError::Disabled)),
                Some(known) => {
                    if known.roles != roles {
                        follow(tx, &known, &roles, how, now)?;
                    }
                    known.account
                }
                None => {
                    manage::room(tx)?;
                    let wanted = text(&settings.account_claim);
                    let all = AccountRecord::all(tx)?;
                    let taken = |name: &wayside_cases::Account| {
                        all.iter().any(|record| record.account == *name)
                    };
                    let account = account_from(wanted.as_deref(), &subject, taken);
                    let account = account.ok_or(OidcError::Token)?;
                    let name = text("name").and_then(|name| check_name(&name).ok());
                    let name = name.unwrap_or_else(|| account.to_string());
                    let new = NewAccount {
                        account: &account,
                        handle,
                        name: &name,
                        roles: &roles,
                        password: None,
                        subject: Some((&settings.id, &subject)),
                    };
                    AccountRecord::insert(tx, &new, now)?;
                    let why = roles.to_string();
                    let entry = Entry {
                        account: account.as_str(),
                        act: "created",
                        how,
                        actor: how,
                        why: &why,
                        ..Entry::default()
                    };
                    append(tx, now, &entry)?;
                    account
                }
            };
            Ok(Ok(self.begin_session(tx, &account, how, client, before, now)?))
        })?;
        Ok(admitted?)
    }
}

/// Gives an account the roles that its provider says now; its other sessions end.
fn follow(
    tx: &rusqlite::Transaction<'_>,
    known: &AccountRecord,
    roles: &Roles,
    how: &str,
    now: EventTime,
) -> Result<()> {
    AccountRecord::set_roles(tx, &known.account, roles)?;
    SessionRecord::end_all(tx, &known.account, None)?;
    let why = format!("{} to {roles}", known.roles);
    let account = known.account.as_str();
    append(
        tx,
        now,
        &Entry { account, act: "roles", how, actor: how, why: &why, ..Entry::default() },
    )
}
