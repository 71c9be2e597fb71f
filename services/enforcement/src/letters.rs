//! Records of outcomes and of what could not be read.

use wayside_bus::{Record, Stored, Topic};
use wayside_proto::convert::{self, Message};
use wayside_proto::{DeadLetter, EventTime, Outcome};

use crate::options::Options;

/// An outcome as a record; as a dead letter where it breaks the contract.
pub(crate) fn outcome(outcome: &Outcome, consumer: &str) -> (Topic, Record) {
    match outcome.to_bytes() {
        Ok(value) => {
            let (key, id) = (outcome.site.0.clone(), Some(outcome.id.0.clone()));
            (Topic::Violations, Record { key, time: outcome.event_time.0, id, value })
        }
        Err(error) => {
            let letter = DeadLetter {
                topic: Topic::Violations.name().to_owned(),
                partition: 0,
                offset: 0,
                key: outcome.site.0.clone(),
                time: outcome.event_time,
                id: Some(outcome.id.0.clone()),
                value: Vec::new(),
                value_bytes: 0,
                error: format!("an outcome of {} cannot be written: {error}", outcome.rule),
                consumer: consumer.to_owned(),
                requeued: false,
            };
            (Topic::DeadLetter, record(&letter, &outcome.id.0))
        }
    }
}

/// What is wrong with an event time that lies ahead of every clock.
pub(crate) fn ahead(time: EventTime, options: &Options) -> String {
    format!(
        "its time, {time}, lies more than {} s ahead of this machine's clock: the clock of the camera, \
         or of whoever wrote it, is wrong",
        options.ahead_s_max
    )
}

/// A record that could not be read. Whoever else cannot read it says the same under the same id.
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
    (Topic::DeadLetter, record(&letter, &format!("{}/{}", stored.partition, stored.offset)))
}

fn record(letter: &DeadLetter, id: &str) -> Record {
    // Every field is within its bounds; were one not, an empty letter still says from where.
    let value = letter.to_bytes().unwrap_or_default();
    let id = Some(format!("{}/{id}", letter.topic));
    Record { key: letter.topic.clone(), time: letter.time.0, id, value }
}
