//! The consumer: violations in, evidence out.
//!
//! One thread calls [`Service::run_once`] again and again; it alone talks to the group. Packages are made by
//! threads of their own (`pool`), so that a worker that does not answer keeps nobody waiting but its own
//! camera. Evidence is published as it comes, each time together with the position: the first violation
//! that is not settled. So a violation may be read again after a crash whose evidence is published; what
//! the evidence topic has is read to its end when a partition is assigned, and skipped.

mod lane;
mod letters;
mod pool;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_bus::{Bus, BusError, Consumer, Event, Partition, Topic};
use wayside_proto::{EvidenceFailure, EvidenceResult};

use crate::maker::{Advance, Job, Maker, Point};
use crate::sources::Sources;
use lane::Lane;
use pool::{Pool, Work};

/// Name of the group.
pub const GROUP: &str = "evidence";
/// Bytes read at once.
const BYTES_MAX: usize = 8 << 20;
/// Records read at once.
const RECORDS_MAX: usize = 256;
/// How often the group is told that this member lives while it takes nothing more.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Outputs of one commit.
const COMMIT_RECORDS_MAX: usize = 1_000;

/// How the service works.
#[derive(Clone, Debug)]
pub struct ServiceOptions {
    /// Threads that make packages; 1 to 64.
    pub threads: usize,
    /// Violations that may be on their way; 1 to 100,000.
    pub pending_max: usize,
    /// Of these, those whose pictures may be in memory; at least as many as threads.
    pub pictures_max: usize,
    /// Records after which the position is committed although nothing was published.
    pub commit_records: u64,
}

impl Default for ServiceOptions {
    fn default() -> Self {
        Self { threads: 2, pending_max: 4_096, pictures_max: 8, commit_records: 256 }
    }
}

/// What was counted since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Violations read, those read again included.
    pub violations: u64,
    /// Voids, which have no evidence.
    pub voids: u64,
    /// Violations whose evidence was published already.
    pub known: u64,
    /// Packages sealed, stored and published.
    pub sealed: u64,
    /// Bytes of these.
    pub sealed_bytes: u64,
    /// Failures published, by cause.
    pub failed: BTreeMap<EvidenceFailure, u64>,
    /// Tries that failed and are made again.
    pub retries: u64,
    /// Records that could not be read.
    pub dead_letters: u64,
    /// Records that retention had deleted before they were read.
    pub missed: u64,
    /// Commits refused because a partition had become another's.
    pub lost: u64,
}

/// What one call did, and how it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceProgress {
    /// Records read.
    pub read: u64,
    /// Partitions that this process has.
    pub partitions: usize,
    /// Violations on their way.
    pub pending: usize,
    /// Records that are still to be read, as far as is known.
    pub lag: u64,
    /// Evidence and dead letters published.
    pub published: u64,
    /// For each package or failure of this call: how long it took from the reading of the violation, and,
    /// of that, how long the pictures took, seconds.
    pub took_s: Vec<(f64, f64)>,
}

/// Makes evidence of the violations of the partitions that this process has.
pub struct Service {
    bus: Arc<dyn Bus>,
    consumer: Box<dyn Consumer>,
    maker: Arc<Maker>,
    options: ServiceOptions,
    lanes: BTreeMap<Partition, Lane>,
    events: VecDeque<Event>,
    pool: Pool,
    heartbeat: Instant,
    totals: Totals,
    killed: bool,
}

/// Why the service cannot go on: the bus could not be read or written. The next call takes up where this
/// one stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// The bus failed.
    #[error("evidence cannot go on: {0}")]
    Bus(#[from] BusError),
    /// There is no thread.
    #[error("evidence cannot be made: {0}")]
    Thread(String),
    /// A test asked for it.
    #[error("the process was killed, as a test asked")]
    Killed,
}

impl Service {
    /// Joins the group.
    ///
    /// # Errors
    /// Where the bus cannot be reached, or there are no threads.
    pub fn join(
        bus: Arc<dyn Bus>,
        maker: Maker,
        sources: Arc<dyn Sources>,
        options: ServiceOptions,
    ) -> Result<Self, ServiceError> {
        let consumer = bus.consume(GROUP, Topic::Violations)?;
        let maker = Arc::new(maker);
        let threads = options.threads.clamp(1, 64);
        let pool = Pool::start(threads, &maker, &sources)
            .map_err(|error| ServiceError::Thread(error.to_string()))?;
        let options = ServiceOptions {
            threads,
            pending_max: options.pending_max.clamp(1, 100_000),
            pictures_max: options.pictures_max.max(threads),
            ..options
        };
        Ok(Self {
            bus,
            consumer,
            maker,
            options,
            lanes: BTreeMap::new(),
            events: VecDeque::new(),
            pool,
            heartbeat: Instant::now(),
            totals: Totals::default(),
            killed: false,
        })
    }

