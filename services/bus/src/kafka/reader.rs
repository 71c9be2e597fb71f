//! Reads one partition without a group.
//!
//! The end of a partition is behind everything that was written, committed or not: what a transaction has
//! stored is before it as soon as its commit has returned, although the brokers show it a moment later.
//! librdkafka shows what is committed, up to the last stable offset. Before that may lie places without a
//! record: markers of transactions, records of aborted ones. It passes them without a word, and tells only
//! that it has come to an end, not where, and not again as long as nothing comes. So where a caller wants to get
//! further than the stable offset that was known when reading began, and nothing comes, reading begins anew where
//! it stands as soon as the stable offset has moved: the next word of an end then lies at or behind it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::bus::{Reader, Start};
use crate::error::BusError;
use crate::kafka::fault::is_transient;
use crate::kafka::message::{bytes, stored};
use crate::kafka::options::KafkaOptions;
use crate::kafka::shared::{Quiet, SLICE_LEAST, SLICE_MOST, Shared, number, offset, raw};
use crate::limits::{READ_BYTES_MAX, READ_RECORDS_MAX};
use crate::partition::Partition;
use crate::record::{Offset, Stored};
use crate::topic::Topic;

/// How often an end that does not come is looked for.
const LOOK: Duration = Duration::from_millis(5);
/// How far clocks of cameras may be ahead, so that [`Start::Time`] still finds the first record.
const AHEAD_MS: i64 = 60_000;

pub(super) struct KafkaReader {
    consumer: BaseConsumer<Quiet>,
    asking: Arc<BaseConsumer<Quiet>>,
    place: String,
    name: String,
    topic: Topic,
    partition: Partition,
    request_timeout: Duration,
    next: Offset,
    /// Read, and not handed over.
    held: VecDeque<Stored>,
    /// Whether librdkafka reads at all.
    reading: bool,
    /// The newest end that was told to the caller.
    told_end: Offset,
    /// The last stable offset when reading began.
    stable: Offset,
    /// Nothing has come since librdkafka said that it is at an end.
    at_end: bool,
}

impl KafkaReader {
    pub(super) fn open(
        shared: &Shared,
        topic: Topic,
        partition: Partition,
        start: Start,
    ) -> Result<Self, BusError> {
        let options: &KafkaOptions = &shared.options;
        let (begin, high) = shared.bounds(topic, partition)?;
        let made = |error: KafkaError| shared.error("making a reader", &error, Duration::ZERO);
        let mut reader = Self {
            consumer: options.reader().create_with_context(Quiet).map_err(made)?,
            asking: Arc::clone(&shared.asking),
            place: options.place(),
            name: shared.name(topic),
            topic,
            partition,
            request_timeout: options.request_timeout,
            next: begin,
            held: VecDeque::new(),
            reading: false,
            told_end: Offset(0),
            stable: Offset(0),
            at_end: false,
        };
        match start {
            Start::Begin => {}
            Start::End => reader.next = reader.end()?,
            Start::At(at) => reader.next = at.max(begin),
            Start::Time(time) => {
                // No record is written before it happens, as far as clocks are right.
                let written = time.div_euclid(1_000).saturating_sub(AHEAD_MS);
                let from = shared.written_since(topic, partition, written)?;
                reader.next = from.unwrap_or(high).max(begin);
                reader.skip_to(time)?;
            }
        }
        Ok(reader)
    }

    /// Reads on to the first record at or after an event time.
    fn skip_to(&mut self, time: i64) -> Result<(), BusError> {
        let end = self.end()?;
        let mut heard = Instant::now();
        while self.next() < end {
            let records =
                self.read(READ_RECORDS_MAX, READ_BYTES_MAX, Duration::from_millis(500))?;
            if let Some(place) = records.iter().position(|record| record.time >= time) {
                self.held.extend(records.into_iter().skip(place));
                return Ok(());
            }
            if !records.is_empty() {
                heard = Instant::now();
            } else if heard.elapsed() > self.request_timeout {
                return Err(self.silent(heard.elapsed()));
            }
        }
        Ok(())
    }

    fn silent(&self, waited: Duration) -> BusError {
        BusError::Silent {
            place: self.place.clone(),
            topic: self.topic,
            partition: self.partition,
            waited_ms: waited.as_millis() as u64,
        }
    }

    fn error(&self, error: &KafkaError) -> BusError {
        let doing = format!("reading partition {} of {}", self.partition, self.topic);
        super::fault::fault(&self.place, &doing, error, 0, None).into()
    }

