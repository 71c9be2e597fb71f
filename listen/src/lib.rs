//! Serves a router over HTTP/1.1, with TLS or without, on threads of its own.
//!
//! What a stranger could make slow is bounded here: the head of a request, the handshake before it, the end. What a
//! request may do, and who may ask, is the router's.
//!
//! Deliberately absent: routes, tokens, HTTP/2 (whose streams would need bounds of their own), and a way to begin
//! without having the address.

mod bound;
mod error;
mod server;
mod tls;

pub use bound::Bound;
pub use error::ListenError;
pub use server::{Listening, Options};
pub use tls::TlsFiles;
