//! The consumer: reads the log, judges, commits.

use std::collections::VecDeque;

use wayside_bus::{BusError, Log, Offset, Position, Record, Topic};
use wayside_proto::{Observation, Outcome, Verdict};
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;

use crate::core::{Core, Decided};
use crate::error::EnforceError;
use crate::letters;
use crate::options::{LATENESS_S_MAX, Options};
use crate::progress::{Progress, Totals};
use crate::reports::Reports;

/// Outputs stored in one transaction. Of more, the first go ahead without the position: their ids
/// make a repetition harmless.
const COMMIT_RECORDS_MAX: usize = 2_000;
/// Outcomes of a restart after which those that are known for sure are dropped.
const AGAIN_MAX: usize = 10_000;

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
    uncommitted: bool,
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
            uncommitted: false,
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
    /// and outcomes in one transaction. Does not wait for records: see [`Log::wait`].
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
            self.uncommitted = true;
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
            self.uncommitted |= self.outbox.len() > before;
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
            match letters::observation(&stored) {
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
            self.uncommitted |= !again;
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

    /// Ends reading again where `next` is new. What was decided shortly before the restart is
    /// offered to the log once more.
    fn catch_up(&mut self, next: Offset) {
        let Some(cursor) = &mut self.cursor else { return };
        let Some(known) = cursor.known.take_if(|known| next >= known.until) else { return };
        cursor.next = cursor.next.max(known.until);
        let (late, sure): (Vec<_>, Vec<_>) =
            known.again.into_iter().partition(|decided| is_late(&self.core, decided));
        self.core.totals.known += sure.len() as u64;
        self.uncommitted |= !late.is_empty();
        self.store(late);
    }

    fn take(&mut self, decided: Vec<Decided>) {
        let Some(known) = self.cursor.as_mut().and_then(|cursor| cursor.known.as_mut()) else {
            return self.store(decided);
        };
        known.again.extend(decided);
        if known.again.len() > AGAIN_MAX {
            let before = known.again.len();
            known.again.retain(|decided| is_late(&self.core, decided));
            self.core.totals.known += (before - known.again.len()) as u64;
        }
    }

    fn store(&mut self, decided: Vec<Decided>) {
        for Decided { judged, .. } in decided {
            if judged.cut {
                self.core.totals.given_up += 1;
                continue;
            }
            match judged.outcome.verdict {
                Verdict::Violation => self.core.totals.violations += 1,
                Verdict::Void { .. } => self.core.totals.voids += 1,
            }
            self.outbox.push(letters::outcome(&judged.outcome, &self.consumer));
            self.uncommitted = true;
        }
    }

    /// Commits what waits. Returns how many records were stored and how many were known.
    fn commit(&mut self, log: &Log) -> Result<(u64, u64), BusError> {
        let mut committed = (0, 0);
        let Some(cursor) = &self.cursor else { return Ok(committed) };
        // While it reads again, its position is the one before the restart.
        if !self.uncommitted || cursor.known.is_some() {
            return Ok(committed);
        }
        while self.outbox.len() > COMMIT_RECORDS_MAX {
            let topic = self.outbox.first().map_or(Topic::Violations, |(topic, _)| *topic);
            let count = self.outbox.iter().take(COMMIT_RECORDS_MAX).take_while(|o| o.0 == topic);
            let count = count.count();
            let ahead = self.outbox.iter().take(count).map(|(_, record)| record.clone());
            let appended = log.append(topic, ahead.collect())?;
            self.outbox.drain(..count);
            committed.0 += appended.stored;
            committed.1 += appended.duplicates;
        }
        let next = cursor.next;
        let rewind = self.core.needs().unwrap_or(next).min(next);
        let position = Position { next, rewind };
        let done =
            log.commit(&self.consumer, Topic::Observations, position, self.outbox.clone())?;
        self.outbox.clear();
        self.uncommitted = false;
        Ok((committed.0 + done.stored, committed.1 + done.duplicates))
    }

    fn progress(&mut self, log: &Log, read: u64, committed: (u64, u64)) -> Progress {
        let next = self.cursor.as_ref().map_or(Offset(0), |cursor| cursor.next);
        Progress {
            read,
            next,
            rewind: self.core.needs().unwrap_or(next).min(next),
            lag: log.end(Topic::Observations).0.saturating_sub(next.0),
            catching_up: self.cursor.as_ref().is_some_and(|cursor| cursor.known.is_some()),
            stored: committed.0,
            duplicates: committed.1,
        }
    }
}

/// Whether another lateness could have left the outcome undecided before the restart.
fn is_late(core: &Core, decided: &Decided) -> bool {
    let progress_us = core.progress_us(&decided.camera);
    let ago_us = progress_us.saturating_sub(decided.judged.progress_us);
    !decided.judged.cut && ago_us as f64 <= 2.0 * LATENESS_S_MAX * 1e6
}
