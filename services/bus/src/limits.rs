//! Bounds, and the checks that keep them. Nothing that breaks one reaches the writer.

use crate::error::BusError;
use crate::record::{Position, Record};
use crate::topic::Topic;

/// Bytes of a value: twice what a message may have.
pub const VALUE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of a key.
pub const KEY_BYTES_MAX: usize = 256;
/// Bytes of an id: site, camera, run and a number fit.
pub const ID_BYTES_MAX: usize = 512;
/// Bytes of a consumer's name.
pub const CONSUMER_BYTES_MAX: usize = 128;
/// Positions that are kept, over all topics.
pub const CONSUMERS_MAX: usize = 1_000;
/// Partitions of a topic.
pub const PARTITIONS_MAX: u32 = 1_000;
/// Records of one batch, or of one commit.
pub const BATCH_RECORDS_MAX: usize = 10_000;
/// Bytes of one batch, or of one commit.
pub const BATCH_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Records of one read.
pub const READ_RECORDS_MAX: usize = 10_000;
/// Bytes of one read. A single record that is larger is read nevertheless.
pub const READ_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What a record counts beside key, id and value: about what its row needs.
pub const RECORD_BYTES: usize = 48;

/// Checks the records of one batch. Returns their bytes.
pub(crate) fn check<'a>(
    records: impl ExactSizeIterator<Item = (Topic, &'a Record)>,
) -> Result<usize, BusError> {
    if records.len() > BATCH_RECORDS_MAX {
        let (found, max) = (records.len(), BATCH_RECORDS_MAX);
        return Err(BusError::Batch { what: "records", found, max });
    }
    let mut bytes = 0_usize;
    for (topic, record) in records {
        check_record(topic, record)?;
        bytes = bytes.saturating_add(record.bytes());
    }
    if bytes > BATCH_BYTES_MAX {
        return Err(BusError::Batch { what: "bytes", found: bytes, max: BATCH_BYTES_MAX });
    }
    Ok(bytes)
}

fn check_record(topic: Topic, record: &Record) -> Result<(), BusError> {
    let key = || record.key.chars().take(60).collect::<String>();
    let wrong =
        |what, found, min, max| BusError::Record { topic, key: key(), what, found, min, max };
    let id = record.id.as_ref().map_or(1, String::len);
    if !(1..=KEY_BYTES_MAX).contains(&record.key.len()) {
        return Err(wrong("key", record.key.len(), 1, KEY_BYTES_MAX));
    }
    if !(1..=ID_BYTES_MAX).contains(&id) {
        return Err(wrong("id", id, 1, ID_BYTES_MAX));
    }
    if record.value.len() > VALUE_BYTES_MAX {
        return Err(wrong("value", record.value.len(), 0, VALUE_BYTES_MAX));
    }
    Ok(())
}

/// Checks the name of a consumer, and its position where there is one.
pub(crate) fn check_consumer(name: &str, position: Option<Position>) -> Result<(), BusError> {
    let printable = !name.chars().any(char::is_control);
    if name.is_empty() || name.len() > CONSUMER_BYTES_MAX || !printable {
        let name = name.chars().take(60).collect::<String>();
        return Err(BusError::ConsumerName { name, max: CONSUMER_BYTES_MAX });
    }
    match position {
        Some(Position { next, rewind }) if rewind > next => {
            Err(BusError::Rewind { consumer: name.to_owned(), next, rewind })
        }
        _ => Ok(()),
    }
}
