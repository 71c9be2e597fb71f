//! The protocol (RFC 2326): requests as bytes, answers as bytes, who may ask. No socket here.

mod digest;
mod request;
mod response;

pub(crate) use digest::{Access, Gate};
pub(crate) use request::{Input, Request, take};
pub(crate) use response::{Response, status};
