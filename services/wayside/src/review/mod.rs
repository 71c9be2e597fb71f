//! Review, composed: bus, desk, store, keys, plate reader, webhooks, the API.
//!
//! `wayside review` runs it in a process of its own, `wayside run --review` beside the cameras: the embedded log is
//! one process's.

mod home;
mod metrics;
mod plates;
mod service;
mod start;
mod store;
mod token;

pub(crate) use home::Home;
pub(crate) use service::serve;
pub(crate) use start::{Reviewing, Running, Surroundings};
pub(crate) use token::{secret, token, vault_key};
