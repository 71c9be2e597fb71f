//! What an administrator does with accounts.

use rusqlite::Transaction;
use wayside_cases::Account;
use wayside_proto::EventTime;

use super::{Accounts, Link};
use crate::error::{Error, Result};
use crate::policy::{Role, Roles, check_name};
use crate::secret::{Secret, random};
use crate::store::{AccountRecord, Entry, LinkKind, NewAccount, SessionRecord, append};

/// Accounts that there may be.
const ACCOUNTS_MAX: usize = 5_000;

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its name.
    pub account: Account,
    /// The name that is shown.
    pub name: String,
    /// What it may act as.
    pub roles: Vec<Role>,
    /// Whether it may not sign in.
    pub disabled: bool,
    /// When it last signed in.
    pub last_seen: Option<EventTime>,
    /// How many passkeys it has.
    pub passkeys: u64,
    /// Whether it has a password.
    pub has_password: bool,
    /// The provider of OpenID Connect that it comes from.
    pub provider: Option<String>,
}

impl From<AccountRecord> for AccountRow {
    fn from(record: AccountRecord) -> Self {
        Self {
            account: record.account,
            name: record.name,
            roles: record.roles.to_vec(),
            disabled: record.disabled,
            last_seen: record.seen,
            passkeys: record.passkeys,
            has_password: record.password.is_some(),
            provider: record.provider,
        }
    }
}

impl Accounts {
    /// All accounts, by name.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn list(&self) -> Result<Vec<AccountRow>> {
        let all = self.store.read(AccountRecord::all)?;
        Ok(all.into_iter().map(AccountRow::from).collect())
    }

    /// Makes an account, and a link to set its password.
    ///
    /// # Errors
    /// Where the name is taken or none, or there are too many.
    pub fn create(
        &self,
        actor: &str,
        account: &Account,
        name: &str,
        roles: &Roles,
        now: EventTime,
    ) -> Result<Link> {
        let name = check_name(name)?;
        let (secret, handle) = (Secret::new()?, random::<16>()?);
        self.store.write(|tx| {
            if AccountRecord::find(tx, account)?.is_some() {
                return Err(Error::Taken { account: account.clone() });
            }
            room(tx)?;
            let new =
                NewAccount { account, handle, name: &name, roles, password: None, subject: None };
            AccountRecord::insert(tx, &new, now)?;
            let why = roles.to_string();
            let entry = Entry {
                account: account.as_str(),
                act: "created",
                actor,
                why: &why,
                ..Entry::default()
            };
            append(tx, now, &entry)?;
            self.invite_in(tx, actor, account, &secret, now)?;
            Ok(Link(format!("/#/invite?token={}", secret.reveal())))
        })
    }

    /// Changes roles, or whether an account may sign in; `None` leaves it. What changes ends its sessions.
    ///
    /// # Errors
    /// Where there is no such account, it is the last administrator's, or its roles come from a provider.
    pub fn change(
        &self,
        actor: &str,
        account: &Account,
        roles: Option<&Roles>,
        disabled: Option<bool>,
        now: EventTime,
    ) -> Result<AccountRow> {
        let row = self.store.write(|tx| {
            let before = AccountRecord::get(tx, account)?;
            let log = |act: &str, why: &str| {
                let account = account.as_str();
                append(tx, now, &Entry { account, act, actor, why, ..Entry::default() })
            };
            let mut ends = false;
            if let Some(roles) = roles.filter(|roles| **roles != before.roles) {
                if before.provider.is_some() {
                    return Err(Error::Managed { account: account.clone() });
                }
                AccountRecord::set_roles(tx, account, roles)?;
                log("roles", &format!("{} to {roles}", before.roles))?;
                ends = true;
            }
            if let Some(disabled) = disabled.filter(|disabled| *disabled != before.disabled) {
                AccountRecord::set_disabled(tx, account, disabled)?;
                if disabled {
                    LinkKind::Invite.end(tx, Some(account))?;
                }
                log(if disabled { "disabled" } else { "enabled" }, "")?;
                ends = true;
            }
            if ends {
                let active = before.roles.has(Role::Administrator) && !before.disabled;
                if active && administrators(tx)? == 0 {
                    return Err(Error::LastAdministrator { account: account.clone() });
                }
                SessionRecord::end_all(tx, account, None)?;
            }
            Ok(AccountRow::from(AccountRecord::get(tx, account)?))
        })?;
        self.forget_cached();
        Ok(row)
    }
}

pub(super) fn room(tx: &Transaction<'_>) -> Result<()> {
    if AccountRecord::count(tx)? >= ACCOUNTS_MAX {
        return Err(Error::TooMany { what: "accounts", max: ACCOUNTS_MAX });
    }
    Ok(())
}

/// Administrators who may sign in.
fn administrators(tx: &Transaction<'_>) -> Result<usize> {
    let all = AccountRecord::all(tx)?;
    let active = all.iter().filter(|record| !record.disabled);
    Ok(active.filter(|record| record.roles.has(Role::Administrator)).count())
}
