//! Links by which somebody sets the password of an account that an administrator made, or forgot their own.

use wayside_cases::Account;
use wayside_proto::EventTime;

use super::session::NewSession;
use super::{Accounts, Client, Link};
use crate::error::{Error, Result};
use crate::hashing;
use crate::policy::{INVITE_S, check_password};
use crate::secret::{Password, Secret, presented};
use crate::store::{AccountRecord, Entry, LinkKind, SessionRecord, append};

impl Accounts {
    /// A link to set the password of this account. It works once, for three days, and ends the one before.
    /// `actor` is who made it.
    ///
    /// # Errors
    /// Where there is no such account, it is disabled, or its sign-in is at a provider.
    pub fn invite(&self, actor: &str, account: &Account, now: EventTime) -> Result<Link> {
        let secret = Secret::new()?;
        self.store.write(|tx| {
            self.invite_in(tx, actor, account, &secret, now)?;
            Ok(Link(format!("/#/invite?token={}", secret.reveal())))
        })
    }

    pub(crate) fn invite_in(
        &self,
        tx: &rusqlite::Transaction<'_>,
        actor: &str,
        account: &Account,
        secret: &Secret,
        now: EventTime,
    ) -> Result<()> {
        let record = AccountRecord::get(tx, account)?;
        if record.disabled {
            return Err(Error::Disabled { account: account.clone() });
        }
        if record.provider.is_some() {
            return Err(Error::Managed { account: account.clone() });
        }
        LinkKind::Invite.insert(tx, &secret.digest(), Some(account), now.plus_s(INVITE_S))?;
        let entry = Entry { account: account.as_str(), act: "invite", actor, ..Entry::default() };
        append(tx, now, &entry)
    }

    /// Sets the password of the account to which a link belongs. All its sessions end, and one begins.
    ///
    /// # Errors
    /// Where the link is not valid, or the password is not taken: then the link can be used again.
    pub fn accept_invite(
        &self,
        token: &str,
        password: &Password,
        client: &Client,
        before: Option<&[u8; 32]>,
        now: EventTime,
    ) -> Result<NewSession> {
        let session = self.trying(client.address, now, || {
            let digest = presented(token).ok_or(Error::Link)?;
            let account =
                self.store.read(|connection| LinkKind::Invite.look(connection, &digest, now))?;
            let account = account.ok_or(Error::Link)?;
            check_password(password.reveal(), &account)?;
            let hash = hashing::hash(password, self.options.cost)?;
            self.store.write(|tx| {
                LinkKind::Invite.take(tx, &digest, now)?;
                if AccountRecord::get(tx, &account)?.disabled {
                    return Err(Error::Link);
                }
                AccountRecord::set_password(tx, &account, &hash)?;
                SessionRecord::end_all(tx, &account, None)?;
                let address = client.address.to_string();
                let entry = Entry {
                    account: account.as_str(),
                    act: "password",
                    how: "link",
                    address: &address,
                    agent: &client.agent,
                    ..Entry::default()
                };
                append(tx, now, &entry)?;
                self.begin_session(tx, &account, "link", client, before, now)
            })
        })?;
        self.forget_cached();
        Ok(session)
    }
}
