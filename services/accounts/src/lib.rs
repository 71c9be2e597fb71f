//! Accounts of people: who signs in to the console, how, in which roles, and for how long.
//!
//! [`Accounts`] keeps them in one SQLite file: roles, passwords as Argon2id hashes, passkeys, subjects of
//! OpenID Connect, one-time links, sessions, and a log of sign-ins that is append-only and chained by hash.
//! [`policy`] decides and is pure. [`http`] has the routes, the guard that goes around every route of the
//! console, and [`http::SignedIn`], by which a handler knows who asks. [`commands`] is for the program.
//!
//! Deliberately absent: a default password, a way to read a password, a link or a session back out of the file,
//! programs (they have tokens of `wayside-review`), and anything about people beyond the name they are shown by.

mod acts;
pub mod commands;
mod error;
mod hashing;
pub mod http;
pub mod oidc;
mod options;
pub mod policy;
mod secret;
mod store;

pub use acts::{
    AccountRow, Accounts, Client, CookieNames, Link, NewSession, PasskeyRow, ROLE_HEADER,
    SessionRow, SessionView, SignInCeremony, Unknown,
};
pub use error::Error;
pub use hashing::HashCost;
pub use options::{AccountsOptions, Limits, OptionsError, PublicUrl};
pub use secret::Password;
pub use store::{LogEntry, LogError, LogProblem, LogSummary};
pub use wayside_cases::Account;
