//! How a record looks as a Kafka message, and back.
//!
//! Key and value are the record's own bytes. The event time and the id are headers. The timestamp of the
//! message is when it was written: Kafka's retention goes by it, and footage of last year, or a camera whose
//! clock is a year ahead, must not make it delete at once or never.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rdkafka::message::{BorrowedMessage, Header, Headers, Message, OwnedHeaders};

use crate::partition::Partition;
use crate::record::{Offset, Record, Stored};

/// Header with the event time, microseconds, as decimal digits.
pub(super) const TIME: &str = "wayside-time-us";
/// Header with the id.
pub(super) const ID: &str = "wayside-id";

pub(super) fn headers(record: &Record) -> OwnedHeaders {
    let time = record.time.to_string();
    let headers =
        OwnedHeaders::new_with_capacity(2).insert(Header { key: TIME, value: Some(&time) });
    match &record.id {
        Some(id) => headers.insert(Header { key: ID, value: Some(id) }),
        None => headers,
    }
}

/// The record of a message, whoever wrote it: one that is not Wayside's has no id, and the time of its
/// writing.
pub(super) fn stored(message: &BorrowedMessage<'_>) -> Stored {
    let (mut time, mut id) = (None, None);
    // A header whose name is no text makes rdkafka panic.
    let read = catch_unwind(AssertUnwindSafe(|| {
        for header in message.headers().into_iter().flat_map(Headers::iter) {
            let text = header.value.and_then(|value| std::str::from_utf8(value).ok());
            match header.key {
                TIME => time = text.and_then(|text| text.parse::<i64>().ok()),
                ID => id = text.filter(|text| !text.is_empty()).map(str::to_owned),
                _ => {}
            }
        }
    }));
    if read.is_err() {
        (time, id) = (None, None);
    }
    let written = || message.timestamp().to_millis().unwrap_or(0).saturating_mul(1_000);
    Stored {
        partition: Partition(u32::try_from(message.partition()).unwrap_or(0)),
        offset: Offset(u64::try_from(message.offset()).unwrap_or(0)),
        key: String::from_utf8_lossy(message.key().unwrap_or_default()).into_owned(),
        time: time.unwrap_or_else(written),
        id,
        value: message.payload().unwrap_or_default().to_vec(),
    }
}

/// What a stored record counts against bounds.
pub(super) fn bytes(stored: &Stored) -> usize {
    let id = stored.id.as_ref().map_or(0, String::len);
    crate::limits::RECORD_BYTES + stored.key.len() + id + stored.value.len()
}
