//! What stands on a bus.

use std::time::Duration;

use wayside_bus::{Bus, Offset, Partition, Start, Stored, Topic};

use crate::comes;

/// Longest that an open transaction of a process that was killed hides what comes after it: until it
/// times out, and until the broker looks.
const HIDDEN: Duration = Duration::from_secs(300);

/// Every committed record of a topic. Nothing may be under way any more.
#[track_caller]
pub fn records(bus: &dyn Bus, topic: Topic) -> Vec<Stored> {
    let mut all = Vec::new();
    for partition in (0..bus.partitions(topic).unwrap()).map(Partition) {
        let mut reader = bus.read_from(topic, partition, Start::Begin).unwrap();
        let mut end = Offset(0);
        let whole = comes(HIDDEN, || {
            end = reader.end().unwrap();
            // Where what is written ends, committed or not.
            let written = bus.read_from(topic, partition, Start::Time(i64::MAX)).unwrap().next();
            end >= written
        });
        assert!(whole, "a transaction on partition {partition} of {topic} stays open");
        while reader.next() < end {
            let read = reader.read(1_000, 16 << 20, HIDDEN).unwrap();
            assert!(!read.is_empty() || reader.next() >= end, "{topic} is silent before its end");
            all.extend(read);
        }
    }
    all
}
