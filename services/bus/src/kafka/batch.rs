//! A batch of appends on its way, and what the brokers said to it.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;
use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::Message;
use rdkafka::producer::{DeliveryResult, ProducerContext};

use crate::error::BusError;
use crate::kafka::fault::{KafkaFault, fault};
use crate::kafka::gate::Gate;
use crate::kafka::ids::Ids;
use crate::kafka::said::Said;
use crate::partition::Partition;
use crate::record::{Appended, Offset};
use crate::topic::Topic;

/// Counts down to its last record, then tells whoever waits.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) place: String,
    pub(super) topic: Topic,
    pub(super) records: usize,
    pub(super) bytes: usize,
    pub(super) duplicates: u64,
    pub(super) delivery_timeout_ms: u64,
    pub(super) gate: Arc<Gate>,
    pub(super) ids: Arc<Ids>,
    /// Ids that count as stored, unless the batch fails.
    pub(super) claimed: Vec<(Partition, String)>,
    pub(super) reply: Sender<Result<Appended, BusError>>,
    pub(super) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) done: usize,
    first: Option<u64>,
    stored: u64,
    error: Option<BusError>,
}

impl Batch {
    /// One record is decided: its offset, or the error.
    pub(super) fn decided(&self, outcome: Result<u64, BusError>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done += 1;
        match outcome {
            Ok(offset) => {
                state.stored += 1;
                state.first = Some(state.first.map_or(offset, |first| first.min(offset)));
            }
            Err(error) => {
                state.error.get_or_insert(error);
            }
        }
        if state.done < self.records {
            return;
        }
        self.gate.leave(self.records, self.bytes);
        let result = match state.error.take() {
            None => Ok(Appended {
                first: Offset(state.first.unwrap_or(0)),
                stored: state.stored,
                duplicates: self.duplicates,
            }),
            Some(error) => {
                self.ids.disclaim(self.topic, &self.claimed);
                Err(error)
            }
        };
        // Nobody listens where the caller did not wait.
        let _ = self.reply.send(result);
    }

    fn fault(&self, error: &KafkaError, bytes: usize, said: &Said) -> BusError {
        if error.rdkafka_error_code().is_some_and(is_too_large) {
            return KafkaFault::TooLarge { place: self.place.clone(), topic: self.topic, bytes }
                .into();
        }
        let doing = format!("storing records of {}", self.topic);
        fault(&self.place, &doing, error, self.delivery_timeout_ms, said.newest()).into()
    }
}

pub(super) fn is_too_large(code: Code) -> bool {
    matches!(
        code,
        Code::MessageSizeTooLarge | Code::MessageBatchTooLarge | Code::InvalidMessageSize
    )
}

/// What the producer of plain appends tells.
#[derive(Debug)]
pub(super) struct Deliveries(pub(super) Arc<Said>);

impl ClientContext for Deliveries {
    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(code) = error.rdkafka_error_code() {
            self.0.hear(code, reason);
        }
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Arc<Batch>;

    fn delivery(&self, result: &DeliveryResult<'_>, batch: Arc<Batch>) {
        batch.decided(match result {
            Ok(message) => Ok(u64::try_from(message.offset()).unwrap_or(0)),
            Err((error, message)) => {
                if error.rdkafka_error_code() == Some(Code::Fatal) {
                    self.0.hear(Code::Fatal, "");
                }
                let bytes = message.payload_len() + message.key_len();
                Err(batch.fault(error, bytes, &self.0))
            }
        });
    }
}
