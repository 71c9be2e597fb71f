//! `wayside whatif`.

use std::path::{Path, PathBuf};

use clap::Args;
use wayside_proto::EventTime;
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

use super::bus_args::BusArgs;
use super::stored_bus;
use crate::failure::{Exit, Failure};
use crate::replay::inputs;
use crate::replay::progress::Progress;
use crate::whatif::compare::compare;
use crate::whatif::file::ObservationFile;
use crate::whatif::rerun::{Judged, Rerun};
use crate::whatif::topic::{self, Taken, Window};
use crate::whatif::{Told, blind, keys, object, text};

const EXIT_CODES: &str = "An event is a violation or a void. Two judgements of one crossing are told apart by rule, \
camera, track, place and time.

Exit codes: 0 compared; 1 failed; 2 the command line is wrong; 3 an input was refused; 5 with --fail-on-change, an \
event would be judged differently.";

/// `wayside whatif`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct WhatifArgs {
    /// The site file in force.
    #[arg(value_name = "SITE")]
    pub site: PathBuf,
    /// The draft to compare it with.
    #[arg(long, value_name = "FILE")]
    pub draft: PathBuf,
    /// Observations that `wayside replay` left (observations.binpb), in place of the bus.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"],
          required_unless_present = "from")]
    pub observations: Option<PathBuf>,
    /// Compare the events on the bus from this instant on, for example 2026-06-01T07:00:00Z.
    #[arg(long, value_name = "TIME", requires = "to", value_parser = EventTime::parse)]
    pub from: Option<EventTime>,
    /// Up to this instant.
    #[arg(long, value_name = "TIME", requires = "from", value_parser = EventTime::parse)]
    pub to: Option<EventTime>,
    /// Signal log to use in place of the site's own.
    #[arg(long, value_name = "FILE")]
    pub signals: Option<PathBuf>,
    /// Most events that are listed.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Exit with 5 where an event would be judged differently.
    #[arg(long)]
    pub fail_on_change: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
}

/// Compares and prints.
pub fn run(args: &WhatifArgs) -> Result<Option<Exit>, Failure> {
    let (in_force, _) = inputs::site(&args.site)?;
    let (draft, _) = inputs::site(&args.draft)?;
    if draft.id() != in_force.id() {
        return Err(Failure::input(format!(
            "{} is of the site `{}`, and {} of `{}`\n  hint: a draft has the id of the site file that it would replace",
            args.draft.display(),
            draft.id(),
            args.site.display(),
            in_force.id()
        )));
    }
    let keys = keys::changes(in_force.file(), draft.file())?;
    let mut signals = match args.signals.clone().or_else(|| own_signals(&in_force, &args.site)) {
        Some(path) => inputs::signal_records(&in_force, &path)?.0,
        None => Vec::new(),
    };
    let progress = Progress::new(None, "observations", !args.json);
    let (judged, source, more) = match (&args.observations, args.from, args.to) {
        (None, Some(from), Some(to)) => {
            from_bus(args, (&in_force, &draft), Window { from, to }, &mut signals, &progress)?
        }
        (Some(path), ..) => from_file(path, (&in_force, &draft), &signals, &progress)?,
        // The command line asks for one of them.
        _ => return Err(Failure::input("neither --observations nor --from and --to are given")),
    };
    progress.finish();
    let mut warnings = blind::warnings(&in_force, &draft, &keys, &signals);
    warnings.extend(more);
    let told = Told {
        site: in_force.id().0,
        in_force: args.site.display().to_string(),
        draft: args.draft.display().to_string(),
        source,
        cameras: judged.cameras,
        span: judged.span,
        keys,
        warnings,
    };
    let comparison = compare(judged.before, judged.after);
    if args.json {
        println!("{}", object::object(&told, &comparison, args.limit));
    } else {
        print!("{}", text::text(&told, &comparison, args.limit));
    }
    let differs = args.fail_on_change && !comparison.differences.is_empty();
    Ok(differs.then_some(Exit::Differs))
}

fn own_signals(site: &Site, path: &Path) -> Option<PathBuf> {
    site.file().signals.log.as_ref().map(|log| inputs::beside(path, log))
}

type Read = (Judged, String, Vec<String>);

fn from_file(
    path: &Path,
    (in_force, draft): (&Site, &Site),
    signals: &[SignalRecord],
    progress: &Progress,
) -> Result<Read, Failure> {
    let mut file = ObservationFile::open(path)?;
    let mut rerun = Rerun::new(in_force.clone(), draft.clone(), signals, None);
    let mut other = None;
    let (mut taken, mut others) = (0_u64, 0_u64);
    while let Some(observation) = file.next()? {
        if observation.site != in_force.id() {
            others += 1;
            other.get_or_insert(observation.site);
            continue;
        }
        taken += 1;
        rerun.observe(&observation)?;
        let (violations, voids) = rerun.tally();
        progress.step(violations, voids);
    }
    let name = path.display();
    match (taken, other) {
        (0, Some(other)) => Err(Failure::input(format!(
            "the observations in {name} are of the site `{other}`, the site file is of `{}`\n  hint: give the site file that they were made with",
            in_force.id()
        ))),
        (0, None) => Err(Failure::input(format!(
            "{name} has no observations\n  hint: give an observations.binpb as `wayside replay --out` writes it"
        ))),
        (_, other) => {
            let mut warnings: Vec<String> = other
                .map(|other| format!("{others} observations are of other sites, such as {other}"))
                .into_iter()
                .collect();
            if in_force.file().cameras.iter().any(|camera| !camera.lamps.is_empty()) {
                warnings.push(
                    "what lamps showed is not in a file of observations: the signal log alone counts"
                        .to_owned(),
                );
            }
            Ok((rerun.finish()?, name.to_string(), warnings))
        }
    }
}

fn from_bus(
    args: &WhatifArgs,
    (in_force, draft): (&Site, &Site),
    window: Window,
    signals: &mut Vec<SignalRecord>,
    progress: &Progress,
) -> Result<Read, Failure> {
    if window.to <= window.from {
        return Err(Failure::input(format!(
            "--to {} is not after --from {}\n  hint: give the beginning first",
            window.to, window.from
        )));
    }
    let bus = stored_bus::open(&args.bus)?;
    let site = in_force.id();
    let state_s_max = in_force.file().signals.state_s_max.max(draft.file().signals.state_s_max);
    let (reports, of_signals) = topic::signals(bus.as_ref(), &site, window, state_s_max)?;
    signals.extend(reports);
    // A history drops what is older than the last of its group: file and bus go together by time.
    signals.sort_by_key(|record| record.time);
    let mut rerun = Rerun::new(in_force.clone(), draft.clone(), signals, Some(window));
    let of_observations = topic::observations(bus.as_ref(), &site, window, |observation| {
        rerun.observe(&observation)?;
        let (violations, voids) = rerun.tally();
        progress.step(violations, voids);
        Ok(())
    })?;
    if of_observations.taken == 0 {
        return Err(Failure::input(format!(
            "{} has no observations of the site `{site}` from {} to {}\n  hint: is it within the retention of the topic, and in UTC?",
            bus.place(),
            window.from,
            window.to
        )));
    }
    let mut warnings = Vec::new();
    for (what, Taken { unreadable, .. }) in
        [("observations", of_observations), ("signal reports", of_signals)]
    {
        if unreadable > 0 {
            warnings.push(format!(
                "{what}: {unreadable} records that this version cannot read were left out (`wayside deadletter list`)"
            ));
        }
    }
    Ok((rerun.finish()?, bus.place(), warnings))
}