    /// What was counted.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Takes what is there, waiting up to `wait` for something to happen; hands violations to the
    /// threads, and publishes what they have made.
    ///
    /// # Errors
    /// Where the bus fails; the next call goes on.
    pub fn run_once(&mut self, wait: Duration) -> Result<ServiceProgress, ServiceError> {
        let mut progress = ServiceProgress::default();
        self.collect(&mut progress);
        progress.published += self.commit()?;
        let pending: usize = self.lanes.values().map(Lane::pending).sum();
        let full = pending >= self.options.pending_max;
        if self.events.is_empty() && (!full || self.heartbeat.elapsed() >= HEARTBEAT) {
            self.heartbeat = Instant::now();
            let busy = self.pool.is_busy() || self.has_ready();
            let wait = if busy || full { wait.min(Duration::from_millis(20)) } else { wait };
            let records_max = if full { 1 } else { RECORDS_MAX };
            self.events.extend(self.consumer.poll(records_max, BYTES_MAX, wait)?);
        } else if full {
            std::thread::sleep(wait.min(Duration::from_millis(20)));
        }
        while !self.events.is_empty() {
            progress.read += self.work()?;
        }
        self.dispatch();
        self.collect(&mut progress);
        progress.published += self.commit()?;
        progress.partitions = self.lanes.len();
        progress.pending = self.lanes.values().map(Lane::pending).sum();
        let lag = self.lanes.iter().map(|(partition, lane)| {
            let end = self.consumer.end(*partition).unwrap_or(lane.next());
            end.0.saturating_sub(lane.next().0)
        });
        progress.lag = lag.sum();
        Ok(progress)
    }

    /// Works on the oldest event; returns how many records it had.
    fn work(&mut self) -> Result<u64, ServiceError> {
        let Some(event) = self.events.front() else { return Ok(0) };
        let mut read = 0;
        match event {
            Event::Assigned { partition, position, begin, .. } => {
                let lane = Lane::begin(&*self.bus, *partition, *position, *begin, &self.maker)?;
                self.consumer.start(*partition, lane.next())?;
                self.lanes.insert(*partition, lane);
            }
            Event::Revoked { partition } => {
                // What its threads are at comes to nothing here: whoever has the site now adopts it.
                self.lanes.remove(partition);
            }
            Event::Records { partition, records } => {
                if let Some(lane) = self.lanes.get_mut(partition) {
                    lane.take(records, &mut self.totals);
                    read = records.len() as u64;
                }
            }
        }
        self.events.pop_front();
        Ok(read)
    }

    fn has_ready(&self) -> bool {
        let now = Instant::now();
        self.lanes.values().any(|lane| lane.has_ready(now))
    }

    /// Hands violations to idle threads, the oldest first, one of a camera at a time.
    fn dispatch(&mut self) {
        let clock = Instant::now();
        let mut pictures: usize = self.lanes.values().map(Lane::pictures).sum();
        for (partition, lane) in &mut self.lanes {
            while self.pool.has_room() {
                let may_fetch = pictures < self.options.pictures_max;
                let Some((offset, job)) = lane.pick(clock, may_fetch) else { break };
                pictures += usize::from(!job.holds_pictures());
                let work = Work { partition: *partition, life: lane.life(), offset, job };
                self.pool.give(work);
            }
        }
    }

    /// Takes what the threads have done.
    fn collect(&mut self, progress: &mut ServiceProgress) {
        for (work, advance) in self.pool.done() {
            let lane = self.lanes.get_mut(&work.partition);
            let Some(lane) = lane.filter(|lane| lane.life() == work.life) else { continue };
            match advance {
                Advance::Done(evidence) => {
                    match &evidence.result {
                        EvidenceResult::Sealed(package) => {
                            self.totals.sealed += 1;
                            self.totals.sealed_bytes += package.size_bytes;
                        }
                        EvidenceResult::Failed { cause, detail } => {
                            *self.totals.failed.entry(*cause).or_default() += 1;
                            let (id, cause) = (&evidence.violation, cause.as_str());
                            tracing::warn!("violation {id} has no evidence, {cause}: {detail}");
                        }
                    }
                    let took = lane.settle(work.offset, &evidence);
                    if let Some(took) = took {
                        progress.took_s.push((took.as_secs_f64(), work.job.fetch.as_secs_f64()));
                    }
                }
                Advance::Wait { wait, why } => {
                    self.totals.retries += 1;
                    tracing::debug!("violation {}: {why}", work.job.outcome().id);
                    lane.put_back(work.offset, work.job, Instant::now() + wait);
                }
                Advance::Killed => self.killed = true,
            }
        }
    }

    fn commit(&mut self) -> Result<u64, ServiceError> {
        if self.killed {
            return Err(ServiceError::Killed);
        }
        let most = self.options.commit_records;
        let mut stored = 0;
        for (partition, lane) in &mut self.lanes {
            if !lane.is_due(most) {
                continue;
            }
            let (position, outputs) = lane.due(COMMIT_RECORDS_MAX);
            let sites = lane.sites_due();
            let dies = |point| sites.iter().any(|site| self.maker.dies(point, site));
            if dies(Point::Publishing) {
                self.killed = true;
                return Err(ServiceError::Killed);
            }
            let count = outputs.len();
            match self.consumer.commit(&[(*partition, position)], outputs) {
                Ok(done) => {
                    lane.committed(count);
                    stored += done.stored;
                }
                // The bus says next what is still this consumer's.
                Err(BusError::Lost { .. }) => {
                    self.totals.lost += 1;
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            if dies(Point::Published) {
                self.killed = true;
                return Err(ServiceError::Killed);
            }
        }
        Ok(stored)
    }

    /// Whether nothing is on its way and nothing is left to be read, as far as is known.
    #[must_use]
    pub fn is_idle(&self, progress: &ServiceProgress) -> bool {
        progress.partitions > 0 && progress.pending == 0 && progress.lag == 0
    }
}

/// A job with its place, for the pool.
pub(crate) type Placed = (wayside_bus::Offset, Job);