    /// Lets librdkafka read from where we are.
    fn begin(&mut self) -> Result<(), BusError> {
        // First the offset, then reading: what ends it then lies at or behind the offset.
        self.stable = high(&self.consumer, &self.name, self.partition, self.request_timeout)
            .map_err(|error| self.error(&error))?;
        let mut list = TopicPartitionList::new();
        let from = raw(self.next);
        list.add_partition_offset(&self.name, number(self.partition), from)
            .and_then(|()| self.consumer.assign(&list))
            .map_err(|error| self.error(&error))?;
        (self.reading, self.at_end) = (true, false);
        Ok(())
    }

    /// Begins anew where the caller wants to get further, nothing comes, and something has become stable.
    fn look_again(&mut self, wait: Duration) -> Result<(), BusError> {
        if !self.reading || !self.at_end || self.next >= self.told_end {
            return Ok(());
        }
        let stable = high(&self.consumer, &self.name, self.partition, self.request_timeout)
            .map_err(|error| self.error(&error))?;
        if stable > self.stable {
            self.reading = false;
        } else {
            std::thread::sleep(wait.min(LOOK));
        }
        Ok(())
    }

    /// The place before the log was cut there: what is left.
    fn lost_place(&mut self) -> Result<(), BusError> {
        let (low, high) = self
            .consumer
            .fetch_watermarks(&self.name, number(self.partition), self.request_timeout)
            .map_err(|error| self.error(&error))?;
        self.next = self.next.clamp(offset(low), offset(high.max(low)));
        self.reading = false;
        Ok(())
    }

    /// One step: a record into `held`, or a word of the end. False where the time is over.
    fn step(&mut self, wait: Duration) -> Result<bool, BusError> {
        self.look_again(wait)?;
        if !self.reading {
            self.begin()?;
        }
        // While the end is looked for, no poll lasts long.
        let wait = if self.at_end && self.next < self.told_end { wait.min(LOOK) } else { wait };
        let polled = self.consumer.poll(wait).map(|result| result.map(|message| stored(&message)));
        match polled {
            None => return Ok(false),
            Some(Ok(record)) => {
                self.at_end = false;
                if record.offset >= self.next {
                    self.next = record.offset.next();
                    self.held.push_back(record);
                }
            }
            Some(Err(KafkaError::PartitionEOF(_))) => {
                self.at_end = true;
                self.next = self.next.max(self.stable);
            }
            Some(Err(error)) => match error.rdkafka_error_code() {
                Some(Code::AutoOffsetReset | Code::OffsetOutOfRange) => self.lost_place()?,
                Some(code) if is_transient(code) => {}
                _ => return Err(self.error(&error)),
            },
        }
        Ok(true)
    }
}

/// Where the client sees the end of a partition: the last stable offset, or the end of everything.
fn high(
    client: &BaseConsumer<Quiet>,
    name: &str,
    partition: Partition,
    timeout: Duration,
) -> Result<Offset, KafkaError> {
    let (began, mut slice) = (Instant::now(), SLICE_LEAST);
    loop {
        match client.fetch_watermarks(name, number(partition), slice) {
            Ok((_, high)) => return Ok(offset(high)),
            Err(error) => {
                let passes = error.rdkafka_error_code().is_some_and(is_transient);
                if !passes || began.elapsed() >= timeout {
                    return Err(error);
                }
                slice = (2 * slice).min(SLICE_MOST);
            }
        }
    }
}

impl Reader for KafkaReader {
    fn read(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<Stored>, BusError> {
        let records_max = records_max.min(READ_RECORDS_MAX);
        let bytes_max = bytes_max.min(READ_BYTES_MAX);
        let begin = Instant::now();
        let (mut records, mut size) = (Vec::new(), 0);
        while records.len() < records_max {
            if let Some(next) = self.held.pop_front() {
                size += bytes(&next);
                if size > bytes_max && !records.is_empty() {
                    self.held.push_front(next);
                    break;
                }
                records.push(next);
                continue;
            }
            let wait = match records.is_empty() {
                true => timeout.saturating_sub(begin.elapsed()),
                false => Duration::ZERO,
            };
            let before = self.next;
            if !self.step(wait)? && !records.is_empty() {
                break;
            }
            // The end was reached: the caller may have waited for that alone.
            if self.held.is_empty() && self.next > before && self.next >= self.told_end {
                break;
            }
            if records.is_empty() && self.held.is_empty() && begin.elapsed() >= timeout {
                break;
            }
        }
        Ok(records)
    }

    fn next(&self) -> Offset {
        self.held.front().map_or(self.next, |record| record.offset)
    }

    fn end(&mut self) -> Result<Offset, BusError> {
        let end = high(&self.asking, &self.name, self.partition, self.request_timeout)
            .map_err(|error| self.error(&error))?;
        self.told_end = self.told_end.max(end);
        Ok(end)
    }
}
