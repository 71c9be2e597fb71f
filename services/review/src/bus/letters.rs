//! What could not be read off the bus, as a dead letter. Whoever else cannot read it says the same under
//! the same id.

use wayside_bus::{Record, Stored, Topic};
use wayside_proto::convert::{self, Message};
use wayside_proto::{DeadLetter, EventTime};

/// The dead letter of a record.
pub(crate) fn unreadable(
    topic: Topic,
    stored: &Stored,
    error: String,
    consumer: &str,
) -> (Topic, Record) {
    let kept = stored.value.len().min(convert::DEAD_LETTER_VALUE_BYTES_MAX);
    let letter = DeadLetter {
        topic: topic.name().to_owned(),
        partition: stored.partition.0,
        offset: stored.offset.0,
        key: stored.key.clone(),
        time: EventTime(stored.time),
        id: stored.id.clone(),
        value: stored.value.get(..kept).unwrap_or_default().to_vec(),
        value_bytes: stored.value.len() as u64,
        error,
        consumer: consumer.to_owned(),
        requeued: false,
    };
    // Every field is within its bounds; were one not, an empty letter still says from where.
    let value = letter.to_bytes().unwrap_or_default();
    let id = Some(format!("{}/{}/{}", letter.topic, stored.partition, stored.offset));
    (Topic::DeadLetter, Record { key: letter.topic, time: stored.time, id, value })
}
