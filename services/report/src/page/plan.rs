//! The junction from above, in metres, with the paths of the tracks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wayside_proto::{EventTime, RoadUserClass, TrackId};
use wayside_site::Site;
use wayside_site::geometry::{Polygon, Vec2};
use wayside_site::model::MetrePoint;

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
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Metres that a pixel takes at the usual width.
    pub(super) unit: f64,
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
    pub(super) fn at(&self, p: MetrePoint) -> [f64; 2] {
        [p[0] - self.left, self.top - p[1]]
    }

    pub(super) fn d(&self, points: &[MetrePoint], close: bool) -> String {
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

    pub(super) fn shows(&self, p: MetrePoint) -> bool {
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
}
