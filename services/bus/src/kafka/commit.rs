//! Positions and outputs, all or nothing: one Kafka transaction.
//!
//! The group's generation goes with the positions, so the brokers refuse whoever has lost its partitions. A
//! commit without outputs stores the positions alone, under the same check.
//!
//! Where it is in doubt whether a transaction was done (no answer to its end), the producer is made anew,
//! which ends whatever its name has open one way or the other; then the positions tell which. Where they tell that it was
//! not, outputs with an id are looked for all the same before they are sent again: a broker that is killed in the middle
//! of an end may keep a part of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::error::BusError;
use crate::kafka::batch::is_too_large;
use crate::kafka::fault::{is_spent_producer, is_stale_member, is_transient};
use crate::kafka::member::Member;
use crate::kafka::shared::{Place, Shared};
use crate::kafka::transaction::{Ended, Producing};
use crate::kafka::work::{Work, check_position};
use crate::limits;
use crate::partition::Partition;
use crate::record::{Committed, Position, Record};
use crate::topic::Topic;

/// How often a member that still holds its partitions tries again with the group's newer generation.
const STALE_MAX: u32 = 10;
static COMMITS: AtomicU64 = AtomicU64::new(1);

/// The transactions of one member.
#[derive(Default)]
pub(super) struct Transactions {
    producer: Option<Producing>,
    // After the producer, so that nobody takes its name while it lives.
    place: Option<Place>,
}

/// Why an attempt did not succeed.
enum Failed {
    /// It may succeed later.
    Again(KafkaError),
    /// The group has gone on.
    Stale,
    /// The producer is of no use any more; `true` where the end may have been done.
    Producer(KafkaError, bool),
    Refused(BusError),
}

impl Transactions {
    pub(super) fn open(shared: &Shared, place: Place) -> Result<Self, BusError> {
        let mut this = Self { place: Some(place), producer: None };
        let begin = Instant::now();
        while let Err(error) = this.producer(shared) {
            let passes = error.rdkafka_error_code().is_some_and(is_transient);
            if !passes || begin.elapsed() > shared.options.connect_timeout {
                return Err(shared.error("preparing transactions", &error, begin.elapsed()));
            }
            pause(1);
        }
        Ok(this)
    }

    fn producer(&mut self, shared: &Shared) -> Result<&mut Producing, KafkaError> {
        let id = self.place.as_ref().map(Place::transactional).unwrap_or_default();
        match &mut self.producer {
            Some(producing) if !producing.is_spent() => {}
            slot => *slot = Some(Producing::new(&shared.options, &id)?),
        }
        self.producer.as_mut().ok_or(KafkaError::Canceled)
    }

