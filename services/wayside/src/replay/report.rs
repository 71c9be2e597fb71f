//! Gathers what the report shows.

use std::collections::BTreeMap;

use wayside_proto::{EventTime, RoadUserClass, Verdict};
use wayside_report::{
    ClassCount, Counts, Digest, LaneFlow, OutcomeCard, PedestrianCount, Phase, ReportData,
    SignalTimeline, Span, TrackPath, render,
};
use wayside_rules::signals::SignalHistory;

use super::certificate::Certificate;
use super::evidence::Packages;
use super::{Ended, Plan, Watched};
use crate::failure::Failure;

/// Violations without a package that are named one by one.
const NOTICES_MAX: usize = 20;

/// Renders the page.
pub(super) fn page(
    plan: &Plan,
    certificate: &Certificate,
    mut watched: Watched,
) -> Result<String, Failure> {
    let judged = watched.judged;
    let (from, to) = judged.span.unwrap_or((plan.start, plan.start));
    let span_s = to.since_s(from);
    let mut warnings = watched.warnings;
    match &watched.ended {
        Ended::Whole => {}
        Ended::Cancelled => warnings.push("The replay was interrupted before its end.".to_owned()),
        Ended::Broken(cause) => warnings.push(format!("The recording broke off: {cause}")),
    }
    if judged.paths.left_out > 0 {
        warnings.push(format!("{} track states are not in the plan view.", judged.paths.left_out));
    }
    let (violations, voids): (Vec<_>, Vec<_>) =
        judged.outcomes.into_iter().partition(|outcome| outcome.verdict == Verdict::Violation);
    let outcomes = violations
        .into_iter()
        .map(|outcome| OutcomeCard {
            stills: watched.cards.remove(&outcome.id).unwrap_or_default(),
            outcome,
        })
        .collect();
    let data = ReportData {
        title: String::new(),
        camera: plan.camera.clone(),
        video: Some(plan.name.clone()),
        span: Span { from, to },
        frames: judged.frames,
        speed: (watched.took_s > 0.0).then(|| span_s / watched.took_s),
        counts: Counts {
            tracks: class_counts(&judged.paths),
            lawful_crossings: judged.counts.stop_lines.values().map(|line| line.lawful).sum(),
        },
        signals: timelines(plan, &judged.signals, from, to),
        outcomes,
        voids,
        gaps: judged.gaps,
        tracks: judged
            .paths
            .iter()
            .map(|(id, way)| TrackPath {
                id: *id,
                class: way.class,
                points_m: way.points.iter().map(|point| (point.time, point.front_m)).collect(),
            })
            .collect(),
        lane_flows: lane_flows(&judged.counts, span_s),
        pedestrian_on_red: judged
            .counts
            .pedestrian_on_red
            .iter()
            .map(|(crossing, people)| PedestrianCount {
                crossing: crossing.clone(),
                count: people.count,
            })
            .collect(),
        unfit: watched.fitness.and_then(|fitness| fitness.warning).map(|text| sentence(&text)),
        warnings,
        tiles: watched.tiles,
        digests: certificate
            .inputs
            .iter()
            .chain(&certificate.outputs)
            .map(|(name, sha256)| Digest { name: (*name).to_owned(), sha256: sha256.clone() })
            .collect(),
        models: watched.models,
        program_version: certificate.program.clone(),
        partial: certificate.partial,
        notices: watched.evidence.iter().flat_map(notices).collect(),
    };
    render(&plan.site, &data).map_err(Failure::failed)
}

/// Where the packages are, and of which violation there is none.
fn notices(evidence: &Packages) -> Vec<String> {
    let mut all = vec![format!(
        "Evidence packages: {} of {} violations, in {}, signed with key {}. `wayside verify PACKAGE` checks one.",
        evidence.sealed(),
        evidence.packages.len(),
        evidence.store,
        evidence.key_id
    )];
    let failed = evidence.packages.iter().filter_map(|recorded| {
        let why = recorded.failed.as_ref()?;
        Some(format!("Violation {} has no evidence package: {why}", recorded.violation))
    });
    all.extend(failed.take(NOTICES_MAX));
    all
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn class_counts(paths: &super::paths::Paths) -> Vec<ClassCount> {
    let mut counts: BTreeMap<RoadUserClass, u64> = BTreeMap::new();
    for (_, way) in paths.iter() {
        *counts.entry(way.class).or_default() += 1;
    }
    counts.into_iter().map(|(class, count)| ClassCount { class, count }).collect()
}

fn timelines(
    plan: &Plan,
    signals: &SignalHistory,
    from: EventTime,
    to: EventTime,
) -> Vec<SignalTimeline> {
    plan.site
        .file()
        .signal_groups
        .iter()
        .map(|group| SignalTimeline {
            group: group.id.clone(),
            phases: signals
                .timeline(&group.id, from, to)
                .into_iter()
                .map(|span| Phase {
                    from: span.from,
                    to: span.to,
                    state: span.state.known().map(|known| known.state),
                })
                .collect(),
        })
        .collect()
}

fn lane_flows(counts: &wayside_rules::Counts, span_s: f64) -> Vec<LaneFlow> {
    counts
        .occupancy
        .iter()
        .map(|(lane, occupancy)| {
            let vehicles: u64 = counts
                .flow
                .iter()
                .filter(|flow| flow.lane == *lane)
                .map(|flow| flow.vehicles)
                .sum();
            LaneFlow {
                lane: lane.clone(),
                vehicles,
                per_hour: (span_s >= 30.0).then(|| vehicles as f64 * 3600.0 / span_s),
                occupancy: occupancy.share,
            }
        })
        .collect()
}
