//! The site, compiled once into what the rules ask every state.

use wayside_proto::{EventTime, RoadUserClass, SiteId};
use wayside_site::Site;
use wayside_site::geometry::{Polygon, Polyline, Vec2};
use wayside_site::model::{self, Rules};

use crate::bounds::Bounds;
use crate::hours::Hours;

/// How far from a stop line its watch begins, metres.
const WATCH_M: f64 = 30.0;
/// How far sideways a stop line is extended, metres.
const LINE_MARGIN_M: f64 = 0.5;
/// The largest lateral uncertainty that is looked at, metres.
pub(crate) const LATERAL_M_MAX: f64 = 3.0;

pub(crate) struct Map {
    pub(crate) site: SiteId,
    pub(crate) start: EventTime,
    pub(crate) rules: Rules,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) lines: Vec<Line>,
    pub(crate) exits: Vec<Exit>,
    pub(crate) areas: Vec<Area>,
    pub(crate) zones: Vec<Area>,
    pub(crate) crossings: Vec<Crossing>,
}

pub(crate) struct Lane {
    pub(crate) id: String,
    pub(crate) approach: Option<String>,
    pub(crate) centreline: Polyline,
    pub(crate) half_width_m: f64,
    pub(crate) bounds: Bounds,
    pub(crate) middle: Vec2,
    /// The classes that may use it, as bits; none where all may.
    pub(crate) classes: Option<u8>,
    pub(crate) hours: Hours,
    /// Places of the exits in [`Map::exits`]; none where any may be taken.
    pub(crate) exits: Option<Vec<usize>>,
    /// The stop line at its end.
    pub(crate) line: Option<usize>,
}

/// A stop line. `along` points the way that it is crossed, `across` from one end to the other.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) end: Vec2,
    pub(crate) along: Vec2,
    pub(crate) across: Vec2,
    pub(crate) length_m: f64,
    pub(crate) watch: Bounds,
    pub(crate) lanes: Vec<usize>,
    pub(crate) group: Option<String>,
    pub(crate) area: Option<usize>,
}

pub(crate) struct Exit {
    pub(crate) id: String,
    pub(crate) ends: [Vec2; 2],
    pub(crate) bounds: Bounds,
}

pub(crate) struct Area {
    pub(crate) id: String,
    pub(crate) polygon: Polygon,
    pub(crate) bounds: Bounds,
    /// Classes that may stand there, as bits.
    pub(crate) exempt: u8,
}

/// A crossing. `along` is the unit vector from kerb to kerb.
pub(crate) struct Crossing {
    pub(crate) id: String,
    pub(crate) kerb: Vec2,
    pub(crate) along: Vec2,
    pub(crate) length_m: f64,
    pub(crate) half_width_m: f64,
    pub(crate) split_m: f64,
    pub(crate) band: Polygon,
    pub(crate) bounds: Bounds,
    pub(crate) group: Option<String>,
}

/// A point as seen from a stop line: how far beyond it, and how far from its first end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromLine {
    pub(crate) beyond_m: f64,
    pub(crate) sideways_m: f64,
}

impl Line {
    pub(crate) fn see(&self, point: Vec2) -> FromLine {
        let offset = point - self.end;
        FromLine { beyond_m: offset.dot(&self.along), sideways_m: offset.dot(&self.across) }
    }

    pub(crate) fn is_beside(&self, sideways_m: f64) -> bool {
        (-LINE_MARGIN_M..=self.length_m + LINE_MARGIN_M).contains(&sideways_m)
    }
}

impl Map {
    pub(crate) fn new(site: &Site) -> Self {
        let file = site.file();
        let exits: Vec<Exit> = file.exit_lines.iter().map(exit).collect();
        let mut lanes: Vec<Lane> = file
            .lanes
            .iter()
            .filter(|lane| lane.centreline_m.len() >= 2)
            .map(|lane| compile_lane(lane, &exits, &file.site.timezone))
            .collect();
        let areas: Vec<Area> = file
            .conflict_areas
            .iter()
            .map(|area| compile_area(&area.id, &area.polygon_m, &[]))
            .collect();
        let lines: Vec<Line> =
            file.stop_lines.iter().filter_map(|line| compile_line(line, &lanes, &areas)).collect();
        for (index, line) in lines.iter().enumerate() {
            for &lane in &line.lanes {
                lanes[lane].line = Some(index);
            }
        }
        Self {
            site: site.id(),
            start: site.start(),
            rules: file.rules.clone(),
            lanes,
            lines,
            exits,
            areas,
            zones: file
                .no_stopping_zones
                .iter()
                .map(|zone| compile_area(&zone.id, &zone.polygon_m, &zone.exempt))
                .collect(),
            crossings: file.crossings.iter().map(compile_crossing).collect(),
        }
    }

