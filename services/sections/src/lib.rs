//! Matches vehicles at the two ends of a section and measures their mean speed.
