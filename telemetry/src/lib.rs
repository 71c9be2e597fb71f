//! What operators see of a running worker: metrics, health pages, traces.
//!
//! Deliberately absent: anything about a road user.
