//! A seeded city of junctions: tracks, signals, passages, and what is true of them.
//!
//! [`City`] has N cameras, four to a junction, one an arm. [`Junction`] yields the [`Event`]s of one
//! site in order of event time, a frame interval at a time, in constant memory: signal reports,
//! observations, and the [`Truth`] of each violation that was staged. `traffic` moves vehicles and
//! people exactly, `sensor` sees them as a camera would (noise, covariances, missed frames, gaps),
//! [`Cycle`] runs the signals, `site_file` writes the map that the loader of `wayside-site` accepts.
//! [`Tape`] is a stretch of a site's stream that is encoded once and played for many sites; a
//! [`SiteStream`] yields [`Message`]s from either, a [`SectionStream`] the passages between two sites, and
//! [`Poison`] spoils some of them.
//!
//! Pure, and the same bytes for the same seed on every machine: an own small generator, `libm` for
//! logarithms and turns, no clock, no disk. Deliberately absent: the rules (truth comes from exact
//! motion, not from the engine that it is to check), pictures, the bus, anything about people but
//! where they walk.

mod camera;
mod city;
mod cycle;
mod event;
mod junction;
mod message;
mod names;
mod options;
mod poison;
mod rng;
mod road;
mod section;
mod sensor;
mod site_file;
mod stream;
mod tape;
mod traffic;

pub use city::City;
pub use cycle::{CYCLE_US, Change, Cycle};
pub use event::{Event, Truth};
pub use junction::Junction;
pub use message::Message;
pub use names::{CAMERAS_PER_SITE, camera_names, site_name};
pub use options::{CAMERAS_MAX, CityOptions, FPS_MAX, OptionsError};
pub use poison::{Fault, Keyed, Poison};
pub use rng::Rng;
pub use section::{SectionPlan, SectionStream};
pub use stream::SiteStream;
pub use tape::{Tape, TapePlayer};