    /// The first lane whose band holds the point.
    pub(crate) fn lane_at(&self, point: Vec2) -> Option<usize> {
        self.lanes.iter().position(|lane| {
            lane.bounds.contains(point)
                && lane
                    .centreline
                    .along(point)
                    .is_some_and(|along| !along.beyond && along.left_m.abs() <= lane.half_width_m)
        })
    }
}

/// The bit of a class in a set of classes.
pub(crate) fn class_bit(class: RoadUserClass) -> u8 {
    1 << (class as u8)
}

fn class_bits(classes: &[model::ClassName]) -> u8 {
    classes.iter().fold(0, |bits, &class| bits | class_bit(class.into()))
}

fn vec(point: [f64; 2]) -> Vec2 {
    Vec2::new(point[0], point[1])
}

fn exit(exit: &model::ExitLine) -> Exit {
    let ends = exit.line_m.map(vec);
    Exit { id: exit.id.clone(), ends, bounds: Bounds::around(ends, 0.5) }
}

fn compile_lane(lane: &model::Lane, exits: &[Exit], timezone: &str) -> Lane {
    let centreline = Polyline::new(&lane.centreline_m);
    let half_width_m = lane.width_m / 2.0;
    let bounds = Bounds::around(centreline.points().iter().copied(), half_width_m + LATERAL_M_MAX);
    let half = centreline.length_m() / 2.0;
    Lane {
        id: lane.id.clone(),
        approach: lane.approach.clone(),
        middle: point_at(&centreline, half),
        half_width_m,
        bounds,
        classes: lane.classes.as_deref().map(class_bits),
        hours: Hours::new(&lane.hours, timezone),
        exits: lane.exits.as_ref().map(|allowed| {
            (0..exits.len()).filter(|&index| allowed.contains(&exits[index].id)).collect()
        }),
        line: None,
        centreline,
    }
}

fn point_at(line: &Polyline, distance_m: f64) -> Vec2 {
    let mut left = distance_m;
    let points = line.points();
    for pair in points.windows(2) {
        let length = (pair[1] - pair[0]).norm();
        if left <= length && length > 0.0 {
            return pair[0] + (pair[1] - pair[0]) * (left / length);
        }
        left -= length;
    }
    points.last().copied().unwrap_or_default()
}

fn compile_line(line: &model::StopLine, lanes: &[Lane], areas: &[Area]) -> Option<Line> {
    let indices: Vec<usize> =
        (0..lanes.len()).filter(|&index| line.lanes.contains(&lanes[index].id)).collect();
    let points = lanes.get(*indices.first()?)?.centreline.points();
    let [.., before, last] = points else { return None };
    let travel = last - before;
    let ends = line.line_m.map(vec);
    let span = ends[1] - ends[0];
    let length_m = span.norm();
    if length_m <= 0.0 {
        return None;
    }
    let across = span / length_m;
    let normal = Vec2::new(-across.y, across.x);
    let along = if normal.dot(&travel) >= 0.0 { normal } else { -normal };
    Some(Line {
        id: line.id.clone(),
        end: ends[0],
        along,
        across,
        length_m,
        watch: Bounds::around(ends, WATCH_M),
        lanes: indices,
        group: line.signal_group.clone(),
        area: line
            .conflict_area
            .as_ref()
            .and_then(|id| areas.iter().position(|area| area.id == *id)),
    })
}

fn compile_area(id: &str, corners: &[[f64; 2]], exempt: &[model::ClassName]) -> Area {
    let polygon = Polygon::new(corners);
    let bounds = Bounds::around(polygon.corners().iter().copied(), 0.0);
    Area { id: id.to_owned(), polygon, bounds, exempt: class_bits(exempt) }
}

fn compile_crossing(crossing: &model::Crossing) -> Crossing {
    let [kerb, other] = crossing.axis_m.map(vec);
    let span = other - kerb;
    let length_m = span.norm().max(f64::MIN_POSITIVE);
    let band = Polygon::band(kerb, other, crossing.width_m);
    let bounds = Bounds::around(band.corners().iter().copied(), 0.0);
    Crossing {
        id: crossing.id.clone(),
        kerb,
        along: span / length_m,
        length_m,
        half_width_m: crossing.width_m / 2.0,
        split_m: crossing.split_at * length_m,
        band,
        bounds,
        group: crossing.signal_group.clone(),
    }
}
