//! What one commit is to store, and the checks before it.

use std::time::Duration;

use rdkafka::TopicPartitionList;

use crate::error::BusError;
use crate::kafka::fault::KafkaFault;
use crate::kafka::member::Member;
use crate::kafka::position;
use crate::kafka::shared::{Shared, number, raw};
use crate::partition::Partition;
use crate::record::{Committed, Offset, Position, Record};
use crate::topic::Topic;

/// What is to be committed.
pub(super) struct Work {
    pub(super) offsets: TopicPartitionList,
    pub(super) outputs: Vec<(Topic, Partition, Record)>,
    /// For each topic, ids that count as stored unless this fails.
    pub(super) claimed: Vec<(Topic, Partition, String)>,
    pub(super) duplicates: u64,
}

impl Work {
    pub(super) fn new(
        shared: &Shared,
        member: &Member,
        positions: &[(Partition, Position)],
        records: Vec<(Topic, Record)>,
        commit: &str,
    ) -> Result<Self, BusError> {
        let mut offsets = TopicPartitionList::new();
        for (partition, position) in positions {
            let mut element = offsets.add_partition(&member.name, number(*partition));
            element.set_metadata(position::metadata(*position, commit));
            let set = element.set_offset(raw(position.next));
            set.map_err(|error| shared.error("preparing a commit", &error, Duration::ZERO))?;
        }
        let mut work = Self { offsets, outputs: Vec::new(), claimed: Vec::new(), duplicates: 0 };
        for (topic, record) in records {
            let claimed = shared.partitions(topic).and_then(|partitions| {
                let partition = Partition::of(&record.key, partitions);
                match &record.id {
                    Some(id) => Ok((partition, shared.ids.claim(shared, topic, partition, id)?)),
                    None => Ok((partition, true)),
                }
            });
            match claimed {
                Ok((partition, true)) => {
                    if let Some(id) = &record.id {
                        work.claimed.push((topic, partition, id.clone()));
                    }
                    work.outputs.push((topic, partition, record));
                }
                Ok((_, false)) => work.duplicates += 1,
                Err(error) => {
                    for (topic, partition, id) in work.claimed {
                        shared.ids.disclaim(topic, &[(partition, id)]);
                    }
                    return Err(error);
                }
            }
        }
        Ok(work)
    }

    /// What the caller is told when all of it is stored.
    pub(super) fn done(&self) -> Committed {
        Committed { stored: self.outputs.len() as u64, duplicates: self.duplicates }
    }

    /// Leaves out what the partitions have by now.
    pub(super) fn look_again(&mut self, shared: &Shared) -> Result<(), BusError> {
        for (topic, partition, id) in &self.claimed {
            shared.ids.disclaim(*topic, &[(*partition, id.clone())]);
        }
        self.claimed.clear();
        for (topic, partition, record) in std::mem::take(&mut self.outputs) {
            if let Some(id) = &record.id {
                if !shared.ids.claim(shared, topic, partition, id)? {
                    self.duplicates += 1;
                    continue;
                }
                self.claimed.push((topic, partition, id.clone()));
            }
            self.outputs.push((topic, partition, record));
        }
        Ok(())
    }

    /// The largest output is the one that the brokers refused.
    pub(super) fn too_large(&self, shared: &Shared) -> BusError {
        let size = |record: &Record| record.key.len() + record.value.len();
        let largest = self.outputs.iter().max_by_key(|(_, _, record)| size(record));
        let (topic, bytes) =
            largest.map_or((Topic::DeadLetter, 0), |(topic, _, record)| (*topic, size(record)));
        KafkaFault::TooLarge { place: shared.options.place(), topic, bytes }.into()
    }
}

/// As the embedded log: a position never goes back, nor beyond the end.
pub(super) fn check_position(
    member: &Member,
    partition: Partition,
    position: Position,
) -> Result<(), BusError> {
    if !member.holds(partition) {
        return Err(member.lost(partition));
    }
    let Some(part) = member.parts.get(&partition.0) else { return Err(member.lost(partition)) };
    let least = part.committed.map_or(Offset(0), |committed| committed.next);
    let mut end = part.end;
    if position.next > end {
        (_, end) = member.shared.bounds(member.topic, partition)?;
    }
    if position.next < least || position.next > end {
        let (consumer, topic, next) = (member.group.clone(), member.topic, position.next);
        return Err(BusError::Position { consumer, topic, next, least, end });
    }
    Ok(())
}
