//! Decides what becomes of each frame of a live camera.
//!
//! Deliberately absent: clocks, sockets, threads, decoders.
