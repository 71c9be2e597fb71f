//! JSON for people and scripts.
