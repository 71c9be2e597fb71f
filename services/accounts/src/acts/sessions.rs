//! Where an account is signed in, for its owner: the list of its sessions, and ways to end them. Every act takes
//! the account from the session that asks, so that no other account's are seen or ended.

use rusqlite::Connection;
use wayside_proto::EventTime;

use super::{Accounts, Client};
use crate::error::{Error, Result};
use crate::http::SignedIn;
use crate::policy::{Device, SignInWay};
use crate::secret::session_id;
use crate::store::{Entry, ListedSession, SessionRecord, append};

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id here. It opens nothing.
    pub id: String,
    /// When it began.
    pub began: EventTime,
    /// When it was last used.
    pub last_seen: EventTime,
    /// When it ends unless it is used.
    pub expires: EventTime,
    /// By what it began.
    pub how: SignInWay,
    /// The id of the provider, where that was OpenID Connect.
    pub provider: Option<String>,
    /// The browser, as it called itself at the sign-in.
    pub device: Device,
    /// The address from which it began.
    pub address: String,
    /// Whether it is the session that asks.
    pub current: bool,
}

impl Accounts {
    /// One's own sessions that hold: first the one that asks, then by when they were last used.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn sessions(&self, who: &SignedIn, now: EventTime) -> Result<Vec<SessionRow>> {
        let all = self.store.read(|connection| self.holding(connection, who, now))?;
        let rows = all.into_iter().map(|session| self.session_row(session, who));
        let mut rows = rows.collect::<Result<Vec<_>>>()?;
        rows.sort_by(|a, b| {
            let order = b.current.cmp(&a.current).then(b.last_seen.cmp(&a.last_seen));
            order.then_with(|| a.id.cmp(&b.id))
        });
        Ok(rows)
    }

    /// Ends the session that asks.
    pub(crate) fn sign_out(&self, who: &SignedIn, client: &Client, now: EventTime) -> Result<()> {
        self.store.write(|tx| {
            SessionRecord::end(tx, &who.digest)?;
            log(tx, who, "sign-out", "", client, now)
        })?;
        self.forget_cached();
        Ok(())
    }

    /// Ends one of one's own sessions, and says whether it was the one that asks.
    ///
    /// # Errors
    /// `NoSession` where this account has no such session that holds, whether another one has it or not.
    pub fn end_session(
        &self,
        who: &SignedIn,
        id: &str,
        client: &Client,
        now: EventTime,
    ) -> Result<bool> {
        let own = self.store.write(|tx| {
            let all = self.holding(tx, who, now)?;
            let found = all.into_iter().find(|session| session_id(&session.digest) == id);
            let found = found.ok_or(Error::NoSession)?;
            SessionRecord::end(tx, &found.digest)?;
            let own = found.digest == who.digest;
            if own {
                log(tx, who, "sign-out", "", client, now)?;
            } else {
                // Time and address are those of its line in this log.
                let which = format!("begun {} from {}", found.began, found.address);
                log(tx, who, "session-ended", &which, client, now)?;
            }
            Ok(own)
        })?;
        self.forget_cached();
        Ok(own)
    }

    /// Ends all of one's own sessions but the one that asks, and says how many that were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn end_other_sessions(
        &self,
        who: &SignedIn,
        client: &Client,
        now: EventTime,
    ) -> Result<usize> {
        let ended = self.store.write(|tx| {
            let all = self.holding(tx, who, now)?;
            let others = all.iter().filter(|session| session.digest != who.digest).count();
            SessionRecord::end_all(tx, &who.account, Some(&who.digest))?;
            if others > 0 {
                let why = format!("{others} other sessions ended");
                log(tx, who, "session-ended", &why, client, now)?;
            }
            Ok(others)
        })?;
        self.forget_cached();
        Ok(ended)
    }

    /// The account's sessions that have not expired, with when they were last used as this process knows it.
    fn holding(
        &self,
        connection: &Connection,
        who: &SignedIn,
        now: EventTime,
    ) -> Result<Vec<ListedSession>> {
        let mut all = ListedSession::of(connection, &who.account)?;
        for session in &mut all {
            session.used = self.last_used(&session.digest, session.used);
        }
        all.retain(|session| self.options.life.holds(session.began, session.used, now));
        Ok(all)
    }

    fn session_row(&self, session: ListedSession, who: &SignedIn) -> Result<SessionRow> {
        let how = SignInWay::parse(&session.how);
        let (how, provider) =
            how.ok_or_else(|| Error::Stored(format!("a sign-in by {:?}", session.how)))?;
        Ok(SessionRow {
            id: session_id(&session.digest),
            began: session.began,
            last_seen: session.used,
            expires: self.options.life.ends(session.began, session.used),
            how,
            provider: provider.map(str::to_owned),
            device: session.device,
            address: session.address,
            current: session.digest == who.digest,
        })
    }
}

/// Writes down what somebody did with their own account.
pub(super) fn log(
    tx: &Connection,
    who: &SignedIn,
    act: &str,
    why: &str,
    client: &Client,
    now: EventTime,
) -> Result<()> {
    let address = client.address.to_string();
    let (account, agent) = (who.account.as_str(), client.agent.as_str());
    append(tx, now, &Entry { account, act, address: &address, agent, why, ..Entry::default() })
}
