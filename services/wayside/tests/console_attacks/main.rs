//! Attacks on the console as it is: the real program, with something to lose, over its one port.
//!
//! Sign-in by itself is attacked in services/accounts, the live part in services/console, review's API and its tokens
//! in services/review, the public pages of signs in services/dms. Here is what shows only where all of it is together.
//! `scripts/api_fuzz.sh` asks the same program what nobody thought of.

#[path = "../common/mod.rs"]
mod common;
#[path = "../../../package/tests/common/mod.rs"]
mod package_fixture;

mod csrf;
mod fill;
mod fixation;
mod guessing;
mod host;
mod house;
mod leaks;
mod odd;
mod pages;
mod places;
mod roles;
mod sign_pages;
mod slow;
mod smuggling;
mod streams;
mod traversal;
mod wire;
mod xss;
