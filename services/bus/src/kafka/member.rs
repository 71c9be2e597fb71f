//! A member of a group. What comes to it and what it loses is told in `arrivals`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::bus::{Consumer, Event};
use crate::error::BusError;
use crate::kafka::commit::Transactions;
use crate::kafka::fault::is_transient;
use crate::kafka::message::{bytes, stored};
use crate::kafka::moves::{Change, Moves};
use crate::kafka::shared::{Shared, number, raw};
use crate::limits::{READ_BYTES_MAX, READ_RECORDS_MAX};
use crate::partition::Partition;
use crate::record::{Committed, Offset, Position, Record, Stored};
use crate::topic::Topic;

/// Longest wait without a look at what else there is to do.
const SLICE: Duration = Duration::from_millis(100);

pub(super) struct Member {
    pub(super) shared: Arc<Shared>,
    /// As the caller calls it.
    pub(super) group: String,
    pub(super) topic: Topic,
    /// The topic's name on the brokers.
    pub(super) name: String,
    pub(super) parts: BTreeMap<u32, Part>,
    /// Read, and not handed over.
    pub(super) held: VecDeque<Stored>,
    pub(super) held_bytes: usize,
    // Before the consumer, so that nothing is open when the group is left.
    transactions: Transactions,
    pub(super) consumer: BaseConsumer<Moves>,
}

/// A partition of this member.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) state: State,
    pub(super) committed: Option<Position>,
    pub(super) begin: Offset,
    pub(super) end: Offset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The caller has not heard of it: where it begins is not known yet.
    Arriving {
        since: Instant,
    },
    /// The caller has to say where to begin.
    Told,
    Reading {
        next: Offset,
    },
    /// A commit was refused. The caller is told that it is gone, and that it has come anew.
    Forfeit,
}

impl Member {
    pub(super) fn join(shared: &Arc<Shared>, group: &str, topic: Topic) -> Result<Self, BusError> {
        shared.partitions(topic)?;
        let name = shared.name(topic);
        let place = shared.enter(group);
        let group_id = format!("{}wayside.{group}", shared.options.prefix);
        let doing = format!("joining the group {group}");
        let failed = |error: KafkaError| shared.error(&doing, &error, Duration::ZERO);
        let config = shared.options.member(&group_id);
        let consumer: BaseConsumer<Moves> =
            config.create_with_context(Moves::new(name.clone())).map_err(failed)?;
        // Whatever a forerunner of this name left open ends now, before anyone waits for it.
        let transactions = Transactions::open(shared, place)?;
        consumer.subscribe(&[&name]).map_err(failed)?;
        Ok(Self {
            shared: Arc::clone(shared),
            group: group.to_owned(),
            topic,
            name,
            parts: BTreeMap::new(),
            held: VecDeque::new(),
            held_bytes: 0,
            transactions,
            consumer,
        })
    }

    pub(super) fn lost(&self, partition: Partition) -> BusError {
        BusError::Lost { consumer: self.group.clone(), topic: self.topic, partition }
    }

    /// Whether a partition is this member's, as far as it knows.
    pub(super) fn holds(&self, partition: Partition) -> bool {
        let known = self.parts.get(&partition.0);
        known.is_some_and(|part| matches!(part.state, State::Told | State::Reading { .. }))
            && !self.consumer.context().state().changes.iter().any(|change| match change {
                Change::Lost(lost) => lost.contains(&number(partition)),
                Change::Gained(_) => false,
            })
    }

    /// One step of librdkafka: a record, a change, an error. False where nothing came in time.
    pub(super) fn step(&mut self, wait: Duration) -> Result<bool, BusError> {
        let polled = self.consumer.poll(wait).map(|result| result.map(|message| stored(&message)));
        match polled {
            None => Ok(false),
            Some(Ok(record)) => {
                self.take(record);
                Ok(true)
            }
            Some(Err(error)) => match error.rdkafka_error_code() {
                Some(Code::AutoOffsetReset | Code::OffsetOutOfRange) => {
                    self.repair().map(|()| true)
                }
                Some(code) if is_transient(code) => Ok(true),
                Some(Code::UnknownTopicOrPartition | Code::UnknownTopic) => {
                    Err(self.shared.no_topic(self.topic))
                }
                _ => {
                    let doing = format!("reading {} for {}", self.topic, self.group);
                    Err(self.shared.error(&doing, &error, Duration::ZERO))
                }
            },
        }
    }

    fn take(&mut self, record: Stored) {
        let Some(part) = self.parts.get_mut(&record.partition.0) else { return };
        let State::Reading { next } = &mut part.state else { return };
        if record.offset >= *next {
            *next = record.offset.next();
            part.end = part.end.max(*next);
            self.held_bytes += bytes(&record);
            self.held.push_back(record);
        }
    }

