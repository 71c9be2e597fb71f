//! Stored observations under a draft, on the bus that the program has open.

use std::path::Path;
use std::sync::Arc;

use wayside_bus::Bus;
use wayside_proto::Outcome as Decided;
use wayside_proto::json::OutcomeLine;
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;
use wayside_workbench::engine::{FoundEvent, Judged, Outcome, Watched, WhatifOrder};

use super::kept::{self, Kept};
use super::replayed::found;
use crate::failure::Failure;
use crate::replay::inputs;
use crate::whatif::compare::{Difference, compare};
use crate::whatif::file::ObservationFile;
use crate::whatif::rerun::{Judged as Twice, Rerun};
use crate::whatif::topic::{self, Window};
use crate::whatif::{blind, keys};

/// Judges twice and compares.
pub(super) fn whatif(
    bus: &Arc<dyn Bus>,
    order: &WhatifOrder,
    watched: &Watched,
) -> Result<Outcome, String> {
    judged(bus, order, watched).map_err(|failure| failure.to_string())
}

fn judged(bus: &Arc<dyn Bus>, order: &WhatifOrder, watched: &Watched) -> Result<Outcome, Failure> {
    let (site_file, log) = match &order.source {
        Judged::Span { site_file, .. } => (site_file.clone(), None),
        Judged::Replay(folder) => {
            let Kept { site_file, signals } = kept::of(folder);
            (site_file, signals)
        }
    };
    let (in_force, _) = inputs::site(&site_file)?;
    // A recording begins when it was said to begin, whatever the draft says.
    let draft = match &order.source {
        Judged::Span { .. } => order.draft.clone(),
        Judged::Replay(_) => {
            kept::beginning(&order.draft, &in_force.file().site.start).map_err(Failure::input)?
        }
    };
    let draft = Site::parse("draft", &draft).map_err(|errors| {
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::input(said.join("\n"))
    })?;
    let keys = keys::changes(in_force.file(), draft.file())?;
    let own = in_force.file().signals.log.as_ref().map(|log| inputs::beside(&site_file, log));
    let mut signals = match log.or(own) {
        Some(path) => inputs::signal_records(&in_force, &path)?.0,
        None => Vec::new(),
    };
    let sites = (&in_force, &draft);
    let (judged, unreadable) = match &order.source {
        Judged::Span { from, to, .. } => {
            let window = Window { from: *from, to: *to };
            of_span(bus, sites, window, &mut signals, watched)?
        }
        Judged::Replay(folder) => {
            let file = folder.join("out").join("observations.binpb");
            (of_file(sites, &file, &signals, watched)?, 0)
        }
    };
    let mut warnings = blind::warnings(&in_force, &draft, &keys, &signals);
    if unreadable > 0 {
        warnings.push(format!("{unreadable} records that this version cannot read were left out"));
    }
    let comparison = compare(judged.before, judged.after);
    let (mut appear, mut disappear, mut change) = (Vec::new(), Vec::new(), Vec::new());
    for difference in &comparison.differences {
        match difference {
            Difference::Appears(outcome) => appear.push(event(outcome)),
            Difference::Disappears(outcome) => disappear.push(event(outcome)),
            Difference::Changes { after, .. } => change.push(event(after)),
        }
    }
    let stay = comparison.total().same;
    Ok(Outcome::Whatif { appear, disappear, change, stay, warnings })
}

/// What is on the bus; with it, how many records could not be read.
fn of_span(
    bus: &Arc<dyn Bus>,
    (in_force, draft): (&Site, &Site),
    window: Window,
    signals: &mut Vec<SignalRecord>,
    watched: &Watched,
) -> Result<(Twice, u64), Failure> {
    let state_s_max = in_force.file().signals.state_s_max.max(draft.file().signals.state_s_max);
    let site = in_force.id();
    let (reports, _) = topic::signals(bus.as_ref(), &site, window, state_s_max)?;
    signals.extend(reports);
    // A history drops what is older than the last of its group: file and bus go together by time.
    signals.sort_by_key(|record| record.time);
    let mut rerun = Rerun::new(in_force.clone(), draft.clone(), signals, Some(window));
    let from = window.from.plus_s(-topic::BEFORE_S);
    let span_s = window.to.plus_s(topic::AFTER_S).since_s(from).max(1.0);
    let read = topic::observations(bus.as_ref(), &site, window, |observation| {
        go_on(watched)?;
        watched.at(observation.time.since_s(from) / span_s);
        rerun.observe(&observation)
    })?;
    if read.taken == 0 {
        return Err(Failure::input(format!(
            "there are no observations of `{site}` from {} to {}\n  hint: choose a time when its cameras were watched, within the bus's retention",
            window.from, window.to
        )));
    }
    Ok((rerun.finish()?, read.unreadable))
}

/// What a replay saw.
fn of_file(
    (in_force, draft): (&Site, &Site),
    file: &Path,
    signals: &[SignalRecord],
    watched: &Watched,
) -> Result<Twice, Failure> {
    let mut file = ObservationFile::open(file)?;
    let mut rerun = Rerun::new(in_force.clone(), draft.clone(), signals, None);
    while let Some(observation) = file.next()? {
        go_on(watched)?;
        rerun.observe(&observation)?;
    }
    rerun.finish()
}

fn go_on(watched: &Watched) -> Result<(), Failure> {
    if watched.is_cancelled() { Err(Failure::input("it was cancelled")) } else { Ok(()) }
}

fn event(outcome: &Decided) -> FoundEvent {
    let line = OutcomeLine::from(outcome);
    let kind = if line.void.is_some() { "void" } else { "violation" };
    found(&line, kind)
}
