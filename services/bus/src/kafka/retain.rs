//! Deletes what is too old. Kafka cuts a partition at an offset; which one follows from the event times.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode as Code;

use crate::bus::{Reader as _, Start};
use crate::error::BusError;
use crate::kafka::block::block_on;
use crate::kafka::message::bytes;
use crate::kafka::reader::KafkaReader;
use crate::kafka::shared::{Shared, number, raw};
use crate::limits::READ_RECORDS_MAX;
use crate::partition::Partition;
use crate::record::Deleted;
use crate::topic::Topic;

const WAIT: Duration = Duration::from_secs(5);
const READ_BYTES: usize = 8 * 1024 * 1024;

/// Reads from the beginning to the first record that stays, then cuts there. What has gone is counted record
/// by record, so a receipt is exact. The brokers take it off their disks when the segment ends, which the
/// topic's `segment.ms` bounds.
pub(super) fn delete_before(
    shared: &Shared,
    topic: Topic,
    partition: Partition,
    before_time: i64,
) -> Result<Deleted, BusError> {
    let mut reader = KafkaReader::open(shared, topic, partition, Start::Begin)?;
    let (from, end) = (reader.next(), reader.end()?);
    let mut deleted = Deleted::default();
    let mut cut = from;
    'partition: while reader.next() < end {
        let records = reader.read(READ_RECORDS_MAX, READ_BYTES, WAIT)?;
        if records.is_empty() {
            // The rest is not committed yet, or the end.
            break;
        }
        for record in &records {
            if record.time >= before_time || record.offset >= end {
                break 'partition;
            }
            cut = record.offset.next();
            deleted.records += 1;
            deleted.bytes += bytes(record) as u64;
        }
    }
    if deleted.records == 0 {
        return Ok(Deleted::default());
    }
    let name = shared.name(topic);
    let doing = format!("deleting records of partition {partition} of {topic}");
    let failed = |error: KafkaError| shared.error(&doing, &error, shared.options.request_timeout);
    let admin: AdminClient<DefaultClientContext> =
        shared.options.asking().create().map_err(failed)?;
    let mut list = rdkafka::TopicPartitionList::new();
    list.add_partition_offset(&name, number(partition), raw(cut)).map_err(failed)?;
    let timeout = shared.options.request_timeout;
    let options =
        AdminOptions::new().request_timeout(Some(timeout)).operation_timeout(Some(timeout));
    let done = block_on(admin.delete_records(&list, &options)).map_err(failed)?;
    match done.find_partition(&name, number(partition)).map(|element| element.error()) {
        Some(Err(error)) => Err(failed(error)),
        Some(Ok(())) => Ok(deleted),
        None => Err(failed(KafkaError::AdminOp(Code::UnknownPartition))),
    }
}
