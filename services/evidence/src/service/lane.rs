//! One partition of violations: what is on its way, what is settled, what waits to be published.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use wayside_bus::{
    Bus, BusError, Offset, Partition, Position, Record, Start, Stored, Topic, unreadable,
};
use wayside_proto::convert::Message;
use wayside_proto::{CameraId, Evidence, EvidenceResult, Outcome, OutcomeId, SiteId, Verdict};

use super::{GROUP, Placed, Totals, letters};
use crate::maker::{Job, Maker};

/// Published evidence that is remembered, the newest.
const KNOWN_MAX: usize = 1_000_000;
/// Records read at once.
const RECORDS_MAX: usize = 5_000;
/// Bytes read at once.
const BYTES_MAX: usize = 16 << 20;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

static LIVES: AtomicU64 = AtomicU64::new(1);

pub(super) struct Lane {
    /// Tells an assignment from an earlier one of the same partition.
    life: u64,
    next: Offset,
    pending: BTreeMap<Offset, Entry>,
    published: Published,
    outbox: VecDeque<Output>,
    unsaved: u64,
}

/// What waits to be published, and the record that it settles.
struct Output {
    offset: Offset,
    topic: Topic,
    record: Record,
    site: Option<SiteId>,
}

/// A violation on its way.
struct Entry {
    camera: (SiteId, CameraId),
    /// None while a thread has it.
    job: Option<Job>,
    not_before: Instant,
    read: Instant,
}

/// Violations whose evidence is published.
#[derive(Default)]
struct Published {
    ids: BTreeSet<OutcomeId>,
    order: VecDeque<OutcomeId>,
}

impl Published {
    fn add(&mut self, id: &OutcomeId) {
        if self.ids.insert(id.clone()) {
            self.order.push_back(id.clone());
        }
        while self.order.len() > KNOWN_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.ids.remove(&oldest);
            }
        }
    }
}

impl Lane {
    /// A partition that was assigned: what is published of it is read to the end.
    pub(super) fn begin(
        bus: &dyn Bus,
        partition: Partition,
        position: Option<Position>,
        begin: Offset,
        maker: &Maker,
    ) -> Result<Self, BusError> {
        let mut published = Published::default();
        // With as many partitions as violations have, a site's evidence has the same number; else it may
        // be in any.
        let partitions = bus.partitions(Topic::Evidence)?;
        let same = partitions == bus.partitions(Topic::Violations)?;
        let numbers = if same { partition.0..partition.0 + 1 } else { 0..partitions };
        for number in numbers {
            read_published(bus, Partition(number), maker, &mut published)?;
        }
        Ok(Self {
            life: LIVES.fetch_add(1, Ordering::Relaxed),
            next: position.map_or(begin, |position| position.next.max(begin)),
            pending: BTreeMap::new(),
            published,
            outbox: VecDeque::new(),
            // The first commit says at once that this consumer exists.
            unsaved: u64::MAX,
        })
    }

    pub(super) fn life(&self) -> u64 {
        self.life
    }

    pub(super) fn next(&self) -> Offset {
        self.next
    }

    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Violations whose pictures are, or may soon be, in memory.
    pub(super) fn pictures(&self) -> usize {
        let holds = |entry: &&Entry| entry.job.as_ref().is_none_or(Job::holds_pictures);
        self.pending.values().filter(holds).count()
    }

    /// Takes records in order.
    pub(super) fn take(&mut self, records: &[Stored], totals: &mut Totals) {
        for stored in records {
            totals.missed += stored.offset.0.saturating_sub(self.next.0);
            self.next = stored.offset.next();
            self.unsaved = self.unsaved.saturating_add(1);
            let outcome = match Outcome::from_bytes(&stored.value) {
                Ok(outcome) => outcome,
                Err(error) => {
                    totals.dead_letters += 1;
                    let (topic, record) =
                        unreadable(Topic::Violations, stored, error.to_string(), GROUP);
                    self.outbox.push_back(Output {
                        offset: stored.offset,
                        topic,
                        record,
                        site: None,
                    });
                    continue;
                }
            };
            if outcome.verdict != Verdict::Violation {
                totals.voids += 1;
                continue;
            }
            totals.violations += 1;
            if self.published.ids.contains(&outcome.id) {
                totals.known += 1;
                continue;
            }
            let now = Instant::now();
            let entry = Entry {
                camera: (outcome.site.clone(), outcome.camera.clone()),
                job: Some(Job::new(outcome)),
                not_before: now,
                read: now,
            };
            self.pending.insert(stored.offset, entry);
        }
    }

