//! Road users placed in thought along the lanes, as the camera would see them.

use wayside_site::geometry::{CameraModel, Polygon, Polyline, Vec2};
use wayside_site::model::SiteFile;

/// A road user at a place: its box in the picture, and how much the place matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// Left, top, right, bottom, pixels, inside the picture.
    pub(super) box_px: [f64; 4],
    /// How much it matters to see a road user there.
    pub(super) weight: f64,
    /// Who stands there.
    pub(super) kind: Kind,
}

impl Place {
    /// Height of the box, pixels of the picture.
    pub(super) fn height_px(&self) -> f64 {
        self.box_px[3] - self.box_px[1]
    }
}

/// Who stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Car,
    Truck,
    Person,
}

/// Distance between places, metres.
const STEP_M: f64 = 3.0;

/// How far from stop lines, conflict areas and zones the road still matters, metres.
const REACH_M: f64 = 90.0;

/// Within this distance of them rules look closely, metres.
const NEAR_M: f64 = 40.0;

/// Weight of a place near a stop line, conflict area or zone; a place farther off has 1.
const NEAR_WEIGHT: f64 = 3.0;

/// The most places: bounds the time. Beyond it places are thinned out evenly.
pub(super) const COUNT_MAX: usize = 4000;

/// Length, width, height in metres, and how much of the traffic it stands for.
pub(super) struct Body {
    kind: Kind,
    size_m: [f64; 3],
    share: f64,
}

const CAR: Body = Body { kind: Kind::Car, size_m: [4.4, 1.8, 1.5], share: 1.0 };
const TRUCK: Body = Body { kind: Kind::Truck, size_m: [9.0, 2.5, 3.3], share: 0.2 };
pub(super) const PERSON: Body = Body { kind: Kind::Person, size_m: [0.6, 0.6, 1.75], share: 0.15 };

/// Boxes lower than this are out of reach for any region, pixels.
const HEIGHT_PX_MIN: f64 = 8.0;

/// Share of a box that must lie inside the picture.
const INSIDE_MIN: f64 = 0.6;

/// The places that this camera sees.
pub(super) fn places(site: &SiteFile, camera: &CameraModel) -> Vec<Place> {
    let marks = marks(site);
    let mut spots: Vec<(Vec2, Vec2)> = Vec::new();
    for lane in &site.lanes {
        along(&Polyline::new(&lane.centreline_m), &mut spots);
    }
    for polygon in site
        .conflict_areas
        .iter()
        .map(|area| &area.polygon_m)
        .chain(site.no_stopping_zones.iter().map(|zone| &zone.polygon_m))
    {
        inside(&Polygon::new(polygon), &mut spots);
    }
    let mut places = Vec::new();
    for &(at, heading) in thin(&spots, COUNT_MAX) {
        let Some(weight) = weight(at, &marks) else { continue };
        for body in [&CAR, &TRUCK] {
            places.extend(place(camera, at, heading, body, weight));
        }
    }
    let mut people = Vec::new();
    for crossing in &site.crossings {
        along(&Polyline::new(&crossing.axis_m), &mut people);
    }
    for &(at, heading) in thin(&people, COUNT_MAX) {
        places.extend(place(camera, at, heading, &PERSON, NEAR_WEIGHT));
    }
    places
}

/// Every so many, so that at most `count_max` are left.
pub(super) fn thin<T>(all: &[T], count_max: usize) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(count_max.max(1)).max(1))
}

/// Points along a line, with its direction.
pub(super) fn along(line: &Polyline, spots: &mut Vec<(Vec2, Vec2)>) {
    for pair in line.points().windows(2) {
        let way = pair[1] - pair[0];
        let length = way.norm();
        if !(length > 0.0 && length.is_finite()) {
            continue;
        }
        let steps = ((length / STEP_M) as usize).min(COUNT_MAX);
        let direction = way / length;
        spots.extend((0..=steps).map(|i| (pair[0] + direction * (i as f64 * STEP_M), direction)));
    }
}

/// Points of a grid inside an area, with both directions of the grid: vehicles turn there.
pub(super) fn inside(area: &Polygon, spots: &mut Vec<(Vec2, Vec2)>) {
    let (mut low, mut high) = (Vec2::repeat(f64::INFINITY), Vec2::repeat(f64::NEG_INFINITY));
    for corner in area.corners() {
        (low, high) = (low.inf(corner), high.sup(corner));
    }
    let steps = |from: f64, to: f64| {
        if (to - from).is_finite() { (((to - from) / STEP_M) as usize).min(60) } else { 0 }
    };
    for row in 0..=steps(low.y, high.y) {
        for column in 0..=steps(low.x, high.x) {
            let at = low + Vec2::new(column as f64, row as f64) * STEP_M;
            if area.contains(at) {
                spots.push((at, if (row + column) % 2 == 0 { Vec2::x() } else { Vec2::y() }));
            }
        }
    }
}

/// Points that rules are about.
fn marks(site: &SiteFile) -> Vec<Vec2> {
    let point = |&[x, y]: &[f64; 2]| Vec2::new(x, y);
    site.stop_lines
        .iter()
        .flat_map(|line| line.line_m.iter())
        .chain(site.conflict_areas.iter().flat_map(|area| area.polygon_m.iter()))
        .chain(site.no_stopping_zones.iter().flat_map(|zone| zone.polygon_m.iter()))
        .chain(site.crossings.iter().flat_map(|crossing| crossing.axis_m.iter()))
        .map(point)
        .collect()
}

/// How much a place matters; none beyond the reach. Without marks every place matters alike.
fn weight(at: Vec2, marks: &[Vec2]) -> Option<f64> {
    let nearest = marks.iter().map(|mark| (mark - at).norm()).fold(f64::INFINITY, f64::min);
    match nearest {
        _ if marks.is_empty() => Some(1.0),
        near if near <= NEAR_M => Some(NEAR_WEIGHT),
        far if far <= REACH_M => Some(1.0),
        _ => None,
    }
}

/// The box of a body whose middle is at `at`; none where the camera does not see enough of it.
pub(super) fn place(
    camera: &CameraModel,
    at: Vec2,
    heading: Vec2,
    body: &Body,
    weight: f64,
) -> Option<Place> {
    let [length, width, height] = body.size_m;
    let (ahead, aside) =
        (heading * (length / 2.0), Vec2::new(-heading.y, heading.x) * (width / 2.0));
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for corner in [at + ahead + aside, at + ahead - aside, at - ahead + aside, at - ahead - aside] {
        for z in [0.0, height] {
            let pixel = camera.project(corner, z)?;
            for axis in 0..2 {
                low[axis] = low[axis].min(pixel[axis]);
                high[axis] = high[axis].max(pixel[axis]);
            }
        }
    }
    let (w, h) = camera.size_px();
    let (w, h) = (f64::from(w), f64::from(h));
    let whole = (high[0] - low[0]) * (high[1] - low[1]);
    let box_px = [low[0].max(0.0), low[1].max(0.0), high[0].min(w), high[1].min(h)];
    let seen = (box_px[2] - box_px[0]).max(0.0) * (box_px[3] - box_px[1]).max(0.0);
    let tall = box_px[3] - box_px[1] >= HEIGHT_PX_MIN;
    // Something as large as the picture is the camera's own mast or a mistake of the plan.
    let sound = whole.is_finite() && whole < 4.0 * w * h && seen >= INSIDE_MIN * whole;
    (tall && sound).then_some(Place { box_px, weight: weight * body.share, kind: body.kind })
}
