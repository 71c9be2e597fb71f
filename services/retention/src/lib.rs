//! Deletes evidence packages and cases whose time is over, and keeps receipts of it (PV-2).
//!
//! | class | goes |
//! | --- | --- |
//! | rejected by people | at once |
//! | void: the citation was withdrawn | at once |
//! | closed: paid or cancelled | a set time after |
//! | undecided, also packages that no desk knows | a set time after they came |
//!
//! Nothing goes while its citation is on its way out. A worker's evidence ring is no matter of this
//! crate: it is in memory only, and goes with the process.
//!
//! **Order, and why a process may die anywhere.** For each site and class a *plan* is stored that names what
//! has to go. The cases are erased in the desk (with their data keys, so that no backup has a plate that
//! can be read), which also says of each whether its time is really over. Then an *order* is stored that
//! names the packages, with the receipts; the receipts are appended to `wayside.receipts.v1`; the packages are
//! deleted; plan and order are removed. A later run finds what one before it left, and does the rest with the
//! same receipts: nothing is deleted without one, and nothing is counted twice.
//!
//! Deliberately absent: a clock (the time is passed in), records of the bus (its own retention, or the
//! brokers', deletes them), what a package says.

mod chains;
mod due;
mod error;
mod files;
mod one;
mod run;
mod shelf;

pub use due::{Due, Forecast, Kept};
pub use error::RetentionError;
pub use one::receipt;
pub use run::{Deleted, Retention};
pub use shelf::Shelf;
