//! The site file: the map of a junction that cameras, rules and signs share.
//!
//! `model` has the types as they stand in the file, `geometry` the road plane (homography, camera
//! model, polygons), `load` reads and validates a file and names line, key and hint of what is
//! wrong, `schema` renders the JSON Schema.
//!
//! Pure: no disk, no clock, no randomness, no hash-ordered iteration; trigonometry comes from
//! `libm`, so that results do not depend on the system's C library. Deliberately absent: pixels,
//! tracks, signal states, and anything about people.

pub mod geometry;
pub mod load;
pub mod model;
pub mod schema;

pub use load::{Gate, SectionDisagreement, Site, SiteError, SiteWarning, sections_agree};
