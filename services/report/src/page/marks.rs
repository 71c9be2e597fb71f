//! What is written into the plan: events, names of lanes, north arrow and scale bar.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wayside_proto::{EventTime, TrackId};
use wayside_site::model::Lane;

use super::data::TrackPath;
use super::plan::Frame;
use super::words::escape;

impl Frame {
    /// A mark with a name where each violating vehicle was at its event.
    pub(super) fn events(&self, bold: &[&TrackPath], at: &BTreeMap<TrackId, EventTime>) -> String {
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
    pub(super) fn lane_name(&self, out: &mut String, lane: &Lane) {
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

    /// North arrow and scale bar.
    pub(super) fn furniture(&self) -> String {
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
