//! Evidence and violations to cases.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_bus::{
    Bus, BusError, Consumer, Event, Offset, Partition, Record, Stored, Topic, unreadable,
};
use wayside_cases::Actor;
use wayside_desk::{Admitted, Desk, DeskError, ErrorKind};
use wayside_proto::convert::Message as _;
use wayside_proto::{EventTime, Evidence, EvidenceResult};

use super::Marks;
use super::outcomes::Outcomes;

/// Name of the group.
pub const REVIEW_GROUP: &str = "review";
/// Evidence of one read, and its bytes.
const READ_RECORDS_MAX: usize = 500;
const READ_BYTES_MAX: usize = 8 << 20;
/// Evidence whose violation has not come: how much is held, and for how long.
const WAITING_MAX: usize = 10_000;
const WAIT_MAX: Duration = Duration::from_secs(24 * 3_600);
/// How often violations that have not come are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Why the intake could not go on; the next call takes up where this one stopped.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The bus.
    #[error("cases cannot be admitted: {0}")]
    Bus(#[from] BusError),
    /// The desk.
    #[error("cases cannot be admitted: {0}")]
    Desk(#[from] DeskError),
}

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IntakeTotals {
    /// Evidence read.
    pub evidence: u64,
    /// Cases that are new.
    pub admitted: u64,
    /// Those that were there before.
    pub known: u64,
    /// Records that could not be read or are no case.
    pub dead_letters: u64,
    /// Evidence whose violation has not come yet.
    pub waiting: u64,
}

/// Evidence that waits for its violation.
struct Waiting {
    stored: Stored,
    evidence: Evidence,
    since: Instant,
    looked: bool,
}

/// Admits cases.
pub struct Intake {
    bus: Arc<dyn Bus>,
    desk: Arc<Desk>,
    actor: Actor,
    consumer: Box<dyn Consumer>,
    marks: Marks,
    outcomes: Outcomes,
    waiting: BTreeMap<(Partition, Offset), Waiting>,
    letters: Vec<(Topic, Record)>,
    looked: Instant,
    totals: IntakeTotals,
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake").field("totals", &self.totals).finish_non_exhaustive()
    }
}

impl Intake {
    /// Joins the group. `actor` is the service's own account.
    ///
    /// # Errors
    /// Where the bus cannot be reached.
    pub fn join(bus: Arc<dyn Bus>, desk: Arc<Desk>, actor: Actor) -> Result<Self, BusError> {
        let consumer = bus.consume(REVIEW_GROUP, Topic::Evidence)?;
        Ok(Self {
            bus,
            desk,
            actor,
            consumer,
            marks: Marks::default(),
            outcomes: Outcomes::default(),
            waiting: BTreeMap::new(),
            letters: Vec::new(),
            looked: Instant::now(),
            totals: IntakeTotals::default(),
        })
    }

    /// Counters since the start.
    #[must_use]
    pub fn totals(&self) -> IntakeTotals {
        IntakeTotals { waiting: self.waiting.len() as u64, ..self.totals }
    }

    /// Reads what is there, waits for it up to `wait`, admits what can be, and stores the position.
    ///
    /// # Errors
    /// Where the bus or the desk fails. Nothing is lost: what was not admitted is before the position.
    pub fn run_once(&mut self, now: EventTime, wait: Duration) -> Result<(), IntakeError> {
        let wait = if self.waiting.is_empty() { wait } else { wait.min(LOOK_EVERY) };
        for event in self.consumer.poll(READ_RECORDS_MAX, READ_BYTES_MAX, wait)? {
            self.take(event)?;
        }
        self.admit_waiting(now)?;
        let positions = self.marks.moved();
        if !positions.is_empty() || !self.letters.is_empty() {
            self.consumer.commit(&positions, self.letters.clone())?;
            self.letters.clear();
            self.marks.stored(&positions);
        }
        Ok(())
    }

    fn take(&mut self, event: Event) -> Result<(), BusError> {
        match event {
            Event::Assigned { partition, position, begin, .. } => {
                let from = position.map_or(begin, |position| position.next);
                let from = self.marks.assigned(partition, from);
                self.consumer.start(partition, from.max(begin))?;
            }
            Event::Revoked { partition } => {
                self.marks.revoked(partition);
                self.waiting.retain(|(of, _), _| *of != partition);
                self.outcomes.forget();
            }
            Event::Records { records, .. } => {
                for stored in records {
                    self.totals.evidence += 1;
                    self.marks.read(stored.partition, stored.offset, true);
                    match Evidence::from_bytes(&stored.value) {
                        Ok(evidence) => {
                            let place = (stored.partition, stored.offset);
                            let since = Instant::now();
                            let looked = false;
                            self.waiting.insert(place, Waiting { stored, evidence, since, looked });
                        }
                        Err(error) => self.refuse(&stored, error.to_string()),
                    }
                }
                self.looked = Instant::now() - LOOK_EVERY;
            }
        }
        Ok(())
    }

    /// Admits evidence whose violation is there, in the order of the bus.
    fn admit_waiting(&mut self, now: EventTime) -> Result<(), IntakeError> {
        if self.waiting.is_empty() || self.looked.elapsed() < LOOK_EVERY {
            return Ok(());
        }
        self.looked = Instant::now();
        let places: Vec<(Partition, Offset)> = self.waiting.keys().copied().collect();
        let too_many = places.len().saturating_sub(WAITING_MAX);
        for (index, place) in places.into_iter().enumerate() {
            let Some(waiting) = self.waiting.get_mut(&place) else { continue };
            if let EvidenceResult::Failed { .. } = waiting.evidence.result {
                let evidence = waiting.evidence.clone();
                self.count(self.desk.evidence_failed(&self.actor, &evidence, now)?);
                self.done(place);
                continue;
            }
            let first_look = !waiting.looked;
            let found = self.outcomes.take(&*self.bus, &waiting.evidence, first_look)?;
            waiting.looked = true;
            if let Some(outcome) = found {
                let admitted = self.desk.admit(&self.actor, &outcome, &waiting.evidence, now);
                match admitted {
                    Ok(admitted) => self.count(admitted),
                    Err(error) if error.kind() == ErrorKind::Invalid => {
                        let stored = waiting.stored.clone();
                        self.refuse(&stored, error.to_string());
                    }
                    Err(error) => {
                        // The violation was taken out of memory: the next look reads it again.
                        waiting.looked = false;
                        return Err(error.into());
                    }
                }
            } else if waiting.since.elapsed() > WAIT_MAX || index < too_many {
                let stored = waiting.stored.clone();
                let why = format!("the violation {} has not come", waiting.evidence.violation);
                self.refuse(&stored, why);
            } else {
                continue;
            }
            self.done(place);
        }
        Ok(())
    }

    fn count(&mut self, admitted: Admitted) {
        match admitted {
            Admitted::New(_) => self.totals.admitted += 1,
            Admitted::Before(_) => self.totals.known += 1,
        }
    }

    fn done(&mut self, place: (Partition, Offset)) {
        self.waiting.remove(&place);
        self.marks.arrived(place.0, place.1);
    }

    fn refuse(&mut self, stored: &Stored, error: String) {
        tracing::error!(
            "evidence {} of partition {} is no case: {error}",
            stored.offset,
            stored.partition
        );
        self.totals.dead_letters += 1;
        self.letters.push(unreadable(Topic::Evidence, stored, error, REVIEW_GROUP));
        self.marks.arrived(stored.partition, stored.offset);
    }
}
