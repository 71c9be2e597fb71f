//! The consumer: reads the log and judges. `commit` is what becomes of it.

mod commit;

use std::collections::VecDeque;

use wayside_bus::{BusError, Log, Offset, Position, Record, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Observation, Outcome};
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;

use crate::core::{Core, Decided};
use crate::error::EnforceError;
use crate::letters;
use crate::options::Options;
use crate::progress::{Progress, Totals};
use crate::reports::Reports;

/// Runs the rules of one site over the log.
///
/// One enforcer a site: its name as a consumer is `enforcement/SITE`.
pub struct Enforcer {
    core: Core,
    options: Options,
    consumer: String,
    reports: Reports,
    cursor: Option<Cursor>,
    /// What waits to be committed; emptied before more is read.
    outbox: Vec<(Topic, Record)>,
    /// Records read since the last commit.
    unsaved: u64,
}

/// Where in the log it stands.
struct Cursor {
    /// The next record to be read.
    next: Offset,
    /// After a restart: what was read before it. Nothing before this is stored without need.
    known: Option<Known>,
}

/// What a restart decides again.
struct Known {
    until: Offset,
    again: VecDeque<Decided>,
}

impl Enforcer {
    /// An enforcer of the rules of `site`. `signals` may hold records of a file; reports on the log
    /// are added to them.
    #[must_use]
    pub fn new(site: Site, signals: SignalHistory, options: Options) -> Self {
        let options = options.sound();
        Self {
            consumer: format!("enforcement/{}", site.id()),
            core: Core::new(site, signals, options.clone()),
            options,
            reports: Reports::default(),
            cursor: None,
            outbox: Vec::new(),
            // The first commit says at once that this consumer exists.
            unsaved: u64::MAX,
        }
    }

    /// The signals as known so far.
    pub fn signals(&mut self) -> &mut SignalHistory {
        &mut self.core.signals
    }

    /// Its name as a consumer.
    #[must_use]
    pub fn consumer(&self) -> &str {
        &self.consumer
    }

    /// What it has done so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        Totals { signals: self.reports.taken, ..self.core.totals() }
    }

    /// Takes an observation by hand, without a log, and returns what was decided with it. What it
    /// is about may be decided by a later one: see [`Options::lateness_s`].
    pub fn observe(&mut self, observation: &Observation) -> Vec<Outcome> {
        let offset = Offset(self.core.totals.observed + self.core.totals.other_sites);
        let decided = self.core.observe(offset, observation.clone(), false);
        decided.into_iter().map(|decided| decided.judged.outcome).collect()
    }

    /// Judges by hand what waits. Tracks go on.
    pub fn flush(&mut self) -> Vec<Outcome> {
        self.core.flush().into_iter().map(|decided| decided.judged.outcome).collect()
    }

    /// Takes another site file from here on. Cameras that it changes begin anew: their living tracks
    /// end as those of a recording that ends. Returns how many cameras; what ended is stored by the next
    /// [`Enforcer::run_once`].
    pub fn replace_site(&mut self, site: Site) -> usize {
        let (renewed, decided) = self.core.replace_site(site);
        self.take(decided);
        renewed
    }

    /// Reads what is there, up to [`Options::records_max`] records, judges it, and commits position
    /// and outcomes in one transaction; a position without outcomes only every
    /// [`Options::commit_records`] records. Does not wait for records: see [`Log::wait`].
    ///
    /// # Errors
    /// Where the log cannot be read or written; the next call tries again.
    pub fn run_once(&mut self, log: &Log) -> Result<Progress, EnforceError> {
        self.step(log).map_err(|cause| self.error(cause))
    }

    /// Judges and stores what waits for the allowed lateness, as before a stop. Tracks do not end: a
    /// restart goes on with them.
    ///
    /// # Errors
    /// As [`Enforcer::run_once`].
    pub fn finish(&mut self, log: &Log) -> Result<Progress, EnforceError> {
        let known = self.cursor.as_ref().is_none_or(|cursor| cursor.known.is_some());
        if !known {
            let decided = self.core.flush();
            self.store(decided);
            self.unsaved = u64::MAX;
        }
        let committed = self.commit(log).map_err(|cause| self.error(cause))?;
        Ok(self.progress(log, 0, committed))
    }

    fn error(&self, cause: BusError) -> EnforceError {
        EnforceError::Bus { site: self.core.site().id().0, cause }
    }

    fn step(&mut self, log: &Log) -> Result<Progress, BusError> {
        // What could not be committed the last time comes first.
        let mut committed = self.commit(log)?;
        if self.options.read_signals {
            let (site, core) = (self.core.site().id(), &mut self.core);
            let before = self.outbox.len();
            self.reports.take(log, &site, &mut core.signals, &self.consumer, &mut self.outbox)?;
            core.totals.dead_letters += (self.outbox.len() - before) as u64;
        }
        let next = self.start(log)?;
        let (records_max, bytes_max) = (self.options.records_max, self.options.bytes_max);
        let records = log.read(Topic::Observations, next, records_max, bytes_max)?;
        let read = records.len() as u64;
        for stored in records {
            self.catch_up(stored.offset);
            let Some(cursor) = &mut self.cursor else { break };
            self.core.totals.missed += stored.offset.0.saturating_sub(cursor.next.0);
            cursor.next = stored.offset.next();
            let again = cursor.known.is_some();
            match Observation::from_bytes(&stored.value).map_err(|error| error.to_string()) {
                Ok(observation) => {
                    let decided = self.core.observe(stored.offset, observation, again);
                    self.core.totals.read_again += u64::from(again);
                    self.take(decided);
                }
                Err(_) if again => {}
                Err(error) => {
                    self.core.totals.dead_letters += 1;
                    let letter =
                        letters::unreadable(Topic::Observations, &stored, error, &self.consumer);
                    self.outbox.push(letter);
                }
            }
            self.unsaved = self.unsaved.saturating_add(u64::from(!again));
        }
        // The records up to the position may be gone; then this is all that there is.
        let next = self.cursor.as_ref().map_or(Offset(0), |cursor| cursor.next);
        self.catch_up(if read == 0 { Offset(u64::MAX) } else { next });
        let now = self.commit(log)?;
        committed.0 += now.0;
        committed.1 += now.1;
        Ok(self.progress(log, read, committed))
    }

    /// Where to read on; the first time, where the log says.
    fn start(&mut self, log: &Log) -> Result<Offset, BusError> {
        if let Some(cursor) = &self.cursor {
            return Ok(cursor.next);
        }
        let position = log.position(&self.consumer, Topic::Observations)?;
        let begin = log.begin(Topic::Observations);
        let cursor = match position {
            None => Cursor { next: begin, known: None },
            Some(Position { next, rewind }) => Cursor {
                next: rewind.max(begin).min(next),
                known: Some(Known { until: next, again: VecDeque::new() }),
            },
        };
        let next = cursor.next;
        self.cursor = Some(cursor);
        Ok(next)
    }
}
