//! What changes from frame to frame on the road: vehicles and the colour of stop lines.

use std::collections::BTreeMap;

use wayside_proto::{RoadUserClass, SignalColour, TrackId, TrackState};
use wayside_site::Site;

use super::annotate::{Banner, FrameNotes, Severity, Tail};
use super::hud::{self, bar_area, scale, text_px};
use super::labels::{Area, Wanted, place};
use super::paint::{Canvas, Pen};
use super::palette::{self, VERMILION, WHITE, faint};
use super::view::View;

/// Vehicles smaller than this in the picture carry no label, pixels at 720 lines.
const LABELLED_PX_MIN: f32 = 16.0;
/// Uncertainty of the front is drawn from this 95% half-width on, metres.
const ELLIPSE_M_MIN: f64 = 0.75;
/// 95% of a bivariate normal distribution lie within this many standard deviations.
const ELLIPSE_SIGMAS: f64 = 2.4477;

/// What is known beside the notes of the frame.
pub(crate) struct Known<'a> {
    pub(crate) site: &'a Site,
    pub(crate) camera: &'a str,
    /// Where names stand already.
    pub(crate) names: &'a [Area],
    pub(crate) tails: &'a BTreeMap<TrackId, Tail>,
    /// Banners that still stay, the newest last.
    pub(crate) banners: Vec<&'a Banner>,
}

/// Paints the changing parts of one frame.
pub(crate) fn paint(canvas: &mut Canvas, view: &View, known: &Known<'_>, notes: &FrameNotes<'_>) {
    let Known { site, camera, names, tails, banners } = known;
    let s = scale(canvas.pixmap.height());
    paint_stop_lines(canvas, view, site, notes.signals, s);
    let marked =
        |id: TrackId| banners.iter().filter(|b| b.track == Some(id)).map(|b| b.severity).max();
    let mut drawn: Vec<Drawn<'_>> =
        notes.tracks.iter().filter_map(|track| Drawn::new(view, track, marked(track.id))).collect();
    // Far vehicles first, so that near ones lie on top; marked ones last.
    drawn.sort_by(|a, b| {
        (a.marked.is_some(), a.lowest)
            .partial_cmp(&(b.marked.is_some(), b.lowest))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    for vehicle in &drawn {
        vehicle.paint(canvas, view, tails.get(&vehicle.track.id), s);
    }
    let mut taken = vec![bar_area(canvas.pixmap.width(), canvas.pixmap.height())];
    hud::paint_caption(canvas, site, camera, notes.time);
    taken.extend_from_slice(names);
    taken.extend(hud::paint_lamps(canvas, notes.signals, s));
    taken.extend(hud::paint_banners(canvas, banners, s));
    paint_labels(canvas, &drawn, &taken, s);
}

/// One road user with its outline in the picture.
struct Drawn<'a> {
    track: &'a TrackState,
    outline: Vec<[f32; 2]>,
    front: Option<[f32; 2]>,
    lowest: f32,
    highest: f32,
    extent: f32,
    marked: Option<Severity>,
}

impl<'a> Drawn<'a> {
    /// None where nothing of it is before the camera and near the picture.
    fn new(view: &View, track: &'a TrackState, marked: Option<Severity>) -> Option<Self> {
        let numbers = [track.front_m[0], track.front_m[1], track.heading_rad, track.length_m];
        if !numbers.iter().chain([&track.width_m]).all(|value| value.is_finite()) {
            return None;
        }
        let (length, width) = (track.length_m.clamp(0.3, 40.0), track.width_m.clamp(0.3, 6.0));
        let outline = view.footprint(track.front_m, track.heading_rad, length, width);
        if !outline.iter().any(|p| view.contains(*p)) {
            return None;
        }
        let range = |axis: usize| {
            outline.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), p| {
                (low.min(p[axis]), high.max(p[axis]))
            })
        };
        let ((left, right), (top, bottom)) = (range(0), range(1));
        let extent = (right - left).max(bottom - top);
        let above = track.box_px.map_or(top, |b| b.y0.clamp(0.0, top));
        let front = view.point(track.front_m);
        Some(Self { track, outline, front, lowest: bottom, highest: above, extent, marked })
    }

    fn colour(&self) -> palette::Rgba {
        match self.marked {
            Some(Severity::Violation) => VERMILION,
            _ => palette::of_class(self.track.class),
        }
    }

    fn paint(&self, canvas: &mut Canvas, view: &View, tail: Option<&Tail>, s: f32) {
        let colour = self.colour();
        if self.track.class == RoadUserClass::Person {
            // A mark on the road, no outline, no name: people are not a subject here.
            if let Some(at) = self.front {
                canvas.disc(at, 2.5 * s, faint(WHITE, 210));
            }
            return;
        }
        if let Some(tail) = tail {
            let path: Vec<[f64; 2]> = tail.points.iter().map(|(_, p)| *p).collect();
            let pen = Pen::bare(faint(colour, 200), 2.0 * s);
            canvas.lines(&view.polyline(&path), pen);
        }
        let bold = self.marked.is_some();
        canvas.fill(&self.outline, faint(colour, if bold { 90 } else { 44 }));
        let pen = Pen::new(colour, if bold { 3.5 * s } else { 1.6 * s });
        let measured = self.track.measured;
        canvas.outline(&self.outline, if measured { pen } else { pen.dashed(5.0 * s, 4.0 * s) });
        self.paint_front(canvas, view, s);
    }

    /// The front edge, which is what crosses a line, and how well it is known.
    fn paint_front(&self, canvas: &mut Canvas, view: &View, s: f32) {
        let t = self.track;
        let (x, y) = (libm::cos(t.heading_rad), libm::sin(t.heading_rad));
        let half = t.width_m.clamp(0.3, 6.0) / 2.0;
        let [fx, fy] = t.front_m;
        let edge = [[fx - y * half, fy + x * half], [fx + y * half, fy - x * half]];
        canvas.lines(&view.polyline(&edge), Pen::new(WHITE, 2.4 * s));
        let cov = t.front_cov_m2;
        let (mean, diff) = ((cov.xx + cov.yy) / 2.0, (cov.xx - cov.yy) / 2.0);
        let root = (diff * diff + cov.xy * cov.xy).sqrt();
        let (major, minor) = ((mean + root).max(0.0).sqrt(), (mean - root).max(0.0).sqrt());
        let (a, b) = (major * ELLIPSE_SIGMAS, minor * ELLIPSE_SIGMAS);
        if !(ELLIPSE_M_MIN..=50.0).contains(&a) {
            return;
        }
        let axis = 0.5 * libm::atan2(2.0 * cov.xy, cov.xx - cov.yy);
        let (ux, uy) = (libm::cos(axis), libm::sin(axis));
        let ring: Vec<[f64; 2]> = (0..24)
            .map(|i| {
                let angle = f64::from(i) / 24.0 * std::f64::consts::TAU;
                let (p, q) = (a * libm::cos(angle), b * libm::sin(angle));
                [fx + ux * p - uy * q, fy + uy * p + ux * q]
            })
            .collect();
        let pen = Pen::bare(faint(WHITE, 190), 1.2 * s).dashed(3.0 * s, 3.0 * s);
        canvas.outline(&view.polygon(&ring), pen);
    }

    /// `car 12  43 km/h`; none for people and bicycles.
    fn label(&self) -> Option<String> {
        self.track.class.motor_vehicle()?;
        let speed = self.track.speed_ms() * 3.6;
        let shown = if speed.is_finite() { format!("  {speed:.0} km/h") } else { String::new() };
        Some(format!("{} {}{shown}", self.track.class.as_str(), self.track.id))
    }
}

