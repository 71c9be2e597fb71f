//! Geometry of a site's things, by id.

use super::Site;
use crate::geometry::{Polygon, Polyline, Vec2};
use crate::model::{
    ConflictArea, Crossing, ExitLine, Lane, NoStoppingZone, Section, SignalGroup, StopLine,
};
use wayside_proto::SectionEnd;

/// Least share of a direction that goes across a line: the cosine of 75 degrees.
const ACROSS_MIN: f64 = 0.258_8;

/// A gate of a section that a camera of this site sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The camera.
    pub camera: String,
    /// The two ends of the line, metres.
    pub line: [Vec2; 2],
    /// Unit vector across the line, the way that vehicles cross it.
    pub direction: Vec2,
    /// Lanes whose vehicles count; all where empty.
    pub lanes: Vec<String>,
}

macro_rules! find {
    ($(#[$doc:meta])* $name:ident -> $kind:ident in $list:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self, id: &str) -> Option<&$kind> {
            self.file().$list.iter().find(|item| item.id == id)
        }
    };
}

impl Site {
    find!(
        /// The stop line with this id.
        stop_line -> StopLine in stop_lines
    );
    find!(
        /// The exit line with this id.
        exit_line -> ExitLine in exit_lines
    );
    find!(
        /// The conflict area with this id.
        conflict_area -> ConflictArea in conflict_areas
    );
    find!(
        /// The crossing with this id.
        crossing -> Crossing in crossings
    );
    find!(
        /// The no-stopping zone with this id.
        no_stopping_zone -> NoStoppingZone in no_stopping_zones
    );
    find!(
        /// The section with this id.
        section -> Section in sections
    );
    find!(
        /// The signal group with this id.
        signal_group -> SignalGroup in signal_groups
    );

    /// The centreline of a lane, in the direction of travel.
    #[must_use]
    pub fn lane_polyline(&self, id: &str) -> Option<Polyline> {
        self.lane(id).map(|lane| Polyline::new(&lane.centreline_m))
    }

    /// The way a stop line is crossed: the unit vector across the line, towards the junction.
    #[must_use]
    pub fn stop_line_direction(&self, id: &str) -> Option<Vec2> {
        let line = self.stop_line(id)?;
        direction(line, line.lanes.iter().filter_map(|lane| self.lane(lane)))
    }

    /// The approach of a stop line: that of the first of its lanes that has one.
    #[must_use]
    pub fn stop_line_approach(&self, id: &str) -> Option<&str> {
        let lanes = &self.stop_line(id)?.lanes;
        lanes.iter().find_map(|lane| self.lane(lane)?.approach.as_deref())
    }

    /// A gate of a section; none where it belongs to another site.
    #[must_use]
    pub fn section_gate(&self, id: &str, end: SectionEnd) -> Option<Gate> {
        let gate = self.section(id)?.gate(end);
        let line = gate.line_m?.map(Vec2::from);
        let lanes = gate.lanes.clone().unwrap_or_default();
        let direction = match gate.direction_deg {
            Some(degrees) => across(line, compass(degrees)),
            None => gate_direction(line, lanes.iter().filter_map(|lane| self.lane(lane))),
        }?;
        Some(Gate { camera: gate.camera.clone()?, line, direction, lanes })
    }

    /// The polygon of a conflict area.
    #[must_use]
    pub fn conflict_area_polygon(&self, id: &str) -> Option<Polygon> {
        self.conflict_area(id).map(|area| Polygon::new(&area.polygon_m))
    }

    /// The polygon of a no-stopping zone.
    #[must_use]
    pub fn no_stopping_zone_polygon(&self, id: &str) -> Option<Polygon> {
        self.no_stopping_zone(id).map(|zone| Polygon::new(&zone.polygon_m))
    }

    /// The band of a crossing, from kerb to kerb.
    #[must_use]
    pub fn crossing_band(&self, id: &str) -> Option<Polygon> {
        let crossing = self.crossing(id)?;
        let [a, b] = crossing.axis_m.map(Vec2::from);
        Some(Polygon::band(a, b, crossing.width_m))
    }
}

/// The unit vector across the line that points the way its lanes do where they meet it; none
/// where there is no lane, or the lanes contradict each other.
pub(super) fn direction<'a>(
    line: &StopLine,
    lanes: impl Iterator<Item = &'a Lane>,
) -> Option<Vec2> {
    gate_direction(line.line_m.map(Vec2::from), lanes)
}

/// The unit vector in a direction of the compass, degrees clockwise from north.
pub(super) fn compass(degrees: f64) -> Vec2 {
    let (sin, cos) = libm::sincos(degrees.to_radians());
    Vec2::new(sin, cos)
}

/// The unit vector across the line on the side that `direction` points to; none where that runs
/// along the line.
pub(super) fn across([a, b]: [Vec2; 2], direction: Vec2) -> Option<Vec2> {
    let along = (b - a).try_normalize(1e-9)?;
    let normal = Vec2::new(-along.y, along.x);
    let share = normal.dot(&direction);
    (share.abs() >= ACROSS_MIN).then(|| if share > 0.0 { normal } else { -normal })
}

/// As [`direction`], for any line.
pub(super) fn gate_direction<'a>(
    [a, b]: [Vec2; 2],
    lanes: impl Iterator<Item = &'a Lane>,
) -> Option<Vec2> {
    let across = (b - a).try_normalize(1e-9)?;
    let normal = Vec2::new(-across.y, across.x);
    let sum: f64 = lanes
        .filter_map(|lane| Polyline::new(&lane.centreline_m).along((a + b) / 2.0))
        .map(|along| along.direction.dot(&normal))
        .filter(|part| part.is_finite())
        .sum();
    match sum.total_cmp(&0.0) {
        std::cmp::Ordering::Greater => Some(normal),
        std::cmp::Ordering::Less => Some(-normal),
        std::cmp::Ordering::Equal => None,
    }
}
