//! The routes, one file for each kind of thing.

pub(super) mod events;
pub(super) mod live;
pub(super) mod overview;
pub(super) mod signs;
pub(super) mod site;
pub(super) mod trust;
