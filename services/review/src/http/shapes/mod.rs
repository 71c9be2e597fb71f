//! What the API says and takes, as JSON. Times are RFC 3339 in UTC; ids are digits in hex.

mod case;
mod ledger;
mod outcome;
mod request;

pub use case::*;
pub use ledger::*;
pub use request::*;
