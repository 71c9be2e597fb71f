//! Observations and signals of a site, out of the bus.

use std::time::Duration;

use wayside_bus::{Bus, Partition, Start, Stored, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Observation, ReportSource, SignalReport, SiteId};
use wayside_rules::signals::{SignalRecord, SignalSource};

use crate::failure::Failure;

/// Observations before the span that are judged, too: what a track did before counts, seconds.
pub const BEFORE_S: f64 = 300.0;
/// Observations after it: a rule decides some time after the event, seconds.
pub const AFTER_S: f64 = 120.0;
/// Reports before the first observation: what a group shows may have been said long ago, seconds.
const SIGNALS_BEFORE_S: f64 = 3_600.0;
/// So many records in a row that are later than wanted, and the rest is not read: a camera whose clock
/// is ahead must not hide the others.
const LATER_RECORDS: u64 = 20_000;
/// Bounds of one read.
const RECORDS_MAX: usize = 512;
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// How long a record that is there is waited for.
const WAIT: Duration = Duration::from_millis(500);
/// So many waits without a record, and the bus is taken for broken.
const WAITS_MAX: u32 = 60;

/// A stretch of event time.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first instant.
    pub from: EventTime,
    /// The last one.
    pub to: EventTime,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Messages of the site.
    pub taken: u64,
    /// Records that are no message of this version.
    pub unreadable: u64,
}

/// Reads the observations of `site` that judging `window` takes.
///
/// # Errors
/// Where the bus cannot be read, or `take` fails.
pub fn observations(
    bus: &dyn Bus,
    site: &SiteId,
    window: Window,
    mut take: impl FnMut(Observation) -> Result<(), Failure>,
) -> Result<Taken, Failure> {
    let window = Window { from: window.from.plus_s(-BEFORE_S), to: window.to.plus_s(AFTER_S) };
    let mut taken = Taken::default();
    records(bus, Topic::Observations, site, window, |stored| {
        match Observation::from_bytes(&stored.value) {
            Ok(observation) if observation.site == *site => {
                if (window.from..=window.to).contains(&observation.time) {
                    taken.taken += 1;
                    take(observation)?;
                }
            }
            Ok(_) => {}
            Err(_) => taken.unreadable += 1,
        }
        Ok(())
    })?;
    Ok(taken)
}

/// Reads the signal reports of `site` that judging `window` takes.
///
/// # Errors
/// Where the bus cannot be read.
pub fn signals(
    bus: &dyn Bus,
    site: &SiteId,
    window: Window,
    state_s_max: f64,
) -> Result<(Vec<SignalRecord>, Taken), Failure> {
    let before_s = BEFORE_S + SIGNALS_BEFORE_S.max(state_s_max);
    let window = Window { from: window.from.plus_s(-before_s), to: window.to.plus_s(AFTER_S) };
    let mut taken = Taken::default();
    let mut reports = Vec::new();
    records(bus, Topic::Signals, site, window, |stored| {
        match SignalReport::from_bytes(&stored.value) {
            Ok(report) if report.site == *site => {
                if report.time <= window.to {
                    taken.taken += 1;
                    reports.push(record(report));
                }
            }
            Ok(_) => {}
            Err(_) => taken.unreadable += 1,
        }
        Ok(())
    })?;
    Ok((reports, taken))
}

fn record(report: SignalReport) -> SignalRecord {
    let source = match report.source {
        ReportSource::Log => SignalSource::Log,
        ReportSource::Lamp(_) => SignalSource::Lamp,
    };
    SignalRecord { time: report.time, group: report.group, state: report.state, source }
}

/// Every record of the site's partition from the window's beginning to what is there now, or to well
/// past the window's end.
fn records(
    bus: &dyn Bus,
    topic: Topic,
    site: &SiteId,
    window: Window,
    mut take: impl FnMut(Stored) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = |error| Failure::failed(format!("{topic} of {}: {error}", bus.place()));
    let partition = Partition::of(site.as_str(), bus.partitions(topic).map_err(failed)?);
    let start = Start::Time(window.from.0);
    let mut reader = bus.read_from(topic, partition, start).map_err(failed)?;
    let end = reader.end().map_err(failed)?;
    let (mut later, mut waits) = (0_u64, 0_u32);
    while reader.next() < end && later < LATER_RECORDS {
        let records = reader.read(RECORDS_MAX, BYTES_MAX, WAIT).map_err(failed)?;
        if records.is_empty() {
            waits += 1;
            if waits >= WAITS_MAX && reader.next() < end {
                return Err(Failure::failed(format!(
                    "{topic} of {}: partition {partition} gives nothing from offset {} on, although it ends at {end}\n  hint: look at the broker's log",
                    bus.place(),
                    reader.next()
                )));
            }
            continue;
        }
        waits = 0;
        for stored in records {
            if stored.offset >= end {
                return Ok(());
            }
            later = if stored.time > window.to.0 { later + 1 } else { 0 };
            take(stored)?;
        }
    }
    Ok(())
}
