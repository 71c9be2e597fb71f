//! What `wayside retention` says, and retention inside `wayside run`; what it does is in `wayside-retention`.

pub(crate) mod text;
mod thread;

pub(crate) use thread::{Keeping, RetentionThread};
