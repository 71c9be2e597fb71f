//! What a bus is, whatever it is made of.

use std::fmt;
use std::time::Duration;

use crate::error::BusError;
use crate::partition::Partition;
use crate::pending::Pending;
use crate::record::{Appended, Committed, Deleted, Offset, Position, Record, Stored};
use crate::topic::Topic;

/// Keeps records and hands them to consumers: the embedded [`crate::Log`], or Kafka.
///
/// What all of them promise is written as tests in `tests/contract`. In short: what
/// [`Bus::append`] returned for is durable; records of one key keep their order; a consumer's
/// position and its outputs are stored both or neither; a partition has one consumer of a group at a
/// time, and whoever has lost it cannot commit any more.
pub trait Bus: Send + Sync + fmt::Debug {
    /// Where it is, for messages. No secret is in it.
    fn place(&self) -> String;

    /// How many partitions a topic has; at least 1.
    ///
    /// # Errors
    /// Where the bus cannot be asked, or has no such topic.
    fn partitions(&self, topic: Topic) -> Result<u32, BusError>;

    /// Hands records over; they become durable soon. Each goes to the partition of its key. The
    /// calls of one thread keep their order.
    ///
    /// # Errors
    /// Where a bound is broken (nothing is stored), or there is no room in time.
    fn append_later(&self, topic: Topic, records: Vec<Record>) -> Result<Pending, BusError>;

    /// Appends records and waits until they are durable.
    ///
    /// # Errors
    /// As [`Bus::append_later`], or where the bus refuses. The embedded log stores all of a batch or
    /// nothing; Kafka may have stored a part.
    fn append(&self, topic: Topic, records: Vec<Record>) -> Result<Appended, BusError> {
        self.append_later(topic, records)?.wait()
    }

    /// Joins a group that shares the partitions of a topic.
    ///
    /// # Errors
    /// Where the name breaks a bound or the bus cannot be reached.
    fn consume(&self, group: &str, topic: Topic) -> Result<Box<dyn Consumer>, BusError>;

    /// Reads a partition without a group.
    ///
    /// # Errors
    /// Where the bus cannot be reached or has no such partition.
    fn read_from(
        &self,
        topic: Topic,
        partition: Partition,
        start: Start,
    ) -> Result<Box<dyn Reader>, BusError>;

    /// Deletes the records of a partition whose event time lies before `before_time`
    /// (microseconds), as far as they stand before the first that does not. Positions of consumers do
    /// not hold them back: for what must not outlive its retention (PV-2).
    ///
    /// # Errors
    /// Where the bus refuses.
    fn delete_before(
        &self,
        topic: Topic,
        partition: Partition,
        before_time: i64,
    ) -> Result<Deleted, BusError>;

    /// Waits until everything that was handed over is durable, or was refused.
    ///
    /// # Errors
    /// Where that takes longer than the time-out of the bus.
    fn flush(&self) -> Result<(), BusError>;
}

/// Where a reader begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first record that is there.
    Begin,
    /// At the next record that will be written.
    End,
    /// At this record.
    At(Offset),
    /// At the first record at or after this event time, microseconds; the end where there is none.
    /// Records stand in order of time only for one key: read on from a margin before.
    Time(i64),
}

/// Reads one partition in order, as often as it likes.
pub trait Reader: Send {
    /// What comes next, at most so many records and bytes (a single record that is larger is read
    /// nevertheless); waits for the first one up to `timeout`. Empty where there is none in time.
    ///
    /// # Errors
    /// Where the bus cannot be read; the next call tries again.
    fn read(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<Stored>, BusError>;

    /// The next record that it will read.
    fn next(&self) -> Offset;

    /// The place after the last record that is there now: what was durable before the call lies
    /// before it, and reading gets there.
    ///
    /// # Errors
    /// Where the bus cannot be asked.
    fn end(&mut self) -> Result<Offset, BusError>;
}

/// What a member of a group learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The partition is this consumer's now. Nothing of it comes before [`Consumer::start`].
    Assigned {
        /// The partition.
        partition: Partition,
        /// What the group has committed for it.
        position: Option<Position>,
        /// The first record that is there.
        begin: Offset,
        /// The place after the last record that is there.
        end: Offset,
    },
    /// The partition is another's now, or nobody's. What was not committed is done again there.
    Revoked {
        /// The partition.
        partition: Partition,
    },
    /// Records of a partition, in order.
    Records {
        /// The partition.
        partition: Partition,
        /// The records; at least one.
        records: Vec<Stored>,
    },
}

/// A member of a group. Dropping it leaves the group.
pub trait Consumer: Send {
    /// What has happened, oldest first; waits for something up to `timeout`. The bounds are over all
    /// partitions together. Must be called every few seconds, or the group goes on without it.
    ///
    /// # Errors
    /// Where the bus cannot be read; the next call tries again.
    fn poll(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<Event>, BusError>;

    /// Begins to read a partition that was assigned.
    ///
    /// # Errors
    /// Where it is not this consumer's, or the bus refuses.
    fn start(&mut self, partition: Partition, from: Offset) -> Result<(), BusError>;

    /// Stores positions and outputs, all or nothing, and waits until they are durable. An output whose
    /// id is there already is not stored again, as far back as the bus remembers ids.
    ///
    /// # Errors
    /// Where a bound is broken, a partition is not this consumer's any more ([`BusError::Lost`]:
    /// forget what was read of it), or the bus refuses.
    fn commit(
        &mut self,
        positions: &[(Partition, Position)],
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError>;

    /// Where a partition ended when that was last heard of; none where it was not.
    fn end(&self, partition: Partition) -> Option<Offset>;
}
