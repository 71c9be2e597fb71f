//! What a camera makes of exact motion.
//!
//! `noise` has the errors of one track, `view` the picture, `track` the states. Errors follow each
//! other (a tracker smooths), so that a standing vehicle does not dance.

mod noise;
mod track;
mod view;

pub(crate) use noise::Noise;
pub(crate) use track::see;
pub(crate) use view::{HEIGHT_PX, View, WIDTH_PX};
