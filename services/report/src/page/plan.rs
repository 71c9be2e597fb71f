//! The junction from above, in metres, with the paths of the tracks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wayside_proto::{EventTime, RoadUserClass, TrackId};
use wayside_site::Site;
use wayside_site::geometry::{Polygon, Vec2};
use wayside_site::model::{Lane, MetrePoint};

use super::data::{ReportData, TrackPath};
use super::simplify::simplify;
use super::words::{escape, offset};

/// How far a drawn path may lie beside the true one, metres.
const TOLERANCE_M: f64 = 0.2;
/// Size of the drawing at most, bytes; beyond it paths are simplified further.
const BYTES_MAX: usize = 900_000;

/// The drawing, and what had to be left out (an empty text where nothing).
pub(crate) struct Plan {
    pub(crate) svg: String,
    pub(crate) note: String,
}

/// The plan as SVG: lanes, lines, areas, crossings, thin paths by class, violating paths bold with a
/// mark where (at the given instant) the event was.
pub(crate) fn plan(
    site: &Site,
    data: &ReportData,
    violating: &BTreeMap<TrackId, EventTime>,
) -> Plan {
    let frame = Frame::of(site, data);
    let ground = frame.site(site);
    let (thin, bold): (Vec<_>, Vec<_>) =
        data.tracks.iter().partition(|t| !violating.contains_key(&t.id));
    let mut tolerance = TOLERANCE_M;
    let mut note = String::new();
    let mut paths = frame.paths(&thin, &bold, data, tolerance);
    let mut names = String::new();
    for lane in &site.file().lanes {
        frame.lane_name(&mut names, lane);
    }
    let events = frame.events(&bold, violating);
    while paths.len() > BYTES_MAX && tolerance < 2.0 {
        tolerance *= 2.0;
        paths = frame.paths(&thin, &bold, data, tolerance);
        note = format!("Paths are drawn to within {tolerance:.1} m, so that the page stays small.");
    }
    let mut shown = thin.len();
    while paths.len() > BYTES_MAX && shown > 0 {
        shown /= 2;
        paths = frame.paths(&thin[..shown], &bold, data, tolerance);
        note = format!(
            "{shown} of {} paths without a violation are drawn, so that the page stays small.",
            thin.len()
        );
    }
    let svg = format!(
        "<svg class=\"plan\" viewBox=\"0 0 {:.1} {:.1}\" role=\"img\" style=\"--u:{:.3}px\" \
         aria-label=\"Plan of the junction with the paths of {} road users, {} of them with a \
         violation\">{ground}{paths}{names}{events}{}</svg>",
        frame.width,
        frame.height,
        frame.unit,
        data.tracks.len(),
        bold.len(),
        frame.furniture()
    );
    Plan { svg, note }
}

/// The part of the plane that is shown.
struct Frame {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    /// Metres that a pixel takes at the usual width.
    unit: f64,
}

impl Frame {
    /// The site's lines and areas and the bulk of the paths, with a margin.
    fn of(site: &Site, data: &ReportData) -> Self {
        let file = site.file();
        let mut points: Vec<MetrePoint> = Vec::new();
        points.extend(file.stop_lines.iter().flat_map(|l| l.line_m));
        points.extend(file.conflict_areas.iter().flat_map(|a| a.polygon_m.iter().copied()));
        points.extend(file.crossings.iter().flat_map(|c| c.axis_m));
        let mut paths: Vec<MetrePoint> = data
            .tracks
            .iter()
            .flat_map(|t| t.points_m.iter().step_by(5).map(|(_, p)| *p))
            .filter(|p| p[0].is_finite() && p[1].is_finite())
            .collect();
        if points.is_empty() && paths.is_empty() {
            points.extend(file.lanes.iter().flat_map(|l| l.centreline_m.iter().copied()));
        }
        let mut bounds = [0.0, 100.0, 0.0, 100.0];
        for axis in 0..2 {
            // The outermost paths lead far away; the picture is about the junction.
            paths.sort_by(|a, b| a[axis].total_cmp(&b[axis]));
            let cut = paths.len() / 10;
            let bulk = paths.get(cut..paths.len() - cut).unwrap_or(&[]);
            let ends = [bulk.first(), bulk.last()].into_iter().flatten().map(|p| p[axis]);
            let all: Vec<f64> = points.iter().map(|p| p[axis]).chain(ends).collect();
            if !all.is_empty() {
                bounds[axis * 2] = all.iter().copied().fold(f64::INFINITY, f64::min) - 12.0;
                bounds[axis * 2 + 1] = all.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 12.0;
            }
        }
        let [left, right, bottom, top] = bounds;
        // Wide rather than tall, so that it fits a screen.
        let height = (top - bottom).clamp(10.0, 5000.0).max((right - left) * 0.4);
        let width = (right - left).clamp(10.0, 5000.0).max(height * 1.4);
        let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let (left, top) = (x - width / 2.0, y + height / 2.0);
        Self { left, top, width, height, unit: width / 1000.0 }
    }

