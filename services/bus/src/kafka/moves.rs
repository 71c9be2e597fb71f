//! Which partitions come and go, as librdkafka tells from within a poll.
//!
//! What comes is not read yet: librdkafka learns of a partition when the caller says where to begin. So no
//! record is ever fetched from a place that nobody chose.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaResult;
use rdkafka::statistics::Statistics;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, TopicPartitionList};

/// A change that the caller has not heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Gained(Vec<i32>),
    Lost(Vec<i32>),
}

#[derive(Debug)]
pub(super) struct Moves {
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) changes: VecDeque<Change>,
    /// Partitions that librdkafka reads.
    pub(super) reading: BTreeSet<i32>,
    /// Last stable offsets, as told every two seconds.
    pub(super) ends: BTreeMap<i32, u64>,
}

impl Moves {
    pub(super) fn new(name: String) -> Self {
        Self { name, state: Mutex::default() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to read a partition.
    pub(super) fn begin(
        &self,
        consumer: &BaseConsumer<Self>,
        partition: i32,
        from: Offset,
    ) -> KafkaResult<()> {
        self.end(consumer, partition)?;
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&self.name, partition, from)?;
        consumer.incremental_assign(&list)?;
        self.state().reading.insert(partition);
        Ok(())
    }

    /// Stops reading it.
    pub(super) fn end(&self, consumer: &BaseConsumer<Self>, partition: i32) -> KafkaResult<()> {
        if self.state().reading.remove(&partition) {
            let mut list = TopicPartitionList::new();
            list.add_partition(&self.name, partition);
            consumer.incremental_unassign(&list)?;
        }
        Ok(())
    }
}

impl ClientContext for Moves {
    fn stats(&self, statistics: Statistics) {
        let Some(topic) = statistics.topics.get(&self.name) else { return };
        let mut state = self.state();
        for (partition, told) in &topic.partitions {
            if let (0.., Ok(end)) = (*partition, u64::try_from(told.ls_offset)) {
                state.ends.insert(*partition, end);
            }
        }
    }
}

impl ConsumerContext for Moves {
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        err: RDKafkaRespErr,
        list: &mut TopicPartitionList,
    ) {
        let partitions: Vec<i32> =
            list.elements_for_topic(&self.name).iter().map(|element| element.partition()).collect();
        // librdkafka waits for an answer, even where it has nothing in it.
        let mut answer = TopicPartitionList::new();
        if err == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            self.state().changes.push_back(Change::Gained(partitions));
            if consumer.incremental_assign(&answer).is_err() {
                let _ = consumer.assign(&answer);
            }
            return;
        }
        {
            let mut state = self.state();
            for partition in &partitions {
                if state.reading.remove(partition) {
                    answer.add_partition(&self.name, *partition);
                }
                state.ends.remove(partition);
            }
            state.changes.push_back(Change::Lost(partitions));
        }
        if consumer.incremental_unassign(&answer).is_err() {
            let _ = consumer.unassign();
        }
    }
}
