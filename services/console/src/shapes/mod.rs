//! What the console says, as JSON. Times are RFC 3339 in UTC with microseconds; ground coordinates are metres
//! on the road plane, x east and y north; pixels count from the top left.
//!
//! A key without a value is left out. Numbers are rounded to what they can mean: a millimetre, a tenth of a
//! pixel, a ten-thousandth of a radian.

mod event;
mod live;
mod overview;
mod plan;
mod scene;
mod sign;
mod site_state;
mod track;
mod trust;

pub use event::*;
pub use live::*;
pub use overview::*;
pub use plan::*;
pub use scene::*;
pub use sign::*;
pub use site_state::*;
pub use track::*;
pub use trust::*;

/// Rounds to so many parts of one.
pub(crate) fn rounded(value: f64, parts: f64) -> f64 {
    let scaled = value * parts;
    // Beyond 2^53 there is nothing left to round; a negative zero is none.
    if scaled.abs() < 9e15 { scaled.round() / parts + 0.0 } else { value }
}
