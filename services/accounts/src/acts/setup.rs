//! The first account. There is no default password: whoever started the program gets a link.

use wayside_cases::Account;
use wayside_proto::EventTime;

use super::session::NewSession;
use super::{Accounts, Client, Link};
use crate::error::{Error, Result};
use crate::hashing;
use crate::policy::{Roles, SETUP_S, check_name, check_password};
use crate::secret::{Password, Secret, presented, random};
use crate::store::{AccountRecord, Entry, LinkKind, NewAccount, append};

impl Accounts {
    /// Whether there is no account yet.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn needs_setup(&self) -> Result<bool> {
        self.store.read(|connection| Ok(AccountRecord::count(connection)? == 0))
    }

    /// A link with which the first account is made, for the terminal of whoever starts the program. It works
    /// once, for a day, and ends the one before. None where there is an account.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn setup_link(&self, now: EventTime) -> Result<Option<Link>> {
        let secret = Secret::new()?;
        self.store.write(|tx| {
            if AccountRecord::count(tx)? > 0 {
                LinkKind::Setup.end(tx, None)?;
                return Ok(None);
            }
            LinkKind::Setup.insert(tx, &secret.digest(), None, now.plus_s(SETUP_S))?;
            Ok(Some(Link(format!("/#/setup?token={}", secret.reveal()))))
        })
    }

    /// Makes the first account, with all roles.
    ///
    /// # Errors
    /// Where the link is not valid, or name or password are not taken: then the link can be used again.
    pub fn setup(
        &self,
        token: &str,
        account: &str,
        name: &str,
        password: &Password,
        client: &Client,
        now: EventTime,
    ) -> Result<NewSession> {
        self.trying(client.address, now, || {
            let digest = presented(token).ok_or(Error::Link)?;
            self.store.read(|connection| LinkKind::Setup.look(connection, &digest, now))?;
            let account = Account::new(account)?;
            let name = check_name(name)?;
            check_password(password.reveal(), &account)?;
            let hash = hashing::hash(password, self.options.cost)?;
            let handle = random::<16>()?;
            let session = self.store.write(|tx| {
                LinkKind::Setup.take(tx, &digest, now)?;
                if AccountRecord::count(tx)? > 0 {
                    return Err(Error::Link);
                }
                let new = NewAccount {
                    account: &account,
                    handle,
                    name: &name,
                    roles: &Roles::all(),
                    password: Some(&hash),
                    subject: None,
                };
                AccountRecord::insert(tx, &new, now)?;
                let address = client.address.to_string();
                let entry = Entry {
                    account: account.as_str(),
                    act: "setup",
                    how: "link",
                    address: &address,
                    agent: &client.agent,
                    ..Entry::default()
                };
                append(tx, now, &entry)?;
                self.begin_session(tx, &account, "link", client, None, now)
            })?;
            Ok(session)
        })
    }
}
