//! What `wayside retention` says; what it does is in `wayside-retention`.

pub(crate) mod text;