    /// A place that we read from is not in the log: retention has passed it, or the log was cut. What is
    /// left is read.
    fn repair(&mut self) -> Result<(), BusError> {
        for (partition, part) in &mut self.parts {
            let State::Reading { next } = &mut part.state else { continue };
            let (begin, end) = self.shared.bounds(self.topic, Partition(*partition))?;
            let within = (*next).clamp(begin, end.max(begin));
            if within != *next {
                *next = within;
                let moves = Arc::clone(self.consumer.client().context());
                moves
                    .begin(&self.consumer, number(Partition(*partition)), raw(within))
                    .map_err(|error| self.shared.error("reading", &error, Duration::ZERO))?;
            }
        }
        Ok(())
    }

    /// Hands over what was read, one event a partition.
    fn hand_over(&mut self, records_max: usize, bytes_max: usize, events: &mut Vec<Event>) {
        let mut records: BTreeMap<Partition, Vec<Stored>> = BTreeMap::new();
        let (mut count, mut size) = (0, 0);
        while let Some(record) = self.held.front() {
            size += bytes(record);
            if count >= records_max || (size > bytes_max && count > 0) {
                break;
            }
            let Some(record) = self.held.pop_front() else { break };
            self.held_bytes = self.held_bytes.saturating_sub(bytes(&record));
            count += 1;
            records.entry(record.partition).or_default().push(record);
        }
        let of = |(partition, records)| Event::Records { partition, records };
        events.extend(records.into_iter().map(of));
    }
}

impl Consumer for Member {
    fn poll(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<Event>, BusError> {
        let records_max = records_max.clamp(1, READ_RECORDS_MAX);
        let bytes_max = bytes_max.min(READ_BYTES_MAX);
        let begin = Instant::now();
        let mut events = Vec::new();
        loop {
            while self.held.len() < records_max && self.held_bytes < bytes_max {
                let idle = self.held.is_empty()
                    && self.consumer.context().state().changes.is_empty()
                    && !self.parts.values().any(|part| part.state == State::Forfeit);
                let left = timeout.saturating_sub(begin.elapsed()).min(SLICE);
                if !self.step(if idle { left } else { Duration::ZERO })? {
                    break;
                }
            }
            // What was told already must not get lost: the error comes again.
            if let Err(error) = self.tell(&mut events)
                && events.is_empty()
            {
                return Err(error);
            }
            self.hand_over(records_max, bytes_max, &mut events);
            if !events.is_empty() || begin.elapsed() >= timeout {
                return Ok(events);
            }
        }
    }

    fn start(&mut self, partition: Partition, from: Offset) -> Result<(), BusError> {
        if !self.holds(partition) || self.consumer.assignment_lost() {
            return Err(self.lost(partition));
        }
        let Some(part) = self.parts.get_mut(&partition.0) else {
            return Err(self.lost(partition));
        };
        let mut from = from.max(part.begin);
        if from > part.end {
            let (_, end) = self.shared.bounds(self.topic, partition)?;
            from = from.min(end);
        }
        let moves = Arc::clone(self.consumer.client().context());
        let begun = moves.begin(&self.consumer, number(partition), raw(from));
        let doing = format!("beginning partition {partition} of {}", self.topic);
        begun.map_err(|error| self.shared.error(&doing, &error, Duration::ZERO))?;
        part.state = State::Reading { next: from };
        self.forget(partition);
        Ok(())
    }

    fn commit(
        &mut self,
        positions: &[(Partition, Position)],
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError> {
        // Taken out, since it looks at the member meanwhile.
        let mut transactions = std::mem::take(&mut self.transactions);
        let result = transactions.commit(self, positions, outputs);
        self.transactions = transactions;
        match &result {
            Ok(_) => {
                for (partition, position) in positions {
                    if let Some(part) = self.parts.get_mut(&partition.0) {
                        part.committed = Some(*position);
                    }
                }
            }
            Err(BusError::Lost { .. }) => {
                for (partition, _) in positions {
                    if let Some(part) = self.parts.get_mut(&partition.0)
                        && !matches!(part.state, State::Arriving { .. })
                    {
                        part.state = State::Forfeit;
                    }
                }
            }
            Err(_) => {}
        }
        result
    }

    fn end(&self, partition: Partition) -> Option<Offset> {
        let part = self.parts.get(&partition.0)?;
        let told = self.consumer.context().state().ends.get(&number(partition)).copied();
        Some(part.end.max(Offset(told.unwrap_or(0))))
    }
}
