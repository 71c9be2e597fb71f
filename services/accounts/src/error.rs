//! What goes wrong. Texts say what and what helps; none has a password, a link or a cookie in it.

use std::path::PathBuf;

use wayside_cases::{Account, AccountError};

use crate::policy::{NameRefused, PasswordRefused, RolesError};
use crate::store::LogError;

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why an act on accounts was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file.
    #[error("the accounts in {} cannot be opened: {cause}\n  hint: check the folder and who may write there", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// Its tables.
    #[error("the tables in {} cannot be brought to this version: {cause}\n  hint: an older program cannot open a newer file", .path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        cause: String,
    },
    /// A statement.
    #[error("the accounts failed while {doing}: {cause}")]
    Database {
        /// What was done.
        doing: &'static str,
        /// What SQLite said.
        cause: String,
        /// Whether another try makes sense.
        again: bool,
    },
    /// Something stored is not what it should be.
    #[error("the accounts hold something that cannot be: {0}")]
    Stored(String),
    /// No hash.
    #[error("a password cannot be hashed: {0}")]
    Hash(String),
    /// No chance.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// The log of sign-ins breaks.
    #[error(transparent)]
    Log(#[from] LogError),

    /// Account or password; which one is not said.
    #[error("the account or the password is wrong")]
    SignIn,
    /// Too many failures.
    #[error("too many failed sign-ins; the next try is possible in {seconds} s")]
    Wait {
        /// Seconds.
        seconds: u32,
    },
    /// A link that was never made, was used, or is too old; which one is not said.
    #[error(
        "this link is not valid: it was used, has expired, or a newer one was made\n  hint: ask an administrator for another, or start the console again where it has no account yet"
    )]
    Link,
    /// A password.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// A name.
    #[error(transparent)]
    Name(#[from] NameRefused),
    /// An account's name.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Roles.
    #[error(transparent)]
    Roles(#[from] RolesError),
    /// There is one of this name.
    #[error("there is an account {account} already")]
    Taken {
        /// Its name.
        account: Account,
    },
    /// There is none of this name.
    #[error("there is no account {account}")]
    NoAccount {
        /// The name.
        account: Account,
    },
    /// Nobody would look after accounts any more.
    #[error(
        "{account} is the last administrator who can sign in\n  hint: make another account an administrator first"
    )]
    LastAdministrator {
        /// Its name.
        account: Account,
    },
    /// Its roles come from elsewhere.
    #[error(
        "the roles and the password of {account} come from its OpenID Connect provider\n  hint: change them there; here it can be disabled"
    )]
    Managed {
        /// Its name.
        account: Account,
    },
    /// It is disabled.
    #[error("{account} is disabled\n  hint: enable it first")]
    Disabled {
        /// Its name.
        account: Account,
    },
    /// Too many.
    #[error("there are {max} {what} already")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Passkeys need a name for this service.
    #[error(
        "passkeys need an address with a name, and https except on localhost\n  hint: open the console as http://localhost, or set its public address"
    )]
    PasskeysUnavailable,
    /// A passkey was not taken.
    #[error("the passkey was not accepted: {0}")]
    Passkey(&'static str),
    /// No such passkey.
    #[error("there is no such passkey")]
    NoPasskey,
    /// No such session of this account.
    #[error("there is no such session")]
    NoSession,
    /// OpenID Connect.
    #[error(transparent)]
    Oidc(#[from] crate::oidc::OidcError),
    /// Too much at once.
    #[error("too many sign-ins at once")]
    Busy,
}
