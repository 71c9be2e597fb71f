//! The evidence package. Being written.
