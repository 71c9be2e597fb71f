//! Review, composed: bus, desk, store, keys, plate reader, webhooks, the API.

mod plates;
mod service;
mod store;
mod token;

pub(crate) use service::serve;
pub(crate) use token::{secret, token, vault_key};
