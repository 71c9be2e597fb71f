//! Accounts over the wire: a real listener, real cookies, a real file. Each attack is a test.

mod common;
mod csrf;
mod guessing;
mod inputs;
mod links;
mod log;
mod manage;
mod oidc;
mod openapi;
mod own_sessions;
mod passkeys;
mod proxy;
mod roles;
mod sessions;
mod settings;