    /// Metres on the plane to drawing units, y down.
    fn at(&self, p: MetrePoint) -> [f64; 2] {
        [p[0] - self.left, self.top - p[1]]
    }

    fn d(&self, points: &[MetrePoint], close: bool) -> String {
        let mut d = String::new();
        for (index, p) in points.iter().enumerate() {
            let [x, y] = self.at(*p);
            let _ = write!(d, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
        }
        if close {
            d.push('z');
        }
        d
    }

    fn site(&self, site: &Site) -> String {
        let file = site.file();
        let mut out = String::from("<g class=\"ground\">");
        for lane in &file.lanes {
            let _ = write!(
                out,
                "<path class=\"lane\" stroke-width=\"{:.2}\" d=\"{}\"><title>lane {}</title></path>",
                lane.width_m.clamp(0.5, 20.0),
                self.d(&lane.centreline_m, false),
                escape(&lane.id)
            );
        }
        for area in &file.conflict_areas {
            let d = self.d(&area.polygon_m, true);
            let _ = write!(
                out,
                "<path class=\"area\" d=\"{d}\"><title>conflict area {}</title></path>",
                escape(&area.id)
            );
        }
        for zone in &file.no_stopping_zones {
            let d = self.d(&zone.polygon_m, true);
            let _ = write!(
                out,
                "<path class=\"zone\" d=\"{d}\"><title>no stopping, {}</title></path>",
                escape(&zone.id)
            );
        }
        for crossing in &file.crossings {
            let [a, b] = crossing.axis_m.map(|p| Vec2::new(p[0], p[1]));
            let band: Vec<MetrePoint> = Polygon::band(a, b, crossing.width_m)
                .corners()
                .iter()
                .map(|c| [c.x, c.y])
                .collect();
            let d = self.d(&band, true);
            let _ = write!(
                out,
                "<path class=\"crossing\" d=\"{d}\"><title>crossing {}</title></path>",
                escape(&crossing.id)
            );
        }
        for line in &file.stop_lines {
            let d = self.d(&line.line_m, false);
            let _ = write!(
                out,
                "<path class=\"stop\" d=\"{d}\"><title>stop line {}</title></path>",
                escape(&line.id)
            );
        }
        out.push_str("</g>");
        out
    }

    fn paths(
        &self,
        thin: &[&TrackPath],
        bold: &[&TrackPath],
        data: &ReportData,
        tolerance: f64,
    ) -> String {
        let mut out = String::new();
        for class in RoadUserClass::ALL {
            let _ = write!(out, "<g class=\"path {}\">", class.as_str());
            for track in thin.iter().filter(|t| t.class == class) {
                self.path(&mut out, track, data, tolerance);
            }
            out.push_str("</g>");
        }
        out.push_str("<g class=\"path violating\">");
        for track in bold {
            self.path(&mut out, track, data, tolerance);
        }
        out.push_str("</g>");
        out
    }

    /// A mark with a name where each violating vehicle was at its event.
    fn events(&self, bold: &[&TrackPath], at: &BTreeMap<TrackId, EventTime>) -> String {
        let mut out = String::from("<g class=\"path violating\">");
        let mut used: Vec<[f64; 2]> = Vec::new();
        for track in bold {
            let Some(time) = at.get(&track.id) else { continue };
            let near = |t: &EventTime| t.since_s(*time).abs();
            let spots = track.points_m.iter().filter(|(_, p)| self.shows(*p));
            let Some((_, spot)) = spots.min_by(|a, b| near(&a.0).total_cmp(&near(&b.0))) else {
                continue;
            };
            let [x, y] = self.at(*spot);
            let u = self.unit;
            // Names of events in one place stand below each other.
            let taken =
                used.iter().filter(|p| (p[0] - x).abs() < 60.0 * u && (p[1] - y).abs() < 14.0 * u);
            let below = taken.count() as f64 * 17.0 * u;
            used.push([x, y]);
            let _ = write!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.2}\"/><text x=\"{:.1}\" \
                 y=\"{:.1}\">{} {}</text>",
                5.5 * u,
                x + 9.0 * u,
                y - 8.0 * u + below,
                track.class.as_str(),
                track.id
            );
        }
        out.push_str("</g>");
        out
    }

    /// Name of a lane along it, at its visible part farthest from the middle, with an arrow.
    fn lane_name(&self, out: &mut String, lane: &Lane) {
        let u = self.unit;
        let margin = 40.0 * u;
        let inside = |p: [f64; 2]| {
            p[0] > margin
                && p[1] > margin
                && p[0] < self.width - margin
                && p[1] < self.height - margin
        };
        let from_middle = |p: [f64; 2]| {
            let (dx, dy) = (p[0] - self.width / 2.0, p[1] - self.height / 2.0);
            dx * dx + dy * dy
        };
        let spot = lane
            .centreline_m
            .windows(2)
            .take(500)
            .flat_map(|pair| {
                let (a, b) = (self.at(pair[0]), self.at(pair[1]));
                (0..=40).map(move |i| {
                    let share = f64::from(i) / 40.0;
                    let p = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
                    (p, [b[0] - a[0], b[1] - a[1]])
                })
            })
            .filter(|(p, _)| inside(*p))
            .max_by(|a, b| from_middle(a.0).total_cmp(&from_middle(b.0)));
        let Some(([x, y], [dx, dy])) = spot else { return };
        let angle = libm::atan2(dy, dx).to_degrees();
        let (turn, arrow) = if angle.abs() > 90.5 { (angle + 180.0, "← ") } else { (angle, "") };
        let after = if arrow.is_empty() { " →" } else { "" };
        let size = (lane.width_m * 0.55).min(13.0 * u);
        let _ = write!(
            out,
            "<text class=\"lane-name\" style=\"font-size:{size:.2}px\" text-anchor=\"middle\" \
             transform=\"translate({x:.1} {y:.1}) rotate({turn:.1})\" dy=\".35em\">{arrow}{}{after}\
             </text>",
            escape(&lane.id)
        );
    }

    fn shows(&self, p: MetrePoint) -> bool {
        let [x, y] = self.at(p);
        (0.0..self.width).contains(&x) && (0.0..self.height).contains(&y)
    }

    fn path(&self, out: &mut String, track: &TrackPath, data: &ReportData, tolerance: f64) {
        let points: Vec<MetrePoint> = track.points_m.iter().map(|(_, p)| *p).collect();
        let short = simplify(&points, tolerance);
        if short.len() < 2 {
            return;
        }
        let span = match (track.points_m.first(), track.points_m.last()) {
            (Some(a), Some(b)) => {
                let since = |t: EventTime| offset(t.since_s(data.span.from));
                format!("{} to {}", since(a.0), since(b.0))
            }
            _ => String::new(),
        };
        // People have no number: they are not followed, only drawn.
        let title = match track.class {
            RoadUserClass::Person => "person on foot".to_owned(),
            class => format!("{} {}, {span}", class.as_str(), track.id),
        };
        let d = self.d(&short, false);
        let _ = write!(out, "<path d=\"{d}\"><title>{title}</title></path>");
    }

    /// North arrow and scale bar.
    fn furniture(&self) -> String {
        let u = self.unit;
        let lengths = [100.0, 50.0, 20.0, 10.0, 5.0, 2.0];
        let bar = lengths.into_iter().find(|l| *l <= self.width / 5.0).unwrap_or(1.0);
        let (x, y) = (16.0 * u, self.height - 18.0 * u);
        let (nx, ny) = (self.width - 30.0 * u, 54.0 * u);
        format!(
            "<g class=\"furniture\"><path d=\"M{x:.2} {y0:.2}V{y:.2}H{x1:.2}V{y0:.2}\"/>\
             <text x=\"{xm:.2}\" y=\"{yt:.2}\" text-anchor=\"middle\">{bar:.0} m</text>\
             <path class=\"north\" d=\"M{nx:.2} {n0:.2}L{n1:.2} {ny:.2}L{nx:.2} {n2:.2}L{n3:.2} \
             {ny:.2}z\"/><text x=\"{nx:.2}\" y=\"{n4:.2}\" text-anchor=\"middle\">N</text></g>",
            y0 = y - 7.0 * u,
            x1 = x + bar,
            xm = x + bar / 2.0,
            yt = y - 9.0 * u,
            n0 = ny - 26.0 * u,
            n1 = nx + 9.0 * u,
            n2 = ny - 7.0 * u,
            n3 = nx - 9.0 * u,
            n4 = ny - 31.0 * u,
        )
    }
}