    pub(super) fn has_ready(&self, now: Instant) -> bool {
        self.pending.values().any(|entry| entry.job.is_some() && entry.not_before <= now)
    }

    /// The oldest violation that may go on: not while another of its camera is with a thread. Where
    /// `may_fetch` is not set, only one whose pictures are in memory already.
    pub(super) fn pick(&mut self, now: Instant, may_fetch: bool) -> Option<Placed> {
        let busy: BTreeSet<(SiteId, CameraId)> = self
            .pending
            .values()
            .filter(|entry| entry.job.is_none())
            .map(|entry| entry.camera.clone())
            .collect();
        let ready = |entry: &Entry| {
            let job = entry.job.as_ref()?;
            let may = may_fetch || job.holds_pictures();
            (entry.not_before <= now && may && !busy.contains(&entry.camera)).then_some(())
        };
        let offset = self.pending.iter().find(|(_, entry)| ready(entry).is_some())?.0;
        let offset = *offset;
        let job = self.pending.get_mut(&offset)?.job.take()?;
        Some((offset, job))
    }

    pub(super) fn put_back(&mut self, offset: Offset, job: Job, not_before: Instant) {
        if let Some(entry) = self.pending.get_mut(&offset) {
            entry.job = Some(job);
            entry.not_before = not_before;
        }
    }

    /// A violation has its evidence, or never will. Returns how long it took from its reading.
    pub(super) fn settle(&mut self, offset: Offset, evidence: &Evidence) -> Option<Duration> {
        let entry = self.pending.remove(&offset)?;
        self.published.add(&evidence.violation);
        let (topic, record) = letters::evidence(evidence, offset);
        let site = Some(evidence.site.clone());
        self.outbox.push_back(Output { offset, topic, record, site });
        Some(entry.read.elapsed())
    }

    pub(super) fn is_due(&self, commit_records: u64) -> bool {
        let idle = self.pending.is_empty() && self.unsaved > 0;
        !self.outbox.is_empty() || self.unsaved >= commit_records || idle
    }

    /// The position, and the first outputs.
    pub(super) fn due(&self, most: usize) -> (Position, Vec<(Topic, Record)>) {
        let first = self.pending.keys().next().copied().unwrap_or(self.next);
        // What is published by a later commit is not settled yet.
        let later = self.outbox.iter().skip(most).map(|output| output.offset).min();
        let next = later.map_or(first, |later| later.min(first));
        let outputs = self.outbox.iter().take(most);
        let outputs = outputs.map(|output| (output.topic, output.record.clone())).collect();
        (Position { next, rewind: next }, outputs)
    }

    /// The sites whose evidence waits.
    pub(super) fn sites_due(&self) -> Vec<SiteId> {
        self.outbox.iter().filter_map(|output| output.site.clone()).collect()
    }

    /// The first outputs are published, with the position.
    pub(super) fn committed(&mut self, count: usize) {
        self.outbox.drain(..count.min(self.outbox.len()));
        if self.outbox.is_empty() {
            self.unsaved = 0;
        }
    }
}

fn read_published(
    bus: &dyn Bus,
    partition: Partition,
    maker: &Maker,
    published: &mut Published,
) -> Result<(), BusError> {
    let mut reader = bus.read_from(Topic::Evidence, partition, Start::Begin)?;
    let end = reader.end()?;
    while reader.next() < end {
        let records = reader.read(RECORDS_MAX, BYTES_MAX, WAIT)?;
        if records.is_empty() && reader.next() < end {
            return Err(BusError::Silent {
                place: bus.place(),
                topic: Topic::Evidence,
                partition,
                waited_ms: WAIT.as_millis() as u64,
            });
        }
        for stored in records {
            // What cannot be read is with the dead letters of whoever reviews.
            let Ok(evidence) = Evidence::from_bytes(&stored.value) else { continue };
            published.add(&evidence.violation);
            if let EvidenceResult::Sealed(package) = &evidence.result {
                maker.published(&evidence.site, package);
            }
        }
    }
    Ok(())
}
