//! Surroundings of an event out of the bus.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Start, Stored, Topic};
use wayside_package::observations_needed;
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Observation, Outcome, ReportSource, SignalReport};
use wayside_rules::signals::{SignalRecord, SignalSource};
use wayside_site::model::Footage;

use super::health::Workers;
use super::{Gathered, SiteText, SiteTexts, SourceError, Sources};

/// Records stand in order of time only for one key: this much before is read, too.
const MARGIN_S: f64 = 30.0;
/// Other keys this much later end the reading.
const BEYOND_S: f64 = 120.0;
/// How far back signals are read: the longest that a group shows one colour, with room.
const SIGNALS_S: f64 = 1_800.0;
/// Records that are looked at for one event, of all cameras of a partition.
const LOOK_MAX: usize = 2_000_000;
/// Observations of one camera.
const OBSERVATIONS_MAX: usize = 50_000;
/// Signal records of one site.
const SIGNALS_MAX: usize = 100_000;
/// Records read at once.
const RECORDS_MAX: usize = 5_000;
/// Bytes read at once.
const BYTES_MAX: usize = 16 << 20;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

/// Reads observations and signals from the bus, addresses of workers from the cameras' health.
pub struct BusSources {
    bus: Arc<dyn Bus>,
    sites: RwLock<SiteTexts>,
    workers: Mutex<Workers>,
    now: fn() -> EventTime,
}

impl BusSources {
    /// Over a bus, for these junctions. `now` is the clock of this machine.
    #[must_use]
    pub fn new(bus: Arc<dyn Bus>, sites: SiteTexts, now: fn() -> EventTime) -> Self {
        let workers = Mutex::new(Workers::new());
        Self { bus, sites: RwLock::new(sites), workers, now }
    }

    /// Another text of a site's file holds from now on.
    pub fn replace_site(&self, text: SiteText) {
        let mut sites = self.sites.write().unwrap_or_else(PoisonError::into_inner);
        sites.insert(text.site.id(), text);
    }

    fn site(&self, outcome: &Outcome) -> Option<SiteText> {
        let sites = self.sites.read().unwrap_or_else(PoisonError::into_inner);
        sites.get(&outcome.site).cloned()
    }

    /// Reads a site's partition of a topic over a span of event time, up to the end that it has now.
    fn read(
        &self,
        topic: Topic,
        outcome: &Outcome,
        (from, to): (EventTime, EventTime),
        mut take: impl FnMut(Stored) -> bool,
    ) -> Result<(), BusError> {
        let partition = Partition::of(outcome.site.as_str(), self.bus.partitions(topic)?);
        let start = Start::Time(from.plus_s(-MARGIN_S).0);
        let mut reader = self.bus.read_from(topic, partition, start)?;
        let end = reader.end()?;
        let mut looked = 0;
        while reader.next() < end && looked < LOOK_MAX {
            let records = reader.read(RECORDS_MAX, BYTES_MAX, WAIT)?;
            if records.is_empty() {
                return Err(BusError::Silent {
                    place: self.bus.place(),
                    topic,
                    partition,
                    waited_ms: WAIT.as_millis() as u64,
                });
            }
            looked += records.len();
            for stored in records {
                if stored.time > to.plus_s(BEYOND_S).0 || !take(stored) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn observations(
        &self,
        outcome: &Outcome,
        (from, until): (EventTime, EventTime),
        whole_at: EventTime,
    ) -> Result<(Vec<Observation>, bool), BusError> {
        let key = format!("{}/{}", outcome.site, outcome.camera);
        let (mut found, mut whole): (Vec<Observation>, _) = (Vec::new(), false);
        self.read(Topic::Observations, outcome, (from, until), |stored| {
            if stored.key != key {
                return true;
            }
            whole |= stored.time >= whole_at.0;
            if stored.time > until.0 || found.len() >= OBSERVATIONS_MAX {
                return false;
            }
            // What cannot be read is with the dead letters of the rules.
            if let Ok(observation) = Observation::from_bytes(&stored.value) {
                if observation.run == outcome.run && observation.time >= from {
                    found.push(observation);
                } else if observation.time > outcome.event_time && observation.run != outcome.run {
                    // Another run of the camera: this one will not go on.
                    whole = true;
                }
            }
            true
        })?;
        Ok((found, whole))
    }

    fn signals(
        &self,
        outcome: &Outcome,
        text: &SiteText,
        until: EventTime,
    ) -> Result<Vec<SignalRecord>, BusError> {
        let from = outcome.event_time.plus_s(-SIGNALS_S);
        let within = |record: &&SignalRecord| record.time >= from && record.time <= until;
        let of_file = text.signals.iter().filter(within).take(SIGNALS_MAX);
        let mut found: Vec<SignalRecord> = of_file.cloned().collect();
        self.read(Topic::Signals, outcome, (from, until), |stored| {
            if let Ok(report) = SignalReport::from_bytes(&stored.value)
                && report.site == outcome.site
                && report.time >= from
                && report.time <= until
            {
                found.push(record(report));
            }
            found.len() < SIGNALS_MAX
        })?;
        Ok(found)
    }
}

/// A report as the rules take it.
fn record(report: SignalReport) -> SignalRecord {
    let source = match report.source {
        ReportSource::Log => SignalSource::Log,
        ReportSource::Lamp(_) => SignalSource::Lamp,
    };
    SignalRecord { time: report.time, group: report.group, state: report.state, source }
}

impl Sources for BusSources {
    fn gather(&self, outcome: &Outcome, to: EventTime) -> Result<Gathered, SourceError> {
        let text = self.site(outcome).ok_or_else(|| SourceError::NoSite(outcome.site.clone()))?;
        let needed = observations_needed(&text.site, outcome.rule);
        let from = outcome.event_time.plus_s(-needed.before_s);
        let until = outcome.event_time.plus_s(needed.after_s).max(to);
        let passing = |error: BusError| SourceError::Passing(error.to_string());
        let (observations, is_whole) =
            self.observations(outcome, (from, until), to).map_err(passing)?;
        let signals = self.signals(outcome, &text, until).map_err(passing)?;
        let footage = text.site.file().footage_of(outcome.camera.as_str());
        let is_simulated = footage == Footage::Simulated;
        Ok(Gathered { site_toml: text.toml, observations, signals, is_simulated, is_whole })
    }

    fn worker(&self, outcome: &Outcome) -> Option<String> {
        let key = (outcome.site.clone(), outcome.camera.clone(), outcome.run.clone());
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.find(&*self.bus, &key, (self.now)()).unwrap_or_else(|error| {
            tracing::warn!("the cameras' health cannot be read: {error}");
            None
        })
    }
}
