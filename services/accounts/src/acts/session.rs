//! Sessions: how they begin, who they are, how long they hold.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use rusqlite::Transaction;
use wayside_cases::Account;
use wayside_proto::EventTime;

use super::cookie::read_cookie;
use super::{Accounts, Client, locked};
use crate::error::Result;
use crate::http::SignedIn;
use crate::policy::{Role, RoleRefused};
use crate::secret::{Digest32, Secret, csrf_token, presented};
use crate::store::{AccountRecord, Entry, NewSessionRow, SessionRecord, append};

/// The header that says in which role a request acts.
pub const ROLE_HEADER: &str = "wayside-role";
/// For so long a session is taken as it was last read: changes by another process hold after that.
const CACHED_S: f64 = 1.0;
/// So often the file is told that a session is used, seconds.
const TOUCH_EVERY_S: f64 = 30.0;
/// Sessions in the cache.
const CACHE_MAX: usize = 4_096;

/// Why nobody is known to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No cookie.
    #[error("nobody is signed in")]
    Missing,
    /// It is of no session, or the session has ended, or the account is disabled.
    #[error("the session has ended")]
    Wrong,
    /// It was not used for too long, or began too long ago.
    #[error("the session has expired")]
    Expired,
    /// The account may not act so.
    #[error("{0}")]
    Role(RoleRefused),
    /// The role that is asked for is none.
    #[error("this role is not known")]
    NoRole,
    /// The accounts cannot be read.
    #[error("the accounts cannot be read")]
    Fault,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct NewSession {
    pub(crate) cookie: Secret,
    /// Who it is.
    pub view: SessionView,
}

impl NewSession {
    /// The value of its cookie.
    #[must_use]
    pub fn cookie(&self) -> &str {
        self.cookie.reveal()
    }
}

/// A session as its browser sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// The account.
    pub account: Account,
    /// The name that is shown.
    pub name: String,
    /// What it may act as.
    pub roles: Vec<Role>,
    /// The token that its state-changing requests carry.
    pub csrf: String,
    /// When it ends unless it is used.
    pub expires: EventTime,
    /// The language that was chosen.
    pub language: Option<String>,
    /// How many passkeys the account has.
    pub passkeys: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Cache {
    known: BTreeMap<Digest32, Cached>,
}

#[derive(Clone, Debug)]
struct Cached {
    record: SessionRecord,
    read: EventTime,
    touched: EventTime,
}

/// A session that holds, and its cookie.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub record: SessionRecord,
    pub digest: Digest32,
    pub csrf: String,
}

impl Accounts {
    /// Begins a session in the transaction of the sign-in, with a new secret: whatever cookie the browser had
    /// before is worth nothing to whoever put it there, and its session ends.
    pub(crate) fn begin_session(
        &self,
        tx: &Transaction<'_>,
        account: &Account,
        how: &str,
        client: &Client,
        before: Option<&Digest32>,
        now: EventTime,
    ) -> Result<NewSession> {
        if let Some(before) = before {
            SessionRecord::end(tx, before)?;
        }
        let cookie = Secret::new()?;
        let address = client.address.to_string();
        let new = NewSessionRow {
            digest: &cookie.digest(),
            account,
            how,
            address: &address,
            agent: &client.agent,
            device: client.device,
        };
        SessionRecord::insert(tx, &new, self.options.life, now)?;
        AccountRecord::set_seen(tx, account, now)?;
        append(
            tx,
            now,
            &Entry {
                account: account.as_str(),
                act: "sign-in",
                how,
                address: &address,
                agent: &client.agent,
                ..Entry::default()
            },
        )?;
        let record = AccountRecord::get(tx, account)?;
        tracing::info!("{account} signed in by {how} from {address}");
        let csrf = csrf_token(cookie.reveal());
        Ok(NewSession { view: self.view(&record, csrf, now, now), cookie })
    }

    pub(crate) fn view(
        &self,
        record: &AccountRecord,
        csrf: String,
        began: EventTime,
        used: EventTime,
    ) -> SessionView {
        SessionView {
            account: record.account.clone(),
            name: record.name.clone(),
            roles: record.roles.to_vec(),
            csrf,
            expires: self.options.life.ends(began, used),
            language: record.language.clone(),
            passkeys: record.passkeys,
        }
    }

