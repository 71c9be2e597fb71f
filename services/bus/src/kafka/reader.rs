//! Reads one partition without a group.
//!
//! What a reader calls the end is the last stable offset. Before it may lie places that hold no record:
//! markers of transactions, records of aborted ones. librdkafka passes them without a word, and tells only
//! that it has come to an end, not where, and not again as long as nothing comes. So where a caller wants
//! to get to an end that was asked for after that, reading begins anew where it stands: the next word of an
//! end is then one that lies at or behind what was asked for.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::bus::{Reader, Start};
use crate::error::BusError;
use crate::kafka::fault::is_transient;
use crate::kafka::message::{bytes, stored};
use crate::kafka::options::KafkaOptions;
use crate::kafka::shared::{Quiet, Shared, number, offset, raw};
use crate::limits::{READ_BYTES_MAX, READ_RECORDS_MAX};
use crate::partition::Partition;
use crate::record::{Offset, Stored};
use crate::topic::Topic;

/// How far clocks of cameras may be ahead, so that [`Start::Time`] still finds the first record.
const AHEAD_MS: i64 = 60_000;

pub(super) struct KafkaReader {
    consumer: BaseConsumer<Quiet>,
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
    /// The newest end that was known when reading began.
    known_end: Offset,
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
        let made = |error: KafkaError| shared.error("a reader was made", &error, Duration::ZERO);
        let mut reader = Self {
            consumer: options.reader().create_with_context(Quiet).map_err(made)?,
            place: options.place(),
            name: shared.name(topic),
            topic,
            partition,
            request_timeout: options.request_timeout,
            next: begin,
            held: VecDeque::new(),
            reading: false,
            told_end: Offset(0),
            known_end: Offset(0),
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
        let doing = format!("partition {} of {} was read", self.partition, self.topic);
        super::fault::fault(&self.place, &doing, error, 0, None).into()
    }

    /// Lets librdkafka read from where we are.
    fn begin(&mut self) -> Result<(), BusError> {
        let mut list = TopicPartitionList::new();
        let from = raw(self.next);
        list.add_partition_offset(&self.name, number(self.partition), from)
            .and_then(|()| self.consumer.assign(&list))
            .map_err(|error| self.error(&error))?;
        (self.reading, self.at_end, self.known_end) = (true, false, self.told_end);
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
        if self.reading && self.at_end && self.next < self.told_end.min_known(self.known_end) {
            self.reading = false;
        }
        if !self.reading {
            self.begin()?;
        }
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
                self.next = self.next.max(self.known_end);
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

impl Offset {
    /// The end that is still to be reached: none where reading began with it in view.
    fn min_known(self, known: Self) -> Self {
        if self > known { self } else { Self(0) }
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
            if !self.step(wait)? && (!records.is_empty() || begin.elapsed() >= timeout) {
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
        let began = Instant::now();
        loop {
            let slice = Duration::from_millis(700);
            let answer = self.consumer.fetch_watermarks(&self.name, number(self.partition), slice);
            match answer {
                Ok((_, high)) => {
                    let end = offset(high);
                    self.told_end = self.told_end.max(end);
                    return Ok(end);
                }
                Err(error) => {
                    let passes = error.rdkafka_error_code().is_some_and(is_transient);
                    if !passes || began.elapsed() >= self.request_timeout {
                        return Err(self.error(&error));
                    }
                }
            }
        }
    }
}
