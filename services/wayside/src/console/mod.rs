//! The console, composed: accounts, live state, review's API, what engineers do, signs.

mod engine;
mod judged;
mod kept;
mod logs;
mod pictures;
mod receipts;
mod replayed;
mod scenes;
mod serve;
mod sessions;
mod signs;
mod start;
mod waiting;
mod workers;

pub(crate) use pictures::Cameras;
pub(crate) use serve::serve;
pub(crate) use sessions::Sessions;
pub(crate) use start::{Console, Opened, Surroundings};
