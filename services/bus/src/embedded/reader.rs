//! The embedded log as a [`Bus`], and a reader of it.

use std::time::Duration;

use crate::bus::{Bus, Consumer, Reader, Start};
use crate::embedded::consumer::LogConsumer;
use crate::embedded::log::Log;
use crate::error::BusError;
use crate::limits;
use crate::partition::Partition;
use crate::pending::Pending;
use crate::record::{Deleted, Offset, Record, Stored};
use crate::topic::Topic;

impl Bus for Log {
    fn place(&self) -> String {
        self.dir().display().to_string()
    }

    fn partitions(&self, _: Topic) -> Result<u32, BusError> {
        Ok(1)
    }

    fn append_later(&self, topic: Topic, records: Vec<Record>) -> Result<Pending, BusError> {
        Log::append_later(self, topic, records)
    }

    fn consume(&self, group: &str, topic: Topic) -> Result<Box<dyn Consumer>, BusError> {
        limits::check_consumer(group, None)?;
        Ok(Box::new(LogConsumer::join(self, group, topic)))
    }

    fn read_from(
        &self,
        topic: Topic,
        partition: Partition,
        start: Start,
    ) -> Result<Box<dyn Reader>, BusError> {
        only(topic, partition)?;
        let next = match start {
            Start::Begin => self.begin(topic),
            Start::End => self.end(topic),
            Start::At(offset) => offset,
            Start::Time(time) => {
                // The end before the look: what is appended meanwhile lies behind it and is read.
                let end = self.end(topic);
                self.first_since(topic, time)?.unwrap_or(end)
            }
        };
        Ok(Box::new(LogReader { log: self.clone(), topic, next }))
    }

    fn delete_before(
        &self,
        topic: Topic,
        partition: Partition,
        before_time: i64,
    ) -> Result<Deleted, BusError> {
        only(topic, partition)?;
        Log::delete_before(self, topic, before_time)
    }

    fn flush(&self) -> Result<(), BusError> {
        Log::flush(self)
    }
}

fn only(topic: Topic, partition: Partition) -> Result<(), BusError> {
    if partition == Partition(0) {
        return Ok(());
    }
    Err(BusError::NoPartition { topic, partition, partitions: 1 })
}

#[derive(Debug)]
struct LogReader {
    log: Log,
    topic: Topic,
    next: Offset,
}

impl Reader for LogReader {
    fn read(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<Stored>, BusError> {
        if !self.log.wait(self.topic, self.next, timeout) {
            return Ok(Vec::new());
        }
        let records = self.log.read(self.topic, self.next, records_max, bytes_max)?;
        if let Some(last) = records.last() {
            self.next = last.offset.next();
        }
        Ok(records)
    }

    fn next(&self) -> Offset {
        self.next
    }

    fn end(&mut self) -> Result<Offset, BusError> {
        Ok(self.log.end_of_records(self.topic))
    }
}
