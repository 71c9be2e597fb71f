//! Records of evidence, and of what could not be read.

use wayside_bus::{Offset, Record, Stored, Topic};
use wayside_proto::convert::{self, Message};
use wayside_proto::{DeadLetter, EventTime, Evidence};

use super::GROUP;

/// Evidence as a record; as a dead letter where it breaks the contract.
pub(super) fn evidence(evidence: &Evidence, offset: Offset) -> (Topic, Record) {
    let id = evidence.violation.0.clone();
    match evidence.to_bytes() {
        Ok(value) => {
            let key = format!("{}/{id}", evidence.site);
            (Topic::Evidence, Record { key, time: evidence.event_time.0, id: Some(id), value })
        }
        Err(error) => {
            let letter = DeadLetter {
                topic: Topic::Evidence.name().to_owned(),
                partition: 0,
                offset: offset.0,
                key: evidence.site.0.clone(),
                time: evidence.event_time,
                id: Some(id.clone()),
                value: Vec::new(),
                value_bytes: 0,
                error: format!("the evidence of violation {id} cannot be written: {error}"),
                consumer: GROUP.to_owned(),
                requeued: false,
            };
            (Topic::DeadLetter, record(&letter, &id))
        }
    }
}

/// A violation that could not be read. Whoever else cannot read it says the same under the same id.
pub(super) fn unreadable(stored: &Stored, error: String) -> (Topic, Record) {
    let kept = stored.value.len().min(convert::DEAD_LETTER_VALUE_BYTES_MAX);
    let letter = DeadLetter {
        topic: Topic::Violations.name().to_owned(),
        partition: stored.partition.0,
        offset: stored.offset.0,
        key: stored.key.clone(),
        time: EventTime(stored.time),
        id: stored.id.clone(),
        value: stored.value.get(..kept).unwrap_or_default().to_vec(),
        value_bytes: stored.value.len() as u64,
        error,
        consumer: GROUP.to_owned(),
        requeued: false,
    };
    (Topic::DeadLetter, record(&letter, &format!("{}/{}", stored.partition, stored.offset)))
}

fn record(letter: &DeadLetter, id: &str) -> Record {
    // Every field is within its bounds; were one not, an empty letter still says from where.
    let value = letter.to_bytes().unwrap_or_default();
    let id = Some(format!("{}/{id}", letter.topic));
    Record { key: letter.topic.clone(), time: letter.time.0, id, value }
}
