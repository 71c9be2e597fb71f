//! How often somebody may try to sign in, and how often somebody may ask.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use wayside_http::{Buckets, Origin};
use wayside_proto::EventTime;

use super::{Accounts, locked};
use crate::error::{Error, Result};
use crate::oidc::OidcError;
use crate::options::Limits;
use crate::policy::Tries;

/// What is tried, without the text that was typed.
type AccountKey = [u8; 16];

/// Who has tried, and asked, how often.
#[derive(Debug)]
pub(crate) struct Trying {
    pairs: Tries<(AccountKey, IpAddr)>,
    accounts: Tries<AccountKey>,
    failures: Buckets<IpAddr>,
    sessions: Buckets<[u8; 8]>,
    addresses: Buckets<IpAddr>,
}

impl Trying {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            pairs: Tries::new(limits.pair),
            accounts: Tries::new(limits.account),
            failures: Buckets::new(limits.failures),
            sessions: Buckets::new(limits.session),
            addresses: Buckets::new(limits.address),
        }
    }
}

fn key(account: &str) -> AccountKey {
    let digest = Sha256::digest(account.as_bytes());
    let mut key = [0; 16];
    key.iter_mut().zip(digest.iter()).for_each(|(key, byte)| *key = *byte);
    key
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Succeeded,
    Failed,
    /// Neither: something here did not work.
    Nothing,
}

impl Accounts {
    /// Begins a try with a password. It counts as failed until it ends otherwise. Whether there is such an
    /// account makes no difference.
    pub(crate) fn begin_try(&self, account: &str, address: IpAddr, now: EventTime) -> Result<()> {
        let wait = |seconds| Error::Wait { seconds };
        let address = Origin::group(address);
        let account = key(account);
        let mut trying = locked(&self.trying);
        trying.pairs.look(&(account, address), now).map_err(wait)?;
        trying.accounts.look(&account, now).map_err(wait)?;
        trying.failures.take(&address, now).map_err(wait)?;
        trying.pairs.begin(&(account, address), now).map_err(wait)?;
        trying.accounts.begin(&account, now).map_err(wait)
    }

    /// Ends it.
    pub(crate) fn end_try(&self, account: &str, address: IpAddr, ended: Ended) {
        let address = Origin::group(address);
        let account = key(account);
        let mut trying = locked(&self.trying);
        match ended {
            Ended::Failed => return,
            Ended::Succeeded => {
                trying.pairs.succeeded(&(account, address));
                trying.accounts.succeeded(&account);
            }
            Ended::Nothing => {
                trying.pairs.forget_one(&(account, address));
                trying.accounts.forget_one(&account);
            }
        }
        trying.failures.give_back(&address);
    }

    /// Runs a try that names no account, or needs no password: a link, a passkey, a way back from a provider.
    /// Failures of an address count together.
    pub(crate) fn trying<T>(
        &self,
        address: IpAddr,
        now: EventTime,
        act: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let address = Origin::group(address);
        let take = locked(&self.trying).failures.take(&address, now);
        take.map_err(|seconds| Error::Wait { seconds })?;
        let done = act();
        // That a provider is down is nobody's failure.
        let held_against = match &done {
            Err(Error::Oidc(error)) => !matches!(error, OidcError::Down),
            Err(Error::SignIn | Error::Link | Error::Passkey(_)) => true,
            _ => false,
        };
        if !held_against {
            locked(&self.trying).failures.give_back(&address);
        }
        done
    }

    /// Counts a request of a session, or of an address that has none.
    ///
    /// # Errors
    /// Seconds to wait.
    pub(crate) fn count(
        &self,
        session: Option<[u8; 8]>,
        address: IpAddr,
        now: EventTime,
    ) -> std::result::Result<(), u32> {
        let mut trying = locked(&self.trying);
        match session {
            Some(session) => trying.sessions.take(&session, now),
            None => trying.addresses.take(&Origin::group(address), now),
        }
    }
}
