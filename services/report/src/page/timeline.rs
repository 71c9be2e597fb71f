//! Signals and events over time: one row for each approach.

use std::fmt::Write as _;

use wayside_proto::{EventTime, Outcome, SignalColour};
use wayside_site::Site;
use wayside_site::model::SignalGroupKind;

use super::data::{ReportData, SignalTimeline};
use super::words::{date_and_time, escape, offset, rule_title, signal};

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 16.0;
const ROW: f64 = 34.0;
const ROW_PEDESTRIAN: f64 = 22.0;
const TOP: f64 = 8.0;
/// Phases that one row shows at most; beyond that bands would be thinner than a pixel.
const PHASES_MAX: usize = 3000;

/// One row.
struct Row<'a> {
    title: String,
    signals: Option<&'a SignalTimeline>,
    pedestrian: bool,
    events: Vec<(&'a Outcome, bool)>,
}

/// The time line as SVG; empty where there is neither a signal nor an event.
pub(crate) fn timeline(
    site: &Site,
    data: &ReportData,
    violations: &[&Outcome],
    voids: &[&Outcome],
) -> String {
    let rows = rows(site, data, violations, voids);
    if rows.is_empty() {
        return String::new();
    }
    let total = data.span.to.since_s(data.span.from).max(1e-3);
    let from = data.span.from;
    let x = |time: EventTime| {
        LEFT + (time.since_s(from) / total).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    };
    let tall = |row: &Row<'_>| if row.pedestrian { ROW_PEDESTRIAN } else { ROW };
    let body: f64 = rows.iter().map(tall).sum();
    let height = TOP + body + 40.0;
    let mut svg = format!(
        "<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"group\" \
         aria-label=\"Signals and events over time\">"
    );
    axis(&mut svg, from, total, TOP + body, &x);
    let mut y = TOP;
    for row in &rows {
        paint_row(&mut svg, row, y, tall(row), data, &x);
        y += tall(row);
    }
    // Events come last, so that they lie over every band.
    let mut y = TOP;
    for row in &rows {
        for (outcome, violation) in &row.events {
            let place = (x(outcome.event_time), y + tall(row) / 2.0 - 1.0);
            marker(&mut svg, outcome, *violation, place, from);
        }
        y += tall(row);
    }
    svg.push_str("</svg>");
    svg
}

fn rows<'a>(
    site: &Site,
    data: &'a ReportData,
    violations: &[&'a Outcome],
    voids: &[&'a Outcome],
) -> Vec<Row<'a>> {
    let file = site.file();
    let mut events: Vec<(&Outcome, bool)> = voids.iter().map(|o| (*o, false)).collect();
    events.extend(violations.iter().map(|o| (*o, true)));
    let mut rows = Vec::new();
    let timeline = |group: &str| data.signals.iter().find(|t| t.group == group);
    for group in file.signal_groups.iter().filter(|g| g.kind == SignalGroupKind::Vehicle) {
        let lines = file.stop_lines.iter().filter(|l| l.signal_group.as_ref() == Some(&group.id));
        let mut approaches: Vec<&str> = lines
            .flat_map(|line| line.lanes.iter())
            .filter_map(|lane| site.lane(lane).and_then(|lane| lane.approach.as_deref()))
            .collect();
        approaches.sort_unstable();
        approaches.dedup();
        let (here, rest) =
            events.into_iter().partition(|(o, _)| belongs(o, &group.id, &approaches));
        events = rest;
        let here: Vec<(&Outcome, bool)> = here;
        let signals = timeline(&group.id);
        if signals.is_none() && here.is_empty() {
            continue;
        }
        let title = if approaches.is_empty() {
            format!("signal {}", group.id)
        } else {
            format!("{} · signal {}", approaches.join(", "), group.id)
        };
        rows.push(Row { title, signals, pedestrian: false, events: here });
    }
    // Approaches without a signal, in the order of their names.
    let mut others: Vec<&str> =
        events.iter().map(|(o, _)| o.approach.as_deref().unwrap_or("")).collect();
    others.sort_unstable();
    others.dedup();
    others.sort_by_key(|name| name.is_empty());
    for name in others {
        let here = events
            .iter()
            .filter(|(o, _)| o.approach.as_deref().unwrap_or("") == name)
            .copied()
            .collect();
        let title = if name.is_empty() { "elsewhere".to_owned() } else { name.to_owned() };
        rows.push(Row { title, signals: None, pedestrian: false, events: here });
    }
    for group in file.signal_groups.iter().filter(|g| g.kind == SignalGroupKind::Pedestrian) {
        if let Some(signals) = timeline(&group.id) {
            let crossings: Vec<&str> = file
                .crossings
                .iter()
                .filter(|c| c.signal_group.as_ref() == Some(&group.id))
                .map(|c| c.id.as_str())
                .collect();
            let title = if crossings.is_empty() {
                format!("on foot, {}", group.id)
            } else {
                format!("crossing {} · {}", crossings.join(", "), group.id)
            };
            let signals = Some(signals);
            rows.push(Row { title, signals, pedestrian: true, events: Vec::new() });
        }
    }
    rows
}

