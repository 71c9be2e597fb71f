//! Site files: looked at, composed from what was drawn, and saved without losing what was there.

mod beside;
mod check;
mod compose;
mod shelf;

pub use beside::{LOG_BYTES_MAX, PASSWORD_BYTES_MAX};
pub use check::{Checked, Finding, check, object};
pub use compose::{ComposeError, Composed, compose};
pub use shelf::{ListedCamera, ListedSite, Saved, Shelf, ShelfError, StoredFile};
