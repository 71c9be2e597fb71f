//! A seeded city of junctions: tracks, signals, passages, and what is true of them.
