//! A producer of transactions, driven by hand: librdkafka's own waits are a tenth of a second long.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::client::ClientContext;
use rdkafka::consumer::ConsumerGroupMetadata;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};

use crate::kafka::message::headers;
use crate::kafka::options::KafkaOptions;
use crate::kafka::shared::number;
use crate::partition::Partition;
use crate::record::Record;

const TICK: Duration = Duration::from_millis(1);

/// The first record of a transaction that was not stored.
#[derive(Clone, Debug, Default)]
struct Failure(Arc<Mutex<Option<KafkaError>>>);

impl Failure {
    fn take(&self) -> Option<KafkaError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl ClientContext for Failure {
    // What matters comes back from the calls.
    fn error(&self, _: KafkaError, _: &str) {}
}

impl ProducerContext for Failure {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // What is thrown away with the rest says nothing of why.
            let thrown = [Some(Code::PurgeQueue), Some(Code::PurgeInflight)];
            if !thrown.contains(&error.rdkafka_error_code()) {
                first.get_or_insert(error.clone());
            }
        }
    }
}

pub(super) struct Producing {
    producer: BaseProducer<Failure>,
    failure: Failure,
    spent: bool,
}

/// How a transaction ended.
pub(super) enum Ended {
    Done,
    /// Nothing of it is there; the next one may begin.
    Aborted(KafkaError),
    /// The producer cannot go on. Where it is in doubt, all of it may be there, or nothing.
    Spent {
        error: KafkaError,
        in_doubt: bool,
    },
}

impl Producing {
    /// Makes a producer and ends whatever was open under its name.
    pub(super) fn new(options: &KafkaOptions, id: &str) -> Result<Self, KafkaError> {
        let failure = Failure::default();
        let producer: BaseProducer<Failure> =
            options.producer(Some(id)).create_with_context(failure.clone())?;
        let begin = Instant::now();
        loop {
            match producer.init_transactions(Duration::from_secs(5)) {
                Ok(()) => return Ok(Self { producer, failure, spent: false }),
                Err(KafkaError::Transaction(error))
                    if error.is_retriable() && begin.elapsed() < options.request_timeout => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    /// A transaction around `work`.
    pub(super) fn run(
        &mut self,
        timeout: Duration,
        work: impl FnOnce(&Self) -> Result<(), KafkaError>,
    ) -> Ended {
        self.failure.take();
        if let Err(error) = self.producer.begin_transaction() {
            self.spent = true;
            return Ended::Spent { error, in_doubt: false };
        }
        if let Err(error) = work(self) {
            return self.abort(error, timeout);
        }
        let begin = Instant::now();
        loop {
            match self.producer.commit_transaction(timeout) {
                Ok(()) => return Ended::Done,
                Err(KafkaError::Transaction(error))
                    if error.is_retriable()
                        && !error.txn_requires_abort()
                        && begin.elapsed() < timeout => {}
                // Also where librdkafka wants an abort: its word to commit may have been heard before it
                // failed, and what an abort says then tells nothing.
                Err(error) => {
                    self.spent = true;
                    return Ended::Spent { error, in_doubt: true };
                }
            }
        }
    }

    fn abort(&mut self, error: KafkaError, timeout: Duration) -> Ended {
        let fatal = matches!(&error, KafkaError::Transaction(error) if error.is_fatal());
        // `abort_transaction` throws away what waits; its deliveries must be heard for it to end.
        let aborted = !fatal && {
            self.producer.purge(rdkafka::producer::PurgeConfig::default().queue());
            self.drain(timeout);
            self.producer.abort_transaction(timeout).is_ok()
        };
        self.failure.take();
        if aborted {
            return Ended::Aborted(error);
        }
        self.spent = true;
        Ended::Spent { error, in_doubt: false }
    }

    pub(super) fn send(
        &self,
        topic: &str,
        partition: Partition,
        record: &Record,
    ) -> Result<(), KafkaError> {
        let mut message = BaseRecord::to(topic)
            .partition(number(partition))
            .key(&record.key)
            .payload(&record.value)
            .headers(headers(record));
        loop {
            message = match self.producer.send(message) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(Code::QueueFull), message)) => message,
                Err((error, _)) => return Err(error),
            };
            self.producer.poll(TICK);
            if let Some(error) = self.failure.take() {
                return Err(error);
            }
        }
    }

    /// Hears deliveries until nothing is on its way; false where time is over.
    fn drain(&self, timeout: Duration) -> bool {
        let begin = Instant::now();
        while self.producer.in_flight_count() > 0 {
            if begin.elapsed() >= timeout {
                return false;
            }
            self.producer.poll(TICK);
        }
        true
    }

    /// Waits until every record is stored, if not yet committed.
    pub(super) fn settle(&self, timeout: Duration) -> Result<(), KafkaError> {
        let in_time = self.drain(timeout);
        match self.failure.take() {
            Some(error) => Err(error),
            None if in_time => Ok(()),
            None => Err(KafkaError::MessageProduction(Code::MessageTimedOut)),
        }
    }

    /// Adds positions, under the generation of the group.
    pub(super) fn positions(
        &self,
        offsets: &TopicPartitionList,
        group: &ConsumerGroupMetadata,
        timeout: Duration,
    ) -> Result<(), KafkaError> {
        let begin = Instant::now();
        loop {
            match self.producer.send_offsets_to_transaction(offsets, group, timeout) {
                Err(KafkaError::Transaction(error))
                    if error.is_retriable()
                        && !error.txn_requires_abort()
                        && begin.elapsed() < timeout => {}
                result => return result,
            }
            std::thread::sleep(10 * TICK);
        }
    }
}
