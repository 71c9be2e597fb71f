//! Shared by the tests.

pub mod scenario;
