//! A record that a consumer could not read.

use crate::EventTime;

/// Where the record came from, its bytes, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Name of its topic.
    pub topic: String,
    /// Its place in the topic.
    pub offset: u64,
    /// Its key.
    pub key: String,
    /// Its event time, as the bus has it.
    pub time: EventTime,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its bytes, at most [`crate::convert::DEAD_LETTER_VALUE_BYTES_MAX`].
    pub value: Vec<u8>,
    /// How many bytes it has; more than `value` where it was cut.
    pub value_bytes: u64,
    /// What is wrong with it.
    pub error: String,
    /// Who could not read it.
    pub consumer: String,
}