    /// The session of a request's cookie, where it holds. It counts as used.
    pub(crate) fn live(
        &self,
        headers: &HeaderMap,
        now: EventTime,
    ) -> std::result::Result<Live, Unknown> {
        let cookie = read_cookie(headers, self.cookies.session()).ok_or(Unknown::Missing)?;
        let digest = presented(cookie).ok_or(Unknown::Wrong)?;
        let cached = self.cached(&digest, now)?;
        let life = self.options.life;
        if !life.holds(cached.record.began, cached.record.used, now) {
            return Err(Unknown::Expired);
        }
        let due = now.since_s(cached.touched) >= TOUCH_EVERY_S.min(life.idle_s / 4.0);
        if due
            && self.store.touch(|connection| SessionRecord::touch(connection, &digest, now))
            && let Some(cached) = locked(&self.cache).known.get_mut(&digest)
        {
            cached.touched = now;
        }
        if let Some(cached) = locked(&self.cache).known.get_mut(&digest) {
            cached.record.used = cached.record.used.max(now);
        }
        Ok(Live { record: cached.record, digest, csrf: csrf_token(cookie) })
    }

    fn cached(&self, digest: &Digest32, now: EventTime) -> std::result::Result<Cached, Unknown> {
        let known = locked(&self.cache).known.get(digest).cloned();
        if let Some(known) = &known {
            let age_s = now.since_s(known.read);
            if (0.0..CACHED_S).contains(&age_s) {
                return Ok(known.clone());
            }
        }
        let found = self.store.read(|connection| SessionRecord::find(connection, digest));
        let mut record = match found {
            Ok(Some(record)) => record,
            Ok(None) => {
                locked(&self.cache).known.remove(digest);
                return Err(Unknown::Wrong);
            }
            Err(error) => {
                tracing::error!("{error}");
                return Err(Unknown::Fault);
            }
        };
        let touched = known.as_ref().map_or(record.used, |known| known.touched);
        // What the file was not told yet.
        if let Some(known) = known {
            record.used = record.used.max(known.record.used);
        }
        let cached = Cached { record, read: now, touched };
        let mut cache = locked(&self.cache);
        if cache.known.len() >= CACHE_MAX {
            cache.known.clear();
        }
        cache.known.insert(*digest, cached.clone());
        Ok(cached)
    }

    /// When a session was last used. The file is told of it only now and then.
    pub(super) fn last_used(&self, digest: &Digest32, told: EventTime) -> EventTime {
        let cache = locked(&self.cache);
        cache.known.get(digest).map_or(told, |cached| cached.record.used.max(told))
    }

    /// Reads every session again: something has changed.
    pub(crate) fn forget_cached(&self) {
        locked(&self.cache).known.clear();
    }

    /// Who asks, and in which role: the one of the header [`ROLE_HEADER`], else of `role_query`, else the first
    /// of the account's roles (then [`SignedIn::must`] takes the first that may).
    ///
    /// # Errors
    /// Where nobody is signed in, or the account has not that role.
    pub fn session_of(
        &self,
        headers: &HeaderMap,
        role_query: Option<&str>,
        now: EventTime,
    ) -> std::result::Result<SignedIn, Unknown> {
        let live = self.live(headers, now)?;
        let mut asked: Option<&str> = None;
        for value in headers.get_all(ROLE_HEADER) {
            let value = value.to_str().map_err(|_| Unknown::NoRole)?;
            if asked.is_some_and(|asked| asked != value) {
                return Err(Unknown::NoRole);
            }
            asked = Some(value);
        }
        let asked = match asked.or(role_query) {
            None => None,
            Some(name) => {
                let role = Role::parse(name).ok_or(Unknown::NoRole)?;
                if !live.record.roles.contains(&role) {
                    return Err(Unknown::Role(RoleRefused::NotHeld(role)));
                }
                Some(role)
            }
        };
        let first = live.record.roles.first().copied();
        let role = asked.or(first).ok_or(Unknown::Role(RoleRefused::None))?;
        Ok(SignedIn {
            account: live.record.account,
            name: live.record.name,
            role,
            asked,
            roles: live.record.roles,
            digest: live.digest,
            csrf: live.csrf,
        })
    }

    /// The session of somebody who is signed in, with what their account is now.
    pub(crate) fn session_view(&self, who: &SignedIn, now: EventTime) -> Result<SessionView> {
        let (account, session) = self.store.read(|connection| {
            let account = AccountRecord::get(connection, &who.account)?;
            Ok((account, SessionRecord::find(connection, &who.digest)?))
        })?;
        let began = session.map_or(now, |session| session.began);
        Ok(self.view(&account, who.csrf.clone(), began, now))
    }
}