    pub(super) fn commit(
        &mut self,
        member: &mut Member,
        positions: &[(Partition, Position)],
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError> {
        limits::check(outputs.iter().map(|(topic, record)| (*topic, record)))?;
        for (partition, position) in positions {
            limits::check_consumer(&member.group, Some(*position))?;
            check_position(member, *partition, *position)?;
        }
        let shared = Arc::clone(&member.shared);
        let commit = format!(
            "{}-{}",
            shared.options.instance.get(..40).unwrap_or(&shared.options.instance),
            COMMITS.fetch_add(1, Ordering::Relaxed)
        );
        let mut work = Work::new(&shared, member, positions, outputs, &commit)?;
        let result = self.carry_out(member, positions, &mut work);
        if result.is_err() {
            for (topic, partition, id) in &work.claimed {
                shared.ids.disclaim(*topic, &[(*partition, id.clone())]);
            }
        }
        result
    }

    fn carry_out(
        &mut self,
        member: &mut Member,
        positions: &[(Partition, Position)],
        work: &mut Work,
    ) -> Result<Committed, BusError> {
        let shared = Arc::clone(&member.shared);
        let doing = format!("committing for {}", member.group);
        let (begin, mut tries, mut stale) = (Instant::now(), 0_u32, 0_u32);
        loop {
            // Whatever the group has decided meanwhile is heard before anything is committed.
            member.step(Duration::ZERO)?;
            let gone = positions.iter().find(|(partition, _)| !member.holds(*partition));
            if let Some((partition, _)) = gone {
                return Err(member.lost(*partition));
            }
            let attempt = match (work.outputs.is_empty(), positions.is_empty()) {
                (true, true) => Ok(()),
                (true, false) => store_positions(member, work),
                (false, _) => self.attempt(member, work),
            };
            let error = match attempt {
                Ok(()) => return Ok(work.done()),
                Err(Failed::Refused(error)) => return Err(error),
                Err(Failed::Stale) => {
                    stale += 1;
                    let partition = positions.first().map_or(Partition(0), |(first, _)| *first);
                    if stale > STALE_MAX || member.consumer.assignment_lost() {
                        return Err(member.lost(partition));
                    }
                    KafkaError::ConsumerCommit(Code::IllegalGeneration)
                }
                Err(Failed::Again(error)) => error,
                Err(Failed::Producer(error, in_doubt)) => {
                    self.producer = None;
                    if in_doubt && positions.is_empty() {
                        // Nothing tells whether it was done. Ids do, when the caller tries again.
                        return Err(shared.error(&doing, &error, begin.elapsed()));
                    }
                    if in_doubt {
                        if self.was_done(member, work, begin)? {
                            return Ok(work.done());
                        }
                        work.look_again(&shared)?;
                    }
                    error
                }
            };
            tries += 1;
            if begin.elapsed() >= shared.options.commit_timeout {
                return Err(shared.error(&doing, &error, begin.elapsed()));
            }
            pause(tries);
        }
    }

    /// One transaction.
    fn attempt(&mut self, member: &Member, work: &Work) -> Result<(), Failed> {
        let shared = &member.shared;
        let timeout = shared.options.transaction_timeout;
        let producing = match self.producer(shared) {
            Ok(producing) => producing,
            Err(error) if error.rdkafka_error_code().is_some_and(is_transient) => {
                return Err(Failed::Again(error));
            }
            Err(error) => return Err(Failed::Producer(error, false)),
        };
        let outcome = producing.run(timeout, |producing| {
            for (topic, partition, record) in &work.outputs {
                producing.send(&shared.name(*topic), *partition, record)?;
            }
            producing.settle(timeout)?;
            if work.offsets.count() == 0 {
                return Ok(());
            }
            // First the generation, then whether it is ours: librdkafka forgets both at once.
            let group = member.consumer.group_metadata().ok_or(KafkaError::Canceled)?;
            if member.consumer.assignment_lost() {
                return Err(KafkaError::ConsumerCommit(Code::AssignmentLost));
            }
            producing.positions(&work.offsets, &group, timeout)
        });
        match outcome {
            Ended::Done => Ok(()),
            Ended::Aborted(error) => {
                let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
                if !is_stale_member(code) && !is_transient(code) {
                    // librdkafka has lost count of what was refused. A new producer has not.
                    self.producer = None;
                }
                Err(aborted(member, work, error, code))
            }
            Ended::Spent { error, in_doubt } => Err(match error.rdkafka_error_code() {
                Some(code) if is_stale_member(code) && !in_doubt => Failed::Stale,
                _ => Failed::Producer(error, in_doubt),
            }),
        }
    }

    /// Whether a transaction whose end is in doubt was done.
    fn was_done(&mut self, member: &Member, work: &Work, begin: Instant) -> Result<bool, BusError> {
        let shared = &member.shared;
        let timeout = shared.options.commit_timeout;
        let doing = format!("looking for a commit of {}", member.group);
        loop {
            let ended = self.producer(shared).map(|_| ());
            let found = ended.and_then(|()| found(member, work));
            let error = match found {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if begin.elapsed() >= timeout {
                return Err(shared.error(&doing, &error, begin.elapsed()));
            }
            self.producer = self.producer.take().filter(|producing| !producing.is_spent());
            pause(3);
        }
    }
}

/// What a transaction that was aborted means.
fn aborted(member: &Member, work: &Work, error: KafkaError, code: Code) -> Failed {
    let shared = &member.shared;
    match code {
        _ if is_stale_member(code) => Failed::Stale,
        _ if is_transient(code) => Failed::Again(error),
        _ if is_spent_producer(code) => Failed::Producer(error, false),
        _ if is_too_large(code) => Failed::Refused(work.too_large(shared)),
        Code::UnknownTopicOrPartition | Code::UnknownTopic | Code::UnknownPartition => {
            let topic = work.outputs.first().map_or(member.topic, |(topic, ..)| *topic);
            Failed::Refused(shared.no_topic(topic))
        }
        _ => Failed::Refused(shared.error("committing", &error, Duration::ZERO)),
    }
}

/// Whether the positions on the brokers are the very ones of this commit.
fn found(member: &Member, work: &Work) -> Result<bool, KafkaError> {
    let mut asked = TopicPartitionList::new();
    for element in work.offsets.elements() {
        asked.add_partition(element.topic(), element.partition());
    }
    let stored = member.consumer.committed_offsets(asked, Duration::from_secs(2))?;
    for element in work.offsets.elements() {
        let Some(found) = stored.find_partition(element.topic(), element.partition()) else {
            return Ok(false);
        };
        found.error()?;
        if found.offset() != element.offset() || found.metadata() != element.metadata() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn store_positions(member: &Member, work: &Work) -> Result<(), Failed> {
    if member.consumer.assignment_lost() {
        return Err(Failed::Stale);
    }
    match member.consumer.commit(&work.offsets, CommitMode::Sync) {
        Ok(()) => Ok(()),
        Err(error) => Err(match error.rdkafka_error_code() {
            Some(code) if is_stale_member(code) => Failed::Stale,
            Some(code) if is_transient(code) => Failed::Again(error),
            _ => Failed::Refused(member.shared.error("storing positions", &error, Duration::ZERO)),
        }),
    }
}

/// Waits longer each time, and not as long as others do.
fn pause(tries: u32) {
    let most = 20_u64 << tries.min(6);
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = clock.map_or(0, |now| u64::from(now.subsec_nanos()));
    let scattered = crc32fast::hash(&(nanos ^ u64::from(std::process::id())).to_le_bytes());
    std::thread::sleep(Duration::from_millis(most / 2 + u64::from(scattered) % (most / 2 + 1)));
}
