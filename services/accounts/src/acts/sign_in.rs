//! Sign-in by password. Every refusal looks the same and takes as long, whether the account is there, has
//! no password, or is disabled.

use wayside_cases::Account;
use wayside_proto::EventTime;

use super::session::NewSession;
use super::tries::Ended;
use super::{Accounts, Client};
use crate::error::{Error, Result};
use crate::hashing;
use crate::policy::PASSWORD_CHARS_MAX;
use crate::secret::{Digest32, Password};
use crate::store::{AccountRecord, Entry, append};

impl Accounts {
    /// Begins a session for whoever knows the password. `before` is the session of the browser until now, which
    /// ends.
    ///
    /// # Errors
    /// `SignIn` where account or password is wrong, `Wait` after too many of those.
    pub fn sign_in(
        &self,
        account: &str,
        password: &Password,
        client: &Client,
        before: Option<&[u8; 32]>,
        now: EventTime,
    ) -> Result<NewSession> {
        self.begin_try(account, client.address, now)?;
        let done = self.try_password(account, password, client, before, now);
        let ended = match &done {
            Ok(_) => Ended::Succeeded,
            Err(Error::SignIn) => Ended::Failed,
            Err(_) => Ended::Nothing,
        };
        self.end_try(account, client.address, ended);
        if done.is_ok() {
            self.forget_cached();
        }
        done
    }

    fn try_password(
        &self,
        account: &str,
        password: &Password,
        client: &Client,
        before: Option<&Digest32>,
        now: EventTime,
    ) -> Result<NewSession> {
        let account = Account::new(account).ok();
        let record = match &account {
            Some(account) => {
                self.store.read(|connection| AccountRecord::find(connection, account))?
            }
            None => None,
        };
        let hash = record.as_ref().and_then(|record| record.password.as_deref());
        // The same work without an account or a password.
        let fits = self.check(password, hash.unwrap_or(&self.no_hash)) && hash.is_some();
        let why = match &record {
            None => "no such account",
            Some(_) if hash.is_none() => "no password",
            Some(_) if !fits => "wrong password",
            Some(record) if record.disabled => "disabled",
            Some(record) => {
                let rehash = hash.is_some_and(|hash| hashing::is_outdated(hash, self.options.cost));
                let rehashed =
                    rehash.then(|| hashing::hash(password, self.options.cost)).transpose()?;
                return self.store.write(|tx| {
                    // Meanwhile somebody may have changed the password or disabled the account.
                    let still = AccountRecord::get(tx, &record.account)?;
                    if still.disabled || still.password != record.password {
                        return Err(Error::SignIn);
                    }
                    if let Some(hash) = &rehashed {
                        AccountRecord::set_password(tx, &record.account, hash)?;
                    }
                    self.begin_session(tx, &record.account, "password", client, before, now)
                });
            }
        };
        let known = record.as_ref().map(|record| record.account.as_str());
        self.log_failed(known, "password", why, client, now)?;
        Err(Error::SignIn)
    }

    /// Whether a password has this hash. One that is longer than any is not hashed, which tells nothing: it is
    /// refused for every account.
    pub(crate) fn check(&self, password: &Password, hash: &str) -> bool {
        if password.reveal().len() > 4 * PASSWORD_CHARS_MAX {
            return false;
        }
        self.count_checked();
        hashing::verify(password, hash)
    }

    /// Writes a failed sign-in down.
    pub(crate) fn log_failed(
        &self,
        account: Option<&str>,
        how: &str,
        why: &str,
        client: &Client,
        now: EventTime,
    ) -> Result<()> {
        let address = client.address.to_string();
        let shown = account.unwrap_or("an unknown account");
        tracing::warn!("a sign-in of {shown} by {how} from {address} failed: {why}");
        self.store.write(|tx| {
            let entry = Entry {
                account: account.unwrap_or_default(),
                act: "failed",
                how,
                address: &address,
                agent: &client.agent,
                why,
                ..Entry::default()
            };
            append(tx, now, &entry)
        })
    }
}
