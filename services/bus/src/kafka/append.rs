//! Plain appends: one idempotent producer for the whole process.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rdkafka::error::KafkaError;
use rdkafka::producer::{BaseRecord, Producer, ThreadedProducer};

use crate::error::BusError;
use crate::kafka::batch::{Batch, Deliveries, State};
use crate::kafka::fault::{KafkaFault, fault};
use crate::kafka::gate::Gate;
use crate::kafka::message::headers;
use crate::kafka::options::KafkaOptions;
use crate::kafka::said::Said;
use crate::kafka::shared::Shared;
use crate::limits;
use crate::partition::Partition;
use crate::pending::Pending;
use crate::record::{Appended, Offset, Record};
use crate::topic::Topic;

type Plain = Arc<ThreadedProducer<Deliveries>>;

/// The producer, made anew where librdkafka gives it up, and the bound before it.
pub(super) struct Appender {
    producer: RwLock<(Plain, Arc<Said>)>,
    pub(super) gate: Arc<Gate>,
}

impl Appender {
    pub(super) fn new(options: &KafkaOptions) -> Result<Self, KafkaError> {
        Ok(Self {
            producer: RwLock::new(producer(options)?),
            gate: Arc::new(Gate::new(options.queue_records_max, options.queue_bytes_max)),
        })
    }

    pub(super) fn said(&self) -> Arc<Said> {
        Arc::clone(&self.producer.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// The producer, of which the last one may have failed for good.
    fn producer(&self, options: &KafkaOptions) -> Result<(Plain, Arc<Said>), KafkaError> {
        let current = self.producer.read().unwrap_or_else(PoisonError::into_inner).clone();
        if !current.1.is_fatal() {
            return Ok(current);
        }
        let mut slot = self.producer.write().unwrap_or_else(PoisonError::into_inner);
        if slot.1.is_fatal() {
            *slot = producer(options)?;
        }
        Ok(slot.clone())
    }

    /// Hands a batch over. Where it cannot, nothing of it was handed over.
    pub(super) fn append(
        &self,
        shared: &Shared,
        topic: Topic,
        records: Vec<Record>,
    ) -> Result<Pending, BusError> {
        let options = &shared.options;
        let place = options.place();
        limits::check(records.iter().map(|record| (topic, record)))?;
        let partitions = shared.partitions(topic)?;
        let mut kept = Vec::with_capacity(records.len());
        let mut claimed = Vec::new();
        let (mut bytes, mut duplicates) = (0, 0);
        for record in records {
            let partition = Partition::of(&record.key, partitions);
            if let Some(id) = &record.id {
                if !shared.ids.claim(shared, topic, partition, id)? {
                    duplicates += 1;
                    continue;
                }
                claimed.push((partition, id.clone()));
            }
            bytes += record.bytes();
            kept.push((partition, record));
        }
        let (reply, receiver) = crossbeam_channel::bounded(1);
        let doing = format!("storing records of {topic}");
        let cause = "the producer was closed".to_owned();
        let closed = KafkaFault::Other { place: place.clone(), doing, cause }.into();
        let pending = Pending { reply: receiver, closed };
        if kept.is_empty() {
            let _ = reply.send(Ok(Appended { first: Offset(0), stored: 0, duplicates }));
            return Ok(pending);
        }
        let entered = self.gate.enter(kept.len(), bytes, options.queue_wait);
        if let Err((records, bytes)) = entered {
            shared.ids.disclaim(topic, &claimed);
            let waited_ms = options.queue_wait.as_millis() as u64;
            return Err(KafkaFault::Full { place, records, bytes, waited_ms }.into());
        }
        let batch = Arc::new(Batch {
            place,
            topic,
            records: kept.len(),
            bytes,
            duplicates,
            delivery_timeout_ms: options.delivery_timeout.as_millis() as u64,
            gate: Arc::clone(&self.gate),
            ids: Arc::clone(&shared.ids),
            claimed,
            reply,
            state: Mutex::new(State::default()),
        });
        self.send(shared, &batch, &kept);
        Ok(pending)
    }

    /// Every record is decided once: by its delivery, or here.
    fn send(&self, shared: &Shared, batch: &Arc<Batch>, records: &[(Partition, Record)]) {
        let name = shared.name(batch.topic);
        let refused = |error: &KafkaError| -> BusError {
            let doing = format!("handing over records of {}", batch.topic);
            fault(&batch.place, &doing, error, 0, None).into()
        };
        let producer = match self.producer(&shared.options) {
            Ok((producer, _)) => producer,
            Err(error) => {
                records.iter().for_each(|_| batch.decided(Err(refused(&error))));
                return;
            }
        };
        for (partition, record) in records {
            let message = BaseRecord::with_opaque_to(&name, Arc::clone(batch))
                .partition(i32::try_from(partition.0).unwrap_or(0))
                .key(&record.key)
                .payload(&record.value)
                .headers(headers(record));
            if let Err((error, _)) = producer.send(message) {
                if error.rdkafka_error_code() == Some(rdkafka::error::RDKafkaErrorCode::Fatal) {
                    self.said().hear(rdkafka::error::RDKafkaErrorCode::Fatal, "");
                }
                batch.decided(Err(refused(&error)));
            }
        }
    }
}

impl std::fmt::Debug for Appender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let producer = self.producer.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Appender").field("in_flight", &producer.0.in_flight_count()).finish()
    }
}

fn producer(options: &KafkaOptions) -> Result<(Plain, Arc<Said>), KafkaError> {
    let said = Arc::new(Said::default());
    let producer = options.producer(None).create_with_context(Deliveries(Arc::clone(&said)))?;
    Ok((Arc::new(producer), said))
}
