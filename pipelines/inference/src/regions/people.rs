//! Where a person can stand: on the road, on crossings and where one waits for them, on the strips
//! beside the road, on islands between its halves.

use wayside_site::geometry::{CameraModel, Polygon, Polyline, Vec2};
use wayside_site::model::SiteFile;

use super::places::{COUNT_MAX, PERSON, Place, along, inside, place, thin};

/// Distances from the edge of a lane at which people walk beside the road, metres. Where another
/// lane lies there, the place is one on the road.
const BESIDE_M: [f64; 2] = [1.0, 3.5];

/// Distances behind the ends of a crossing at which people wait, metres.
const WAITING_M: [f64; 2] = [0.7, 2.5];

/// Distance between places on a crossing, metres.
const CROSSING_STEP_M: f64 = 1.5;

/// Height in the picture from which a person is large enough to be looked for, pixels.
pub(super) const PERSON_PX_MIN: f64 = 16.0;

/// The places where this camera would see a person who is large enough to be found; each counts
/// alike.
pub(super) fn people(site: &SiteFile, camera: &CameraModel) -> Vec<Place> {
    let mut spots: Vec<(Vec2, Vec2)> = Vec::new();
    for crossing in &site.crossings {
        let [a, b] = crossing.axis_m.map(|[x, y]| Vec2::new(x, y));
        on_crossing(a, b, crossing.width_m, &mut spots);
    }
    for lane in &site.lanes {
        let line = Polyline::new(&lane.centreline_m);
        let mut middle = Vec::new();
        along(&line, &mut middle);
        for &(at, heading) in &middle {
            let across = Vec2::new(-heading.y, heading.x);
            spots.push((at, heading));
            for beside in BESIDE_M {
                let off = across * (lane.width_m / 2.0 + beside);
                spots.extend([(at + off, heading), (at - off, heading)]);
            }
        }
    }
    for area in &site.conflict_areas {
        inside(&Polygon::new(&area.polygon_m), &mut spots);
    }
    let seen: Vec<Place> = spots
        .into_iter()
        .filter_map(|(at, heading)| place(camera, at, heading, &PERSON, 1.0))
        .filter(|place| place.height_px() >= PERSON_PX_MIN)
        .collect();
    thin(&seen, COUNT_MAX).copied().collect()
}

/// The band of a crossing, and behind both of its ends.
fn on_crossing(a: Vec2, b: Vec2, width_m: f64, spots: &mut Vec<(Vec2, Vec2)>) {
    let (way, length) = (b - a, (b - a).norm());
    if !(length > 0.0 && length.is_finite() && width_m.is_finite()) {
        return;
    }
    let way = way / length;
    let across = Vec2::new(-way.y, way.x) * (width_m / 2.0);
    let steps = ((length / CROSSING_STEP_M) as usize).min(200);
    let on = (0..=steps).map(|step| length * step as f64 / steps.max(1) as f64);
    let waiting = WAITING_M.into_iter().flat_map(|off| [-off, length + off]);
    for at in on.chain(waiting).map(|distance| a + way * distance) {
        spots.extend([(at, way), (at + across, way), (at - across, way)]);
    }
}
