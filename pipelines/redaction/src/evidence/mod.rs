//! Redaction of evidence by allow-list: the offending vehicle and the static background stay clear,
//! everything else is hidden, whether a detector found it or not.
//!
//! Two passes over the pictures of one clip. The first, [`Observer`], learns the static background and
//! links what detectors saw; [`Observer::finish`] gives a [`Plan`], or says why the clip cannot be
//! redacted. The second, [`Plan::apply`], hides. Both take the same pictures in the same order.
//!
//! What stays clear in a frame is what equals the background and was never taken for a road user, and
//! the inside of the offending vehicle's box less other road users, faces and people in it, as an [`Outline`] of the
//! vehicle corrects that where there is one (`region`). All else is replaced (`mosaic` says by what, and why
//! deblurring has nothing to work on).
//!
//! Deliberately absent: decoding, detectors, recognition. Where the background cannot be told, there is
//! no partial result: [`NotRedactable`].

mod background;
mod boxes;
mod cells;
mod change;
mod error;
mod frame;
mod half;
mod hidden;
mod look;
mod mask;
mod mosaic;
mod observer;
mod outline;
mod plan;
mod region;
mod settings;
mod shape;
mod sightings;
mod standing;
mod steady;
mod subject;
mod tracks;

pub use error::NotRedactable;
pub use hidden::{Hidden, Totals};
pub use look::Look;
pub use mask::Mask;
pub use observer::Observer;
pub use outline::Outline;
pub use plan::Plan;
pub use settings::{Occupants, Settings};
pub use sightings::FrameSightings;

/// Name and version of the method, for records.
pub const METHOD: &str = "wayside-allow-list 2";
