//! The evidence package: one file that stands alone, and what verifying it says.
//!
//! [`Draft::seal`] builds it, [`Package::open`] reads it, [`verify`] says in words what holds and what
//! does not, [`replay`] judges its observations anew. `part` lists what is in it, `zip` is the container
//! (a strict form of ZIP that ordinary tools open), `manifest` the description that is signed, `seal`
//! the signature (COSE_Sign1, Ed25519, detached), `keys` the keys, `select` how much of a recording a
//! package needs, `derive` how each quantity arises.
//!
//! The same draft, key and link give the same bytes. There is one form of every package: whatever is
//! not that form is refused, and the place is named.
//!
//! Deliberately absent: clocks, disks, randomness, compression (so there is nothing to inflate),
//! pixels, number plates, and keys that could be made here: a key comes from 32 bytes or a file that
//! the caller read.

mod derive;
mod draft;
mod follow;
mod json;
pub mod keys;
mod manifest;
mod package;
mod part;
mod place;
mod seal;
mod select;
mod verify;
mod zip;

pub use draft::{Draft, DraftError, Sealed};
pub use follow::{Replayed, replay};
pub use keys::{KeyError, KeyId, KeyRing, SigningKey, Standing, VerifyingKey};
pub use manifest::{
    CalibrationRecord, ChainLink, ClipRecord, ClockRecord, KeyRecord, Manifest, ModelRecord,
    PartRecord, ProgramRecord, QuantityRecord, RedactionEntry, ReplayRecord, SCHEMA, SignalEntry,
    StillRecord,
};
pub use package::{OpenError, Package};
pub use part::{FILE_BYTES_MAX, Part};
pub use place::{Place, Problem};
pub use select::{Needed, observations_needed};
pub use verify::{Check, Finding, Holds, Report, verify, verify_chain};
