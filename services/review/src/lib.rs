//! Review over HTTP, and citations on their way out.
//!
//! Being written.
#![warn(missing_docs)]

pub mod auth;
mod clock;
pub mod http;
mod letters;
pub mod webhooks;

pub use clock::Clock;
