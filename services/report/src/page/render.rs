//! Puts the page together.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use wayside_proto::{EventTime, Outcome, RoadUserClass, TrackId, Verdict};
use wayside_site::Site;
use wayside_site::model::Footage;

use super::card::{CardView, VoidView, card, void};
use super::data::{Digest, ModelNote, OutcomeCard, ReportData};
use super::error::ReportError;
use super::{plan, tiles, timeline, words};

/// Voids that are listed one by one; the rest is only counted.
const VOIDS_LISTED_MAX: usize = 200;
/// Cards at most; the rest is only counted, and stands in `violations.jsonl`.
const CARDS_MAX: usize = 200;

/// The template's view of the report. Everything is raw text that askama escapes, except the SVG
/// drawings, which escape what they contain, and style and script, which are constants.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    title: &'a str,
    camera: &'a str,
    video: Option<&'a str>,
    date: String,
    from: String,
    to: String,
    partial: bool,
    unfit: Option<&'a str>,
    simulated: bool,
    headline: String,
    tiles_of_numbers: Vec<(String, &'static str)>,
    warnings: &'a [String],
    notices: &'a [String],
    timeline: String,
    cards: Vec<CardView>,
    cards_more: usize,
    plan: plan::Plan,
    classes: Vec<(&'static str, String)>,
    has_violating: bool,
    voids: Vec<VoidView>,
    voids_more: usize,
    gaps: Vec<(String, String, &'static str)>,
    flows: Vec<FlowView>,
    pedestrians: &'a [super::data::PedestrianCount],
    pedestrians_total: u64,
    looked: Option<tiles::Looked>,
    digests: &'a [Digest],
    models: &'a [ModelNote],
    version: &'a str,
    rules: Vec<(String, String, &'static str)>,
}

/// A lane's flow as the template shows it.
struct FlowView {
    lane: String,
    approach: String,
    vehicles: u64,
    per_hour: String,
    /// Length of the bar, percent of the largest.
    bar: u32,
    occupancy: String,
    occupancy_bar: u32,
}

/// The report as one HTML page that loads nothing from anywhere.
///
/// Stills must be redacted already (PV-1). Everything from outside is escaped.
///
/// # Errors
/// Where the span ends before it begins, or the template fails.
pub fn render(site: &Site, data: &ReportData) -> Result<String, ReportError> {
    if data.span.to < data.span.from {
        let (from, to) = (data.span.from.to_string(), data.span.to.to_string());
        return Err(ReportError::Span { from, to });
    }
    let is_violation = |outcome: &Outcome| outcome.verdict == Verdict::Violation;
    let cards: Vec<&OutcomeCard> =
        data.outcomes.iter().filter(|c| is_violation(&c.outcome)).collect();
    let violations: Vec<&Outcome> = cards.iter().map(|c| &c.outcome).collect();
    let others = data.outcomes.iter().map(|c| &c.outcome).chain(&data.voids);
    let voids: Vec<&Outcome> = others.filter(|outcome| !is_violation(outcome)).collect();
    let violating: BTreeMap<TrackId, EventTime> =
        violations.iter().rev().map(|o| (o.track, o.event_time)).collect();
    let head = &site.file().site;
    let name = if head.name.is_empty() { &head.id } else { &head.name };
    let (date, from) = words::date_and_time(data.span.from);
    let (last_date, last_time) = words::date_and_time(data.span.to);
    let to = if last_date == date { last_time } else { format!("{last_date} {last_time}") };
    let listed = voids.iter().take(VOIDS_LISTED_MAX);
    let page = Page {
        style: include_str!("../../templates/report.css"),
        script: include_str!("../../templates/report.js"),
        title: if data.title.is_empty() { name } else { &data.title },
        camera: &data.camera,
        video: data.video.as_deref(),
        date,
        from,
        to,
        partial: data.partial,
        unfit: data.unfit.as_deref(),
        simulated: site.file().footage_of(&data.camera) == Footage::Simulated,
        headline: headline(data, &violations, voids.len()),
        tiles_of_numbers: numbers(data, violations.len(), voids.len()),
        warnings: &data.warnings,
        notices: &data.notices,
        timeline: timeline::timeline(site, data, &violations, &voids),
        cards: cards.iter().take(CARDS_MAX).map(|c| card(site, c, data.span.from)).collect(),
        cards_more: cards.len().saturating_sub(CARDS_MAX),
        plan: plan::plan(site, data, &violating),
        classes: classes(data, &violating),
        has_violating: data.tracks.iter().any(|t| violating.contains_key(&t.id)),
        voids: listed.filter_map(|outcome| void(outcome, data.span.from)).collect(),
        voids_more: voids.len().saturating_sub(VOIDS_LISTED_MAX),
        gaps: gaps(data),
        flows: flows(site, data),
        pedestrians: &data.pedestrian_on_red,
        pedestrians_total: data.pedestrian_on_red.iter().map(|p| p.count).sum(),
        looked: data.tiles.as_ref().map(tiles::Looked::new),
        digests: &data.digests,
        models: &data.models,
        version: &data.program_version,
        rules: rules(&violations),
    };
    Ok(page.render()?)
}

/// What happened, in a sentence or two.
fn headline(data: &ReportData, violations: &[&Outcome], voids: usize) -> String {
    let long = words::duration(data.span.to.since_s(data.span.from));
    let lawful = data.counts.lawful_crossings;
    let lawful = match lawful {
        0 => "No lawful crossing of a stop line was counted.".to_owned(),
        n => format!("{} crossed a stop line lawfully.", words::counted(n, "vehicle")),
    };
    let mut text = if violations.is_empty() {
        format!("No violation was found in {long} of footage. {lawful}")
    } else {
        let mut kinds: Vec<(&str, u64)> = Vec::new();
        for outcome in violations {
            match kinds.iter_mut().find(|(rule, _)| *rule == outcome.rule) {
                Some((_, count)) => *count += 1,
                None => kinds.push((outcome.rule, 1)),
            }
        }
        let kinds: Vec<String> = kinds
            .iter()
            .map(|(rule, count)| {
                let title = words::rule_title(rule);
                let mut letters = title.chars();
                let lower: String = letters
                    .next()
                    .map(|first| first.to_lowercase().chain(letters).collect())
                    .unwrap_or_default();
                format!("{count} × {lower}")
            })
            .collect();
        let count = words::counted(violations.len() as u64, "violation");
        let were = if violations.len() == 1 { "was" } else { "were" };
        format!("{count} {were} found in {long} of footage: {}. {lawful}", kinds.join(", "))
    };
    match voids {
        0 => {}
        1 => text.push_str(" One event could not be decided; the reason stands below."),
        n => text.push_str(&format!(" {n} events could not be decided; the reasons stand below.")),
    }
    text
}

fn numbers(data: &ReportData, violations: usize, voids: usize) -> Vec<(String, &'static str)> {
    let long = data.span.to.since_s(data.span.from);
    let vehicles: u64 = data
        .counts
        .tracks
        .iter()
        .filter(|c| c.class.motor_vehicle().is_some())
        .map(|c| c.count)
        .sum();
    let one = |count: u64, one: &'static str, many: &'static str| {
        if count == 1 { one } else { many }
    };
    let mut out = vec![
        (violations.to_string(), one(violations as u64, "violation", "violations")),
        (voids.to_string(), one(voids as u64, "event not decided", "events not decided")),
        (data.counts.lawful_crossings.to_string(), "lawful crossings of a stop line"),
        (vehicles.to_string(), one(vehicles, "motor vehicle followed", "motor vehicles followed")),
        (words::duration(long), "of footage"),
        (data.frames.to_string(), one(data.frames, "frame looked at", "frames looked at")),
    ];
    if let Some(speed) = data.speed.filter(|s| s.is_finite()) {
        out.push((format!("{speed:.1} ×"), "the speed of the recording"));
    }
    out
}

/// Classes that are in the plan, with their counts, for the legend.
fn classes(
    data: &ReportData,
    violating: &BTreeMap<TrackId, EventTime>,
) -> Vec<(&'static str, String)> {
    let paths = |class| {
        let drawn =
            data.tracks.iter().filter(|t| t.class == class && !violating.contains_key(&t.id));
        drawn.count() as u64
    };
    RoadUserClass::ALL
        .into_iter()
        .map(|class| (class, paths(class)))
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| (class.as_str(), words::count_of(class, count)))
        .collect()
}

fn gaps(data: &ReportData) -> Vec<(String, String, &'static str)> {
    data.gaps
        .iter()
        .take(VOIDS_LISTED_MAX)
        .map(|gap| {
            let at = words::offset(gap.from.since_s(data.span.from));
            let long = words::duration(gap.to.since_s(gap.from));
            (at, long, words::gap_reason(gap.cause))
        })
        .collect()
}

fn flows(site: &Site, data: &ReportData) -> Vec<FlowView> {
    let most = data.lane_flows.iter().map(|f| f.vehicles).max().unwrap_or(0).max(1);
    let percent = |share: f64| (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    data.lane_flows
        .iter()
        .map(|flow| FlowView {
            lane: flow.lane.clone(),
            approach: site.lane(&flow.lane).and_then(|l| l.approach.clone()).unwrap_or_default(),
            vehicles: flow.vehicles,
            per_hour: flow.per_hour.map_or_else(|| "–".to_owned(), |v| format!("{v:.0}")),
            bar: percent(flow.vehicles as f64 / most as f64),
            occupancy: flow
                .occupancy
                .map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0)),
            occupancy_bar: percent(flow.occupancy.unwrap_or(0.0)),
        })
        .collect()
}

/// Rules of the violations: name, version, sentence.
fn rules(violations: &[&Outcome]) -> Vec<(String, String, &'static str)> {
    let kinds: BTreeSet<(&str, u32)> =
        violations.iter().map(|o| (o.rule, o.rule_version)).collect();
    kinds
        .into_iter()
        .map(|(rule, version)| {
            (rule.to_owned(), format!("version {version}"), words::rule_sentence(rule))
        })
        .collect()
}
