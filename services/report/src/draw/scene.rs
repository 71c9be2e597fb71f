//! The site as it lies on the road: what does not change from frame to frame.

use wayside_site::Site;
use wayside_site::geometry::{Polygon, Vec2};
use wayside_site::model::{Lane, MetrePoint};

use super::labels::{Area, Wanted, place};
use super::paint::{Canvas, Pen};
use super::palette::{BLUE, GREY, ORANGE, PURPLE, Rgba, SKY, VERMILION, WHITE, faint};
use super::view::View;

/// How much of the site is drawn, and how strongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Faint, below moving vehicles; lanes carry no names.
    Video,
    /// Strong, for checking a site file against the picture.
    Survey,
}

/// Distance between direction arrows, metres.
const ARROW_EVERY_M: f64 = 15.0;
/// Arrows and names of lanes smaller than this many pixels a metre are left out.
const PX_PER_M_MIN: f32 = 6.0;
/// Arrows that look shorter than this are left out, pixels.
const ARROW_PX_MIN: f32 = 9.0;
/// Corner points of a lane that are drawn at most.
const POINTS_MAX: usize = 2000;

/// Colours of the parts of a site, shared with the legend.
pub(crate) const LANE: Rgba = SKY;
pub(crate) const AREA: Rgba = ORANGE;
pub(crate) const CROSSING: Rgba = WHITE;
pub(crate) const ZONE: Rgba = VERMILION;
pub(crate) const EXIT: Rgba = PURPLE;
pub(crate) const STOP: Rgba = [255, 80, 70, 255];
pub(crate) const STOP_UNSIGNALLED: Rgba = BLUE;

/// Paints areas, crossings, zones, lanes and lines; then names where there is room beside `taken`.
/// Returns where the names are.
pub(crate) fn paint(
    canvas: &mut Canvas,
    view: &View,
    site: &Site,
    detail: Detail,
    text_px: u16,
    taken: &[Area],
) -> Vec<Area> {
    let strong = detail == Detail::Survey;
    let file = site.file();
    let opacity = |video: u8, survey: u8| if strong { survey } else { video };
    let thin = if strong { 2.0 } else { 1.2 };
    for area in &file.conflict_areas {
        let shape = view.polygon(&area.polygon_m);
        canvas.fill(&shape, faint(AREA, opacity(14, 48)));
        canvas.outline(&shape, Pen::bare(faint(AREA, opacity(120, 255)), thin).dashed(9.0, 6.0));
    }
    for crossing in &file.crossings {
        let shape = view.polygon(&band(crossing.axis_m, crossing.width_m));
        canvas.fill(&shape, faint(CROSSING, opacity(16, 60)));
        canvas.outline(&shape, Pen::bare(faint(CROSSING, opacity(90, 255)), thin));
    }
    for zone in &file.no_stopping_zones {
        let shape = view.polygon(&zone.polygon_m);
        canvas.fill(&shape, faint(ZONE, opacity(14, 56)));
        canvas.outline(&shape, Pen::bare(faint(ZONE, opacity(140, 255)), thin).dashed(4.0, 4.0));
    }
    for lane in &file.lanes {
        paint_lane(canvas, view, lane, strong);
    }
    for exit in &file.exit_lines {
        let pen = Pen::bare(faint(EXIT, opacity(120, 255)), thin + 0.6).dashed(7.0, 7.0);
        canvas.lines(&view.polyline(&exit.line_m), pen);
    }
    for line in &file.stop_lines {
        let colour = match (&line.signal_group, strong) {
            (Some(_), true) => STOP,
            (None, true) => STOP_UNSIGNALLED,
            // In the video a signalled line is drawn over this in the signal's colour.
            (_, false) => GREY,
        };
        canvas
            .lines(&view.polyline(&line.line_m), Pen::new(colour, if strong { 4.0 } else { 2.0 }));
    }
    paint_names(canvas, view, site, detail, text_px, taken)
}

fn paint_lane(canvas: &mut Canvas, view: &View, lane: &Lane, strong: bool) {
    let centre: Vec<MetrePoint> = lane.centreline_m.iter().copied().take(POINTS_MAX).collect();
    for side in [-0.5, 0.5] {
        let edge = beside(&centre, side * lane.width_m);
        let colour = faint(LANE, if strong { 220 } else { 70 });
        canvas.lines(&view.polyline(&edge), Pen::bare(colour, if strong { 1.6 } else { 1.0 }));
    }
    let colour = faint(LANE, if strong { 255 } else { 110 });
    for (at, along) in every(&centre, ARROW_EVERY_M) {
        if view.pixels_per_metre(at).is_none_or(|px| px < PX_PER_M_MIN) {
            continue;
        }
        let arm = |back: f64, left: f64| {
            [at[0] - along[0] * back - along[1] * left, at[1] - along[1] * back + along[0] * left]
        };
        let length = match (view.point(at), view.point(arm(3.0, 0.0))) {
            (Some(a), Some(b)) => (a[0] - b[0]).abs().max((a[1] - b[1]).abs()),
            _ => continue,
        };
        if length < ARROW_PX_MIN {
            continue;
        }
        let head = [arm(1.3, 0.7), at, arm(1.3, -0.7)];
        let width = if strong { 2.4 } else { 1.4 };
        canvas.lines(&view.polyline(&head), Pen::bare(colour, width));
        canvas.lines(&view.polyline(&[arm(3.0, 0.0), at]), Pen::bare(colour, width));
    }
}

