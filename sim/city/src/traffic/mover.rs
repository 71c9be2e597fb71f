//! A vehicle, or a person on foot.

use wayside_proto::RoadUserClass;

use super::judge::Deeds;
use super::path::Path;
use crate::sensor::Noise;

/// What a driver is set on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plan {
    /// Keeps the rules.
    Keeps,
    /// Does not stop at red.
    RunsRed,
    /// Stops beyond the line, so many metres.
    StopsBeyond(f64),
    /// Stops with the front at `at_s`, for `for_s` seconds.
    StopsAt {
        /// Place along the way, metres.
        at_s: f64,
        /// Seconds.
        for_s: f64,
    },
}

/// Who moves.
#[derive(Clone, Debug)]
pub(crate) struct Mover {
    pub(crate) id: u64,
    pub(crate) path: Path,
    pub(crate) class: RoadUserClass,
    pub(crate) length_m: f64,
    pub(crate) width_m: f64,
    /// Offset to the left of the way, metres.
    pub(crate) aside_m: f64,
    /// Front, metres along the way.
    pub(crate) s: f64,
    /// Speed, metres a second.
    pub(crate) v: f64,
    /// Speed that is wanted on a free road.
    pub(crate) v_wanted: f64,
    /// How far before the line the driver stops, metres.
    pub(crate) stops_short_m: f64,
    pub(crate) plan: Plan,
    /// Microseconds at which a planned stop began.
    pub(crate) stopped_us: Option<i64>,
    pub(crate) deeds: Deeds,
    pub(crate) noise: Noise,
}

impl Mover {
    /// Across and out of the front.
    pub(crate) fn front(&self) -> (f64, f64) {
        self.path.at(self.s, self.aside_m)
    }

    /// Across and out of the middle of the footprint.
    pub(crate) fn centre(&self) -> (f64, f64) {
        self.path.at(self.s - self.length_m / 2.0, self.aside_m)
    }
}
