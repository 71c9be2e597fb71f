//! In which lanes a point lies.

use wayside_site::geometry::Along;

use crate::map::{LATERAL_M_MAX, Map};
use crate::track::Sample;

/// Lanes that are looked at around one point.
const HITS_MAX: usize = 6;

/// A lane that the front lies in, or may lie in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LaneHit {
    pub(crate) lane: usize,
    pub(crate) along: Along,
    /// The best estimate lies in the lane.
    pub(crate) inside: bool,
    /// It does so beyond 1.96 standard deviations of its lateral position.
    pub(crate) certain: bool,
}

/// The lanes at a point, in the order of the site file; no allocation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LaneHits {
    hits: [Option<LaneHit>; HITS_MAX],
}

impl LaneHits {
    pub(crate) fn at(map: &Map, sample: &Sample) -> Self {
        let mut hits = Self::default();
        let mut free = hits.hits.iter_mut();
        for (index, lane) in map.lanes.iter().enumerate() {
            if !lane.bounds.contains(sample.front) {
                continue;
            }
            let Some(along) = lane.centreline.along(sample.front) else { continue };
            if along.beyond {
                continue;
            }
            let sigma = sample.cov.sigma_along(-along.direction.y, along.direction.x);
            let margin_m = (1.96 * sigma).min(LATERAL_M_MAX);
            let off = along.left_m.abs();
            if off > lane.half_width_m + margin_m {
                continue;
            }
            let Some(place) = free.next() else { break };
            *place = Some(LaneHit {
                lane: index,
                along,
                inside: off <= lane.half_width_m,
                certain: off + margin_m <= lane.half_width_m,
            });
        }
        hits
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &LaneHit> {
        self.hits.iter().map_while(Option::as_ref)
    }
}
