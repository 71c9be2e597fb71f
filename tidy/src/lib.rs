//! Tests on the shape of the house; nothing here is part of the program.
//!
//! `tests/purity.rs` holds the pure crates to their dependencies and lints, `tests/licences.rs` every
//! crate to the licence list in `deny.toml`, `tests/docs.rs` the links and anchors of the pages,
//! `tests/layout.rs` file sizes, crate introductions and stray machine paths, `tests/invariants.rs`
//! the registry of promises ([`invariants::REGISTRY`]) to tests that exist, `tests/boundary.rs` the
//! words that have no business in a product that recognises nobody.
//!
//! Deliberately absent: anything another crate could call, and tests of behaviour; those stand
//! beside the code.

pub mod invariants;
pub mod markdown;
pub mod metadata;
pub mod source;
pub mod spdx;
