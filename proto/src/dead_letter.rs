//! A record that a consumer could not read.

use crate::EventTime;

/// Where the record came from, its bytes, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Name of its topic.
    pub topic: String,
    /// The partition of the topic in which it stands, or stood.
    pub partition: u32,
    /// Its place in the partition.
    pub offset: u64,
    /// Its key.
    pub key: String,
    /// Its event time, as the bus has it.
    pub time: EventTime,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its bytes, at most [`crate::convert::DEAD_LETTER_VALUE_BYTES_MAX`]. None of a passage: an
    /// appearance embedding must not outlive its expiry in a letter (PV-2).
    pub value: Vec<u8>,
    /// How many bytes it has; more than `value` where it was cut.
    pub value_bytes: u64,
    /// What is wrong with it.
    pub error: String,
    /// Who could not read it.
    pub consumer: String,
    /// Whether this is the note that the record was put back into its topic.
    pub requeued: bool,
}

/// The topic whose records hold appearance embeddings.
const PASSAGES: &str = "wayside.passages.v1";

impl DeadLetter {
    /// Whether the record's bytes must not be kept or shown: those of a passage hold an appearance
    /// embedding, which expires within minutes (PV-2).
    #[must_use]
    pub fn is_perishable(&self) -> bool {
        self.topic == PASSAGES
    }
}
