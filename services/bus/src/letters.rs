//! Dead letters: what a consumer could not read, or could not say, kept for people.
//!
//! Whoever else cannot read a record says the same under the same id, so that each is kept once.

use wayside_proto::convert::{DEAD_LETTER_VALUE_BYTES_MAX, Message};
use wayside_proto::{DeadLetter, EventTime};

use crate::{Offset, Partition, Record, Stored, Topic};

/// The letter of a record of `topic` that `consumer` could not read, for [`Topic::DeadLetter`].
#[must_use]
pub fn unreadable(topic: Topic, stored: &Stored, error: String, consumer: &str) -> (Topic, Record) {
    let kept = stored.value.len().min(DEAD_LETTER_VALUE_BYTES_MAX);
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
    record(&letter, &format!("{}/{}", stored.partition, stored.offset))
}

/// The letter of a record with this `id` that `consumer` would have appended to `topic` and that breaks its own
/// contract. `at` is where the record that it came of was read, where that is known.
#[must_use]
pub fn unwritable(
    topic: Topic,
    (key, id, time): (&str, &str, EventTime),
    at: Option<(Partition, Offset)>,
    error: String,
    consumer: &str,
) -> (Topic, Record) {
    let (partition, offset) = at.unwrap_or((Partition(0), Offset(0)));
    let letter = DeadLetter {
        topic: topic.name().to_owned(),
        partition: partition.0,
        offset: offset.0,
        key: key.to_owned(),
        time,
        id: Some(id.to_owned()),
        value: Vec::new(),
        value_bytes: 0,
        error,
        consumer: consumer.to_owned(),
        requeued: false,
    };
    record(&letter, id)
}

fn record(letter: &DeadLetter, id: &str) -> (Topic, Record) {
    // Every field is within its bounds; were one not, an empty letter still says from where.
    let value = letter.to_bytes().unwrap_or_default();
    let id = Some(format!("{}/{id}", letter.topic));
    (Topic::DeadLetter, Record { key: letter.topic.clone(), time: letter.time.0, id, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_from_where_and_keeps_what_fits() {
        let stored = Stored {
            partition: Partition(3),
            offset: Offset(41),
            key: "junction/north".to_owned(),
            time: 1_780_297_200_000_000,
            id: None,
            value: vec![7; DEAD_LETTER_VALUE_BYTES_MAX + 10],
        };
        let one = unreadable(Topic::Observations, &stored, "no message".to_owned(), "enforce");
        let (topic, record) = &one;
        assert_eq!(*topic, Topic::DeadLetter);
        assert_eq!(record.id.as_deref(), Some("wayside.observations.v1/3/41"));
        let letter = DeadLetter::from_bytes(&record.value).expect("a letter");
        assert_eq!(
            (letter.partition, letter.offset, letter.value.len()),
            (3, 41, DEAD_LETTER_VALUE_BYTES_MAX)
        );
        assert_eq!(letter.value_bytes, DEAD_LETTER_VALUE_BYTES_MAX as u64 + 10);
        let other = unreadable(Topic::Observations, &stored, "no message".to_owned(), "enforce");
        assert_eq!(one, other, "the same from whoever cannot read it");
        let time = EventTime(stored.time);
        let unsaid = unwritable(
            Topic::Violations,
            ("junction", "0123", time),
            None,
            "an outcome of red_light cannot be written".to_owned(),
            "enforce",
        );
        assert_eq!(unsaid.1.id.as_deref(), Some("wayside.violations.v1/0123"));
        assert_eq!((unsaid.1.key.as_str(), unsaid.1.time), ("wayside.violations.v1", time.0));
    }
}
