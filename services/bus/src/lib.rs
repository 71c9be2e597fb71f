//! The event bus of one machine: a durable log in SQLite.
//!
//! Deliberately absent: what the messages mean.
