//! What was decided, on its way to the bus.

use wayside_bus::{Partition, Position, Record, Topic};
use wayside_proto::{SiteId, Verdict};

use super::Lane;
use crate::core::Decided;
use crate::letters;
use crate::options::{LATENESS_S_MAX, Options};

/// Outcomes of a restart after which those that are known for sure are dropped.
const AGAIN_MAX: usize = 10_000;

impl Lane {
    pub(super) fn store(&mut self, decided: Vec<Decided>) {
        for Decided { judged, .. } in decided {
            if judged.cut {
                self.totals.given_up += 1;
                continue;
            }
            match judged.outcome.verdict {
                Verdict::Violation => self.totals.violations += 1,
                Verdict::Void { .. } => self.totals.voids += 1,
            }
            self.outbox.push(letters::outcome(&judged.outcome, &self.consumer));
        }
    }

    /// Whether another lateness could have left the outcome undecided before the restart.
    pub(super) fn is_late(&self, site: &SiteId, decided: &Decided) -> bool {
        let core = self.cores.get(site);
        let progress_us = core.map_or(i64::MAX, |core| core.progress_us(&decided.camera));
        let ago_us = progress_us.saturating_sub(decided.judged.progress_us);
        !decided.judged.cut && ago_us as f64 <= 2.0 * LATENESS_S_MAX * 1e6
    }

    /// Keeps the outcomes of a restart few.
    pub(super) fn forget_sure(&mut self) {
        let Some(mut known) = self.known.take_if(|known| known.again.len() > AGAIN_MAX) else {
            return;
        };
        let before = known.again.len();
        known.again.retain(|(site, decided)| self.is_late(site, decided));
        self.totals.known += (before - known.again.len()) as u64;
        self.known = Some(known);
    }

    /// Whether there is something to commit. `idle` where nothing more is there to be read: while
    /// there is, what costs more with more cameras is done more seldom.
    pub(crate) fn is_due(&self, options: &Options, idle: bool) -> bool {
        // While it reads again, its position is the one before the restart.
        if self.known.is_some() {
            return false;
        }
        let cameras = self.cameras() as u64;
        let something =
            !self.outbox.is_empty() || self.unsaved >= options.commit_records.max(cameras);
        something && (idle || self.unsaved >= cameras / 2)
    }

    /// The first outputs, where there are more than so many; they go ahead without the position: their
    /// ids make a repetition harmless.
    pub(crate) fn ahead(&mut self, records_max: usize) -> Option<Vec<(Topic, Record)>> {
        (self.outbox.len() > records_max)
            .then(|| self.outbox.get(..records_max).unwrap_or_default().to_vec())
    }

    /// So many of the first outputs are stored.
    pub(crate) fn went_ahead(&mut self, count: usize) {
        self.outbox.drain(..count.min(self.outbox.len()));
    }

    /// Position and outputs.
    pub(crate) fn due(&mut self) -> ((Partition, Position), &[(Topic, Record)]) {
        let position = Position { next: self.next, rewind: self.rewind() };
        ((self.partition, position), &self.outbox)
    }

    /// They are stored.
    pub(crate) fn committed(&mut self) {
        self.outbox.clear();
        self.unsaved = 0;
    }
}