fn paint_labels(canvas: &mut Canvas, drawn: &[Drawn<'_>], taken: &[Area], s: f32) {
    let (width, height) = (canvas.pixmap.width(), canvas.pixmap.height());
    let size = text_px(height, 14.0);
    // Marked and near vehicles choose first.
    let labelled: Vec<(&Drawn<'_>, String)> = drawn
        .iter()
        .rev()
        .filter(|vehicle| vehicle.marked.is_some() || vehicle.extent >= LABELLED_PX_MIN * s)
        .filter_map(|vehicle| vehicle.label().map(|label| (vehicle, label)))
        .collect();
    let wanted: Vec<Wanted> = labelled
        .iter()
        .map(|(vehicle, label)| {
            let [w, h] = canvas.texter.size(label, size);
            let middle = vehicle.outline.iter().map(|p| p[0]).sum::<f32>()
                / vehicle.outline.len().max(1) as f32;
            let x = middle.clamp(w / 2.0, (width as f32 - w / 2.0).max(w / 2.0));
            Wanted { anchor: [x, vehicle.highest - 2.0], width: w, height: h }
        })
        .collect();
    let picture = Area { x: 0.0, y: 0.0, width: width as f32, height: height as f32 };
    for ((vehicle, label), area) in labelled.iter().zip(place(picture, taken, &wanted)) {
        if let Some(area) = area {
            let colour = if vehicle.marked.is_some() { WHITE } else { vehicle.colour() };
            if vehicle.marked == Some(Severity::Violation) {
                canvas.rect(area.x, area.y, area.width, area.height, faint(VERMILION, 235));
            }
            canvas.text(label, [area.x, area.y], size, colour);
        }
    }
}

fn paint_stop_lines(
    canvas: &mut Canvas,
    view: &View,
    site: &Site,
    signals: &[(String, Option<SignalColour>)],
    s: f32,
) {
    for line in &site.file().stop_lines {
        let Some(group) = &line.signal_group else { continue };
        let state = signals.iter().find(|(name, _)| name == group).and_then(|(_, state)| *state);
        let pen = Pen::new(palette::of_signal(state), 3.5 * s);
        // What is not known is dashed as well as grey.
        let pen = if state.is_none() { pen.dashed(6.0 * s, 5.0 * s) } else { pen };
        canvas.lines(&view.polyline(&line.line_m), pen);
    }
}
