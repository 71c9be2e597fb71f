//! Reads spans of the bus for one request, within bounds.

use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Start, Stored, Topic};
use wayside_proto::{EventTime, SiteId};

/// Records stand in order of time only for one key: this much before is read, too, seconds.
const MARGIN_S: f64 = 30.0;
/// Other keys this much later end the reading, seconds.
const BEYOND_S: f64 = 60.0;
/// Records that are looked at, of all keys of a partition.
const LOOK_MAX: usize = 500_000;
/// Records read at once.
const RECORDS_MAX: usize = 5_000;
/// Bytes read at once.
const BYTES_MAX: usize = 8 << 20;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

/// Reads a site's partition of a topic over a span of event time, up to the end that it has now. `take` says
/// whether to go on.
///
/// # Errors
/// Where the bus cannot be read.
pub(crate) fn span(
    bus: &dyn Bus,
    topic: Topic,
    site: &SiteId,
    (from, to): (EventTime, EventTime),
    mut take: impl FnMut(Stored) -> bool,
) -> Result<(), BusError> {
    let partition = Partition::of(site.as_str(), bus.partitions(topic)?);
    let beyond = to.plus_s(BEYOND_S).0;
    each(bus, topic, partition, Start::Time(from.plus_s(-MARGIN_S).0), LOOK_MAX, |stored| {
        stored.time <= beyond && take(stored)
    })
    .map(|_| ())
}

/// Reads a partition from `start` to the end that it has now, at most so many records. Whether that was all,
/// or as much as `take` wanted.
///
/// # Errors
/// Where the bus cannot be read.
pub(crate) fn each(
    bus: &dyn Bus,
    topic: Topic,
    partition: Partition,
    start: Start,
    look_max: usize,
    mut take: impl FnMut(Stored) -> bool,
) -> Result<bool, BusError> {
    let mut reader = bus.read_from(topic, partition, start)?;
    let end = reader.end()?;
    let mut looked = 0;
    while reader.next() < end {
        if looked >= look_max {
            return Ok(false);
        }
        let records = reader.read(RECORDS_MAX.min(look_max - looked), BYTES_MAX, WAIT)?;
        if records.is_empty() && reader.next() < end {
            let (place, waited_ms) = (bus.place(), WAIT.as_millis() as u64);
            return Err(BusError::Silent { place, topic, partition, waited_ms });
        }
        looked += records.len();
        for stored in records {
            if stored.offset >= end || !take(stored) {
                return Ok(true);
            }
        }
    }
    Ok(true)
}
