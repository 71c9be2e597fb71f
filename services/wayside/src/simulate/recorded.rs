//! Recorded observations, repeated for many sites.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use toml_edit::{DocumentMut, value};
use wayside_city::{Event, SiteStream, Tape, TapePlayer};
use wayside_proto::convert::decode_observations;
use wayside_proto::{EventTime, Observation, ReportSource, SignalReport, SiteId};
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

use crate::failure::Failure;
use crate::replay::inputs;

/// Largest recording, bytes.
const BYTES_MAX: u64 = 1 << 30;
/// How long nothing is seen between two rounds, microseconds.
const PAUSE_US: i64 = 1_000_000;

/// A recording of one site.
pub(super) struct Recorded {
    tape: Arc<Tape>,
    id: String,
    text: String,
    start: EventTime,
}

/// Reads a recording and the site file that it belongs to, to be played from `start` on.
pub(super) fn read(file: &Path, site_path: &Path, start: EventTime) -> Result<Recorded, Failure> {
    let (site, text) = inputs::site(site_path)?;
    let mut observations = observations(file)?;
    // Cameras of a recording may stand one after the other.
    observations.sort_by_key(|observation| observation.time);
    let first = observations.first().map(|observation| observation.time);
    let last = observations.last().map(|observation| observation.time);
    let (Some(first), Some(last)) = (first, last) else {
        return Err(refused(file, "it has no observation", "is it the right file?"));
    };
    check(file, &site, &observations)?;
    let period_us = last.0.saturating_sub(first.0).saturating_add(PAUSE_US);
    let records = match &site.file().signals.log {
        Some(log) => inputs::signal_records(&site, &inputs::beside(site_path, log))?.0,
        None => Vec::new(),
    };
    let signals = reports(&site, records, first).into_iter().map(Event::Signal);
    let events = signals.chain(observations.into_iter().map(Event::Observation));
    let tape = Tape::new(first, period_us, events)
        .map_err(|error| refused(file, &error.to_string(), "was it written by another version?"))?;
    Ok(Recorded { tape: Arc::new(tape), id: site.file().site.id.clone(), text: text.text, start })
}

fn refused(file: &Path, problem: &str, hint: &str) -> Failure {
    Failure::input(format!("{}: {problem}\n  hint: {hint}", file.display()))
}

fn observations(file: &Path) -> Result<Vec<Observation>, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(file, &error);
    let bytes = fs::metadata(file).map_err(unreadable)?.len();
    if bytes > BYTES_MAX {
        let problem = format!("it is larger than {} MiB", BYTES_MAX >> 20);
        return Err(refused(file, &problem, "cut it into parts"));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    decode_observations(&bytes)
        .map_err(|error| refused(file, &error.to_string(), "is it the right file?"))
}

/// One site, one run: another run would use the ids of tracks again.
fn check(file: &Path, site: &Site, observations: &[Observation]) -> Result<(), Failure> {
    let Some(first) = observations.first() else { return Ok(()) };
    if let Some(other) = observations.iter().find(|o| o.site != site.id()) {
        let problem = format!("it has observations of {}, not of {} alone", other.site, site.id());
        return Err(refused(file, &problem, "name the site file that belongs to it"));
    }
    if let Some(other) = observations.iter().find(|o| o.run != first.run) {
        let problem = format!("it has the runs {} and {}", first.run, other.run);
        return Err(refused(file, &problem, "record one run alone"));
    }
    Ok(())
}

/// The records as reports. What groups show before `first` is told at `first`.
fn reports(site: &Site, records: Vec<SignalRecord>, first: EventTime) -> Vec<SignalReport> {
    let mut before: Vec<SignalReport> = Vec::new();
    let mut after: Vec<SignalReport> = Vec::new();
    for record in records {
        let report = SignalReport {
            site: site.id(),
            group: record.group,
            state: record.state,
            time: record.time.max(first),
            source: ReportSource::Log,
        };
        if record.time > first {
            after.push(report);
            continue;
        }
        match before.iter_mut().find(|known| known.group == report.group) {
            Some(known) => *known = report,
            None => before.push(report),
        }
    }
    after.sort_by_key(|report| report.time);
    before.extend(after);
    before
}

impl Recorded {
    /// Cameras of the recording; at least 1.
    pub(super) fn cameras(&self) -> u32 {
        (self.tape.cameras().len() as u32).max(1)
    }

    fn name(&self, number: u32) -> String {
        format!("{}-{number:04}", self.id)
    }

    /// The stream of a copy. Every copy but the first begins elsewhere in the recording.
    pub(super) fn stream(&self, number: u32, cameras: u32, seed: u64) -> SiteStream {
        let mut rng = wayside_city::Rng::new(seed, &[u64::from(number)]);
        let offset_us = match number {
            0 => 0,
            _ => rng.below(self.tape.period_us().unsigned_abs()) as i64,
        };
        let (tape, run) = (Arc::clone(&self.tape), format!("simulated-{seed}"));
        let site = SiteId(self.name(number));
        TapePlayer::new(tape, site, &run, self.start, cameras as usize, offset_us).into()
    }

    /// The site file of a copy: another id and start, and no signal log.
    pub(super) fn site_file(&self, number: u32) -> Result<String, Failure> {
        let mut document: DocumentMut = self.text.parse().map_err(Failure::input)?;
        document["site"]["id"] = value(self.name(number));
        document["site"]["start"] = value(self.start.to_string());
        if let Some(signals) = document.get_mut("signals").and_then(|item| item.as_table_like_mut())
        {
            signals.remove("log");
        }
        Ok(document.to_string())
    }
}