fn belongs(outcome: &Outcome, group: &str, approaches: &[&str]) -> bool {
    let same_group = outcome.signal.as_ref().is_some_and(|s| s.group == group);
    let same_approach = outcome.approach.as_deref().is_some_and(|a| approaches.contains(&a));
    same_group || same_approach
}

/// Gridlines with seconds into the recording.
fn axis(svg: &mut String, from: EventTime, total: f64, bottom: f64, x: &impl Fn(EventTime) -> f64) {
    let steps = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];
    let step = steps
        .into_iter()
        .chain([7200.0, 21_600.0, 86_400.0])
        .find(|step| total / step <= 12.0)
        .unwrap_or(total / 10.0);
    let mut at = 0.0;
    while at <= total + 1e-9 {
        let place = x(from.plus_s(at));
        let label = offset(at);
        let label = label.strip_suffix(".0").unwrap_or(&label);
        let anchor = if total - at < step * 0.3 { "end" } else { "middle" };
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{place:.1}\" x2=\"{place:.1}\" y1=\"{TOP}\" \
             y2=\"{bottom:.1}\"/><text x=\"{place:.1}\" y=\"{:.1}\" \
             text-anchor=\"{anchor}\">{label}</text>",
            bottom + 15.0
        );
        at += step;
    }
    let (date, clock) = date_and_time(from);
    let _ = write!(
        svg,
        "<text class=\"muted\" x=\"{LEFT}\" y=\"{:.1}\">minutes and seconds after {date} {clock} \
         UTC</text>",
        bottom + 34.0
    );
}

fn paint_row(
    svg: &mut String,
    row: &Row<'_>,
    y: f64,
    tall: f64,
    data: &ReportData,
    x: &impl Fn(EventTime) -> f64,
) {
    let middle = y + tall / 2.0 - 1.0;
    let title: String = if row.title.chars().count() > 24 {
        row.title.chars().take(23).chain(['…']).collect()
    } else {
        row.title.clone()
    };
    let class = if row.pedestrian { "row-title small" } else { "row-title" };
    let _ = write!(
        svg,
        "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
         <line class=\"base\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>",
        LEFT - 10.0,
        middle + 4.0,
        escape(&title),
        WIDTH - RIGHT
    );
    let Some(signals) = row.signals else { return };
    let full = if row.pedestrian { 10.0 } else { 20.0 };
    for phase in signals.phases.iter().take(PHASES_MAX) {
        let (a, b) = (x(phase.from.max(data.span.from)), x(phase.to.min(data.span.to)));
        if b <= a {
            continue;
        }
        // Height says the state as well as colour does.
        let (class, share) = match phase.state {
            Some(SignalColour::Red) => ("red", 1.0),
            Some(SignalColour::Yellow) => ("yellow", 0.7),
            Some(SignalColour::Green) => ("green", 0.4),
            None => ("unknown", 0.7),
        };
        let high = full * share;
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{a:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
             height=\"{high:.1}\"><title>{} {} for {:.1} s</title></rect>",
            middle - high / 2.0,
            b - a,
            escape(&signals.group),
            signal(phase.state),
            phase.to.since_s(phase.from)
        );
    }
}

/// A link to the event's card.
fn marker(svg: &mut String, outcome: &Outcome, violation: bool, at: (f64, f64), from: EventTime) {
    let (x, y) = at;
    let when = offset(outcome.event_time.since_s(from));
    let what = rule_title(outcome.rule);
    let kind = if violation { "" } else { "Not decided: " };
    let detail = format!(
        "{kind}{what}, {} {}, at {when}",
        wayside_proto::RoadUserClass::from(outcome.class).as_str(),
        outcome.track
    );
    let (detail, id) = (escape(&detail), escape(&outcome.id.0));
    let shape = if violation {
        format!("M{x:.1} {:.1}l8 9-8 9-8-9z", y - 9.0)
    } else {
        format!("M{x:.1} {:.1}l5 6-5 6-5-6z", y - 6.0)
    };
    let (class, target) = if violation { ("event", "card") } else { ("event void", "void") };
    let _ = write!(
        svg,
        "<a class=\"{class}\" href=\"#{target}-{id}\" aria-label=\"{detail}\" \
         data-detail=\"{detail}\"><title>{detail}</title><path d=\"{shape}\"/></a>"
    );
}
