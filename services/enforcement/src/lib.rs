//! Runs the rules over the event bus.
//!
//! Deliberately absent: pictures, and the rules themselves.
