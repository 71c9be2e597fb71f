//! One suite over both databases.

mod audit;
mod bad_input;
mod claims;
mod common;
mod crash;
mod issue;
mod known;
mod ledger;
mod plates;
mod race;
mod retention;
mod states;
mod tls;