fn paint_names(
    canvas: &mut Canvas,
    view: &View,
    site: &Site,
    detail: Detail,
    text_px: u16,
    taken: &[Area],
) -> Vec<Area> {
    let names = names(view, site, detail);
    let wanted: Vec<Wanted> = names
        .iter()
        .map(|(name, anchor, _)| {
            let [width, height] = canvas.texter.size(name, text_px);
            Wanted { anchor: [anchor[0], anchor[1] + height / 2.0], width, height }
        })
        .collect();
    let (width, height) = (canvas.pixmap.width() as f32, canvas.pixmap.height() as f32);
    let places = place(Area { x: 0.0, y: 0.0, width, height }, taken, &wanted);
    for ((name, _, colour), area) in names.iter().zip(&places) {
        if let Some(area) = area {
            canvas.text(name, [area.x, area.y], text_px, *colour);
        }
    }
    places.into_iter().flatten().collect()
}

/// Beside the outer end of a line, where it hides neither the line nor what waits behind it.
fn beyond_end(line: [MetrePoint; 2], centre: MetrePoint) -> MetrePoint {
    let far = |p: MetrePoint| {
        let (dx, dy) = (p[0] - centre[0], p[1] - centre[1]);
        dx * dx + dy * dy
    };
    let (outer, inner) =
        if far(line[0]) > far(line[1]) { (line[0], line[1]) } else { (line[1], line[0]) };
    [0, 1].map(|axis| outer[axis] + (outer[axis] - inner[axis]) * 0.3)
}

/// Names with the middle of where they want to be, the most useful first.
fn names(view: &View, site: &Site, detail: Detail) -> Vec<(String, [f32; 2], Rgba)> {
    let file = site.file();
    let mut out = Vec::new();
    let mut add = |name: &str, at: MetrePoint, colour: Rgba| {
        let near = view.pixels_per_metre(at).is_some_and(|px| px >= PX_PER_M_MIN);
        if let (Some(p), true) = (view.point(at), near) {
            out.push((name.to_owned(), p, colour));
        }
    };
    let opacity = if detail == Detail::Survey { 255 } else { 200 };
    let ends: Vec<MetrePoint> = file.stop_lines.iter().flat_map(|line| line.line_m).collect();
    let centre = middle(&ends);
    for line in &file.stop_lines {
        add(&line.id, beyond_end(line.line_m, centre), faint(WHITE, opacity));
    }
    for zone in &file.no_stopping_zones {
        add(&zone.id, middle(&zone.polygon_m), faint(ZONE, opacity));
    }
    for crossing in &file.crossings {
        add(&crossing.id, middle(&crossing.axis_m), faint(CROSSING, opacity));
    }
    if detail == Detail::Survey {
        for area in &file.conflict_areas {
            add(&area.id, middle(&area.polygon_m), AREA);
        }
        for exit in &file.exit_lines {
            add(&exit.id, middle(&exit.line_m), EXIT);
        }
        for lane in &file.lanes {
            let visible = every(&lane.centreline_m, 4.0).into_iter().map(|(at, _)| at);
            let near = visible
                .filter_map(|at| view.pixels_per_metre(at).map(|px| (px, at)))
                .filter(|(_, at)| view.point(*at).is_some_and(|p| view.contains(p)));
            if let Some((_, at)) = near.max_by(|a, b| a.0.total_cmp(&b.0)) {
                add(&lane.id, at, LANE);
            }
        }
    }
    out
}

fn middle(points: &[MetrePoint]) -> MetrePoint {
    let count = points.len().max(1) as f64;
    [0, 1].map(|axis| points.iter().map(|p| p[axis]).sum::<f64>() / count)
}

fn band(axis: [MetrePoint; 2], width: f64) -> Vec<MetrePoint> {
    let [a, b] = axis.map(|p| Vec2::new(p[0], p[1]));
    Polygon::band(a, b, width).corners().iter().map(|c| [c.x, c.y]).collect()
}

/// The line `left_m` metres to the left of another.
pub(crate) fn beside(points: &[MetrePoint], left_m: f64) -> Vec<MetrePoint> {
    let unit = |a: MetrePoint, b: MetrePoint| {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = (dx * dx + dy * dy).sqrt();
        if length > 0.0 { [dx / length, dy / length] } else { [0.0, 0.0] }
    };
    let last = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .map(|(i, &p)| {
            let before = unit(points[i.saturating_sub(1)], p);
            let after = unit(p, points[(i + 1).min(last)]);
            let sum = [before[0] + after[0], before[1] + after[1]];
            let along = unit([0.0, 0.0], sum);
            [p[0] - along[1] * left_m, p[1] + along[0] * left_m]
        })
        .collect()
}

/// Points along a line at equal distances, with the direction there; at most a few hundred.
fn every(points: &[MetrePoint], step_m: f64) -> Vec<(MetrePoint, MetrePoint)> {
    let mut out = Vec::new();
    let mut next = step_m / 2.0;
    let mut passed = 0.0;
    for pair in points.windows(2) {
        let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
        let length = (dx * dx + dy * dy).sqrt();
        while length > 0.0 && next <= passed + length && out.len() < 400 {
            let share = (next - passed) / length;
            let at = [pair[0][0] + dx * share, pair[0][1] + dy * share];
            out.push((at, [dx / length, dy / length]));
            next += step_m;
        }
        passed += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_beside_keeps_left() {
        let line = beside(&[[0.0, 0.0], [10.0, 0.0]], 1.5);
        assert_eq!(line, [[0.0, 1.5], [10.0, 1.5]]);
    }

    #[test]
    fn points_along_a_line_are_evenly_spaced() {
        let at = every(&[[0.0, 0.0], [3.0, 0.0], [3.0, 7.0]], 4.0);
        let places: Vec<_> = at.iter().map(|(p, _)| *p).collect();
        assert_eq!(places, [[2.0, 0.0], [3.0, 3.0], [3.0, 7.0]]);
        assert!(every(&[[1.0, 1.0], [1.0, 1.0]], 4.0).is_empty());
    }
}
