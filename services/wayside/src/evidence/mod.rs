//! Evidence packages, composed: keys, store, pictures, the thread that serves.
//!
//! `wayside evidence` asks workers over HTTP, `wayside run --evidence` the worker of its own process,
//! `wayside replay --evidence` the recording; all through `wayside-evidence`.

mod credentials;
mod own;
mod recording;
mod seal;
mod service;
mod texts;
mod thread;

pub(crate) use own::own_worker;
pub(crate) use recording::{Recorded, Recording, record};
pub(crate) use seal::{Packing, SealArgs, Sealing, about, store};
pub(crate) use service::{asking, serve};
pub(crate) use thread::{EvidenceThread, Making};
