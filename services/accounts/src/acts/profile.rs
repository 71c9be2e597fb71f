//! What somebody may change about their own account.

use wayside_proto::EventTime;

use super::session::SessionView;
use super::tries::Ended;
use super::{Accounts, Client};
use crate::error::{Error, Result};
use crate::hashing;
use crate::http::SignedIn;
use crate::policy::{check_language, check_name, check_password};
use crate::secret::Password;
use crate::store::{AccountRecord, Entry, SessionRecord, append};

impl Accounts {
    /// Changes name and language of one's own account; `None` leaves it.
    ///
    /// # Errors
    /// Where one of them is not taken.
    pub fn change_profile(
        &self,
        who: &SignedIn,
        name: Option<&str>,
        language: Option<&str>,
        now: EventTime,
    ) -> Result<SessionView> {
        let name = name.map(check_name).transpose()?;
        language.map(check_language).transpose()?;
        self.store.write(|tx| {
            let record = AccountRecord::get(tx, &who.account)?;
            let name = name.as_deref().unwrap_or(&record.name);
            let language = language.or(record.language.as_deref());
            AccountRecord::set_profile(tx, &who.account, name, language)
        })?;
        self.forget_cached();
        self.session_view(who, now)
    }

    /// Changes one's own password. All other sessions of the account end.
    ///
    /// # Errors
    /// `SignIn` where the old one is wrong, which counts as a failed sign-in; where the new one is not taken.
    pub fn change_password(
        &self,
        who: &SignedIn,
        old: &Password,
        new: &Password,
        client: &Client,
        now: EventTime,
    ) -> Result<()> {
        check_password(new.reveal(), &who.account)?;
        let record = self.store.read(|connection| AccountRecord::get(connection, &who.account))?;
        if record.provider.is_some() {
            return Err(Error::Managed { account: record.account });
        }
        let account = who.account.as_str();
        self.begin_try(account, client.address, now)?;
        let hash = record.password.as_deref();
        if !(self.check(old, hash.unwrap_or(&self.no_hash)) && hash.is_some()) {
            self.log_failed(Some(account), "password", "wrong old password", client, now)?;
            return Err(Error::SignIn);
        }
        self.end_try(account, client.address, Ended::Succeeded);
        let hash = hashing::hash(new, self.options.cost)?;
        self.store.write(|tx| {
            let still = AccountRecord::get(tx, &who.account)?;
            if still.disabled || still.password != record.password {
                return Err(Error::SignIn);
            }
            AccountRecord::set_password(tx, &who.account, &hash)?;
            let ended = SessionRecord::end_all(tx, &who.account, Some(&who.digest))?;
            let (address, why) =
                (client.address.to_string(), format!("{ended} other sessions ended"));
            let entry = Entry {
                account,
                act: "password",
                address: &address,
                agent: &client.agent,
                why: &why,
                ..Entry::default()
            };
            append(tx, now, &entry)
        })?;
        self.forget_cached();
        Ok(())
    }
}
