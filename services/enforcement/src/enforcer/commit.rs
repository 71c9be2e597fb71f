//! What was decided, on its way to the log.

use wayside_bus::{BusError, Log, Offset, Position, Topic};
use wayside_proto::Verdict;

use super::Enforcer;
use crate::core::{Core, Decided};
use crate::letters;
use crate::options::LATENESS_S_MAX;
use crate::progress::Progress;

/// Outputs stored in one transaction. Of more, the first go ahead without the position: their ids
/// make a repetition harmless.
const COMMIT_RECORDS_MAX: usize = 2_000;
/// Outcomes of a restart after which those that are known for sure are dropped.
const AGAIN_MAX: usize = 10_000;

impl Enforcer {
    /// Ends reading again where `next` is new. What was decided shortly before the restart is
    /// offered to the log once more.
    pub(super) fn catch_up(&mut self, next: Offset) {
        let Some(cursor) = &mut self.cursor else { return };
        let Some(known) = cursor.known.take_if(|known| next >= known.until) else { return };
        cursor.next = cursor.next.max(known.until);
        let (late, sure): (Vec<_>, Vec<_>) =
            known.again.into_iter().partition(|decided| is_late(&self.core, decided));
        self.core.totals.known += sure.len() as u64;
        self.store(late);
    }

    pub(super) fn take(&mut self, decided: Vec<Decided>) {
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

    pub(super) fn store(&mut self, decided: Vec<Decided>) {
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
        }
    }

    /// Commits what waits, together with the position; the position alone after so many records that
    /// it is worth a transaction. Returns how many records were stored and how many were known.
    pub(super) fn commit(&mut self, log: &Log) -> Result<(u64, u64), BusError> {
        let mut committed = (0, 0);
        let Some(cursor) = &self.cursor else { return Ok(committed) };
        // While it reads again, its position is the one before the restart.
        let nothing = self.outbox.is_empty() && self.unsaved < self.options.commit_records;
        if nothing || cursor.known.is_some() {
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
        self.unsaved = 0;
        Ok((committed.0 + done.stored, committed.1 + done.duplicates))
    }

    pub(super) fn progress(&mut self, log: &Log, read: u64, committed: (u64, u64)) -> Progress {
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
