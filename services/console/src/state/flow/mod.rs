//! Flow and occupancy of a site's lanes by the minute, out of observations.
//!
//! *Flow*: a vehicle counts in a lane once it has driven 10 m in it, by the middle of its footprint, and once
//! in each lane; it is in the lane that holds its front. As `wayside-rules` counts flow, per minute of UTC.
//!
//! *Occupancy*: the share of the observed time in which the footprint of a vehicle covers the lane's counting
//! point. That is what a point detector in the road measures: time occupancy, the sum of the times that the
//! detector is occupied over the length of the period (Traffic Detector Handbook, 3rd edition, FHWA-HRT-06-108,
//! 2006; the same in the Highway Capacity Manual). A frame speaks for the time since the frame before it, one
//! second at most; gaps are time that was not observed and count neither way.
//!
//! A lane is counted by one camera, the one that sees most of it, so that nobody counts twice. The counting
//! point is the middle of what that camera sees of the lane's centreline. Bicycles count as vehicles, people do
//! not.

mod driven;
mod lane;

use std::collections::BTreeMap;

use wayside_proto::{CameraId, Content, EventTime, Observation, RoadUserClass, RunId, TrackId};
use wayside_site::Site;
use wayside_site::geometry::{Polygon, Vec2, direction};

use self::driven::Driven;
use self::lane::Lane;
use super::limits::DRIVEN_MAX;
use crate::shapes::LaneFlow;

/// Time for which one frame may speak, seconds.
const FRAME_SPEAKS_S: f64 = 1.0;
/// A track that was not seen for so long has ended, seconds.
const TRACK_ENDS_S: f64 = 30.0;

/// The lanes of one site.
#[derive(Debug, Default)]
pub(super) struct Flow {
    lanes: Vec<Lane>,
    cameras: BTreeMap<CameraId, Seen>,
    /// Road users that were not followed.
    pub(super) dropped: u64,
}

/// What one camera has seen.
#[derive(Debug, Default)]
struct Seen {
    run: Option<RunId>,
    last: Option<EventTime>,
    driven: BTreeMap<TrackId, Driven>,
}

impl Flow {
    /// Counts for the lanes of this site from now on; lanes that stay as they are keep their minutes.
    pub(super) fn fit(&mut self, site: &Site) {
        let mut before = std::mem::take(&mut self.lanes);
        self.lanes = lane::of(site);
        for lane in &mut self.lanes {
            if let Some(known) = before.iter_mut().find(|known| known.is_like(lane)) {
                lane.minutes = std::mem::take(&mut known.minutes);
            }
        }
        self.cameras.clear();
    }

    /// Takes an observation.
    pub(super) fn observe(&mut self, seen: &Observation) {
        if !self.lanes.iter().any(|lane| lane.camera == seen.camera) {
            return;
        }
        let camera = self.cameras.entry(seen.camera.clone()).or_default();
        if camera.run.as_ref() != Some(&seen.run) {
            *camera = Seen { run: Some(seen.run.clone()), ..Seen::default() };
        }
        let tracks = match &seen.content {
            Content::Tracks { tracks, .. } => tracks,
            Content::Gap(gap) => {
                camera.last = camera.last.max(Some(gap.to));
                return;
            }
        };
        let Some(dt_s) = camera.last.map_or(Some(0.0), |last| {
            let dt_s = seen.time.since_s(last);
            (dt_s > 0.0).then(|| dt_s.min(FRAME_SPEAKS_S))
        }) else {
            return;
        };
        camera.last = Some(seen.time);
        for track in tracks.iter().filter(|track| track.class != RoadUserClass::Person) {
            let numbers = [
                track.front_m[0],
                track.front_m[1],
                track.heading_rad,
                track.length_m,
                track.width_m,
            ];
            if !numbers.iter().all(|number| number.is_finite()) {
                continue;
            }
            let front = Vec2::from(track.front_m);
            let centre = front - direction(track.heading_rad) * (track.length_m / 2.0);
            let reach_m = track.length_m + track.width_m;
            let mut nearest: Option<(f64, usize, Vec2)> = None;
            for (index, lane) in self.lanes.iter_mut().enumerate() {
                if lane.camera != seen.camera {
                    continue;
                }
                if !lane.covered && (lane.point - front).norm() <= reach_m {
                    let footprint =
                        Polygon::footprint(front, track.heading_rad, track.length_m, track.width_m);
                    lane.covered = footprint.contains(lane.point);
                }
                if let Some((off_m, way)) = lane.holds(front)
                    && nearest.is_none_or(|(least_m, _, _)| off_m < least_m)
                {
                    nearest = Some((off_m, index, way));
                }
            }
            if !camera.driven.contains_key(&track.id) && camera.driven.len() >= DRIVEN_MAX {
                self.dropped += 1;
                continue;
            }
            let driven = camera.driven.entry(track.id).or_default();
            let lane = nearest.map(|(_, index, way)| (index, way));
            if let Some(index) = driven.step(seen.time, centre, lane)
                && let Some(lane) = self.lanes.get_mut(index)
            {
                lane.minutes.vehicle(seen.time);
            }
        }
        let (id, time) = (&seen.camera, seen.time);
        for lane in self.lanes.iter_mut().filter(|lane| lane.camera == *id) {
            let covered = std::mem::take(&mut lane.covered);
            lane.minutes.observed(time, dt_s, covered);
        }
        camera.driven.retain(|_, driven| time.since_s(driven.seen) < TRACK_ENDS_S);
    }

    /// The last hour of each lane, in the order of the site file.
    pub(super) fn all(&self, now: EventTime) -> Vec<LaneFlow> {
        let lanes = self.lanes.iter();
        lanes
            .map(|lane| LaneFlow {
                lane: lane.id.clone(),
                camera: lane.camera.0.clone(),
                minutes: lane.minutes.shown(now),
            })
            .collect()
    }
}
