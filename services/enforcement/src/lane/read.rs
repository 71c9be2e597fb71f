//! Records in, decisions out.

use wayside_bus::{Bus, BusError, Offset, Stored, Topic, unreadable};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Observation, SiteId};

use super::{Known, Lane, is_ahead};
use crate::core::Decided;
use crate::letters;
use crate::options::Options;
use crate::sites::Sites;

/// A camera that is silent while so many records of others come is not waited for: at least this
/// many, and so many for each camera of the partition.
const STALE_RECORDS: u64 = 5_000;
const STALE_RECORDS_CAMERA: u64 = 64;

impl Lane {
    /// Takes every signal report that the bus has now. Whoever appended a report before an
    /// observation can rely on it being known when the observation is judged.
    pub(crate) fn take_signals(
        &mut self,
        bus: &dyn Bus,
        sites: &Sites,
        options: &Options,
        now: EventTime,
    ) -> Result<(), BusError> {
        let (cores, outbox) = (&mut self.cores, &mut self.outbox);
        let before = outbox.len();
        let done = self.reports.take(bus, |stored, report| match report {
            Ok(report) if is_ahead(report.time, now, options) => {
                let error = letters::ahead(report.time, options);
                outbox.push(unreadable(Topic::Signals, stored, error, &self.consumer));
                false
            }
            Ok(report) => {
                let core = Self::core(cores, sites, options, &report.site);
                core.map(|core| core.signal(report)).is_some()
            }
            Err(error) => {
                outbox.push(unreadable(Topic::Signals, stored, error, &self.consumer));
                false
            }
        });
        self.totals.dead_letters += (self.outbox.len() - before) as u64;
        done
    }

    /// Takes every stand-down that the bus has now, as [`Lane::take_signals`] does reports.
    pub(crate) fn take_stand_downs(&mut self, bus: &dyn Bus) -> Result<(), BusError> {
        let before = self.outbox.len();
        let done = self.stand_downs.take(bus, &self.consumer, &mut self.outbox);
        self.totals.dead_letters += (self.outbox.len() - before) as u64;
        done
    }

    /// Takes records of the partition, in order.
    pub(crate) fn observe(
        &mut self,
        records: Vec<Stored>,
        sites: &Sites,
        options: &Options,
        now: EventTime,
    ) {
        let stale = STALE_RECORDS.max(STALE_RECORDS_CAMERA * self.cameras() as u64);
        for stored in records {
            self.catch_up(stored.offset);
            self.totals.missed += stored.offset.0.saturating_sub(self.next.0);
            self.next = stored.offset.next();
            let again = self.known.is_some();
            match read(&stored, now, options) {
                Ok(observation) => {
                    let site = observation.site.clone();
                    let Some(core) = Self::core(&mut self.cores, sites, options, &site) else {
                        self.totals.other_sites += 1;
                        continue;
                    };
                    let decided = core.observe(stored.offset, observation, again, stale);
                    self.totals.read_again += u64::from(again);
                    self.take(&site, decided);
                }
                Err(_) if again => {}
                Err(error) => {
                    self.totals.dead_letters += 1;
                    let letter = unreadable(Topic::Observations, &stored, error, &self.consumer);
                    self.outbox.push(letter);
                }
            }
            self.unsaved = self.unsaved.saturating_add(u64::from(!again));
        }
        self.catch_up(self.next);
    }

    /// Ends reading again where `next` is new. What was decided shortly before the restart is
    /// offered to the bus once more.
    pub(crate) fn catch_up(&mut self, next: Offset) {
        let Some(known) = self.known.take_if(|known| next >= known.until) else { return };
        self.next = self.next.max(known.until);
        let Known { again, .. } = known;
        let late = again.into_iter().filter(|(site, decided)| {
            let late = self.is_late(site, decided);
            self.totals.known += u64::from(!late);
            late
        });
        let late: Vec<Decided> = late.map(|(_, decided)| decided).collect();
        self.store(late);
    }

    /// As [`Lane::catch_up`], where the bus has nothing more although more was read before.
    pub(crate) fn catch_up_at_end(&mut self, end: Offset) {
        if self.next >= end {
            self.catch_up(Offset(u64::MAX));
        }
    }

    /// Takes what was decided. Rules that stand down accuse nobody.
    pub(super) fn take(&mut self, site: &SiteId, mut decided: Vec<Decided>) {
        for decided in &mut decided {
            self.stand_downs.apply(&mut decided.judged.outcome);
        }
        let Some(known) = &mut self.known else { return self.store(decided) };
        known.again.extend(decided.into_iter().map(|decided| (site.clone(), decided)));
        self.forget_sure();
    }
}

fn read(stored: &Stored, now: EventTime, options: &Options) -> Result<Observation, String> {
    let observation = Observation::from_bytes(&stored.value).map_err(|error| error.to_string())?;
    if is_ahead(observation.time, now, options) {
        return Err(letters::ahead(observation.time, options));
    }
    Ok(observation)
}
