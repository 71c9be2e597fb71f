//! Readers without a group, and what is deleted.

use std::time::Duration;

use wayside_bus::{Bus, BusError, Offset, Partition, Start, Stored, Topic};

use super::{PATIENCE, Worker, World, all, all_of, at, drain, home, numbered, numbers};

const TOPIC: Topic = Topic::Passages;

fn filled(bus: &dyn Bus, count: u64) -> (Partition, Vec<Stored>) {
    bus.append(TOPIC, (0..count).map(|n| numbered("s", n, None)).collect()).expect("stored");
    let partition = home(bus, TOPIC, "s");
    (partition, all_of(bus, TOPIC, partition))
}

pub fn a_reader_finds_its_start(world: &impl World) {
    let bus = world.open();
    let (partition, stored) = filled(&*bus, 6);
    let read = |start| {
        let mut reader = bus.read_from(TOPIC, partition, start).expect("a reader");
        numbers(&drain(&mut *reader))
    };
    assert_eq!(read(Start::Begin), [0, 1, 2, 3, 4, 5]);
    assert_eq!(read(Start::At(stored[4].offset)), [4, 5]);
    assert_eq!(read(Start::At(Offset(0))), [0, 1, 2, 3, 4, 5]);
    let mut reader = bus.read_from(TOPIC, partition, Start::End).expect("a reader");
    assert_eq!(drain(&mut *reader), []);
    bus.append(TOPIC, vec![numbered("s", 6, None)]).expect("stored");
    assert_eq!(numbers(&reader.read(9, usize::MAX, PATIENCE).expect("a record")), [6]);
}

pub fn a_time_is_found(world: &impl World) {
    let bus = world.open();
    let (partition, _) = filled(&*bus, 6);
    let read = |time| {
        let mut reader = bus.read_from(TOPIC, partition, Start::Time(time)).expect("a reader");
        numbers(&drain(&mut *reader))
    };
    assert_eq!(read(-5), [0, 1, 2, 3, 4, 5]);
    assert_eq!(read(3), [3, 4, 5]);
    assert_eq!(read(i64::MAX / 2), [0_u64; 0]);
}

/// The end of what consumers have committed is reached, whatever else is stored beside the records.
pub fn a_reader_comes_to_the_end(world: &impl World) {
    let bus = world.open();
    let (_, stored) = filled(&*bus, 3);
    let out = Topic::TravelTimes;
    let partition = home(&*bus, out, "s");
    let mut worker = Worker::join(&*bus, "sections", TOPIC);
    worker.take(3);
    let mut reader = bus.read_from(out, partition, Start::Begin).expect("a reader");
    for (number, record) in stored.iter().enumerate() {
        let outputs = vec![(out, numbered("s", number as u64, None))];
        let positions = [(record.partition, at(record.offset.next()))];
        worker.consumer.commit(&positions, outputs).expect("stored");
        // Twice: the second time there is nothing but the end.
        assert_eq!(numbers(&drain(&mut *reader)), [number as u64]);
        assert_eq!(drain(&mut *reader), []);
    }
    let begin = std::time::Instant::now();
    let quick = Duration::from_millis(50);
    assert_eq!(reader.read(9, usize::MAX, quick).expect("nothing"), []);
    assert!(begin.elapsed() < PATIENCE, "a read ends, and waits for no record");
}

pub fn old_records_are_deleted(world: &impl World) {
    let bus = world.open();
    let (partition, stored) = filled(&*bus, 10);
    // A consumer that has handled none of them does not hold them.
    let mut worker = Worker::join(&*bus, "sections", TOPIC);
    worker.take(10);
    let nothing = bus.delete_before(TOPIC, partition, 0).expect("nothing to do");
    assert_eq!(nothing.records, 0);
    let deleted = bus.delete_before(TOPIC, partition, 4).expect("deleted");
    assert_eq!(deleted.records, 4);
    assert_eq!(numbers(&all(&*bus, TOPIC)), (4..10).collect::<Vec<_>>());
    let mut reader =
        bus.read_from(TOPIC, partition, Start::At(stored[1].offset)).expect("a reader");
    assert_eq!(numbers(&drain(&mut *reader)), (4..10).collect::<Vec<_>>());
    drop(worker);
    // One that stood there goes on with what is left.
    let mut worker = Worker::join(&*bus, "sections", TOPIC);
    assert_eq!(numbers(&worker.take(6)), (4..10).collect::<Vec<_>>());
    let all_gone = bus.delete_before(TOPIC, partition, 99).expect("deleted");
    assert_eq!((all_gone.records, all(&*bus, TOPIC).len()), (6, 0));
    let next = bus.append(TOPIC, vec![numbered("s", 100, None)]).expect("stored").first;
    assert!(next > stored[9].offset, "an offset is never used twice");
    assert_eq!(numbers(&all(&*bus, TOPIC)), [100]);
}

pub fn there_are_no_other_partitions(world: &impl World) {
    let bus = world.open();
    let partitions = bus.partitions(TOPIC).expect("a topic");
    let beyond = Partition(partitions);
    let error = bus.read_from(TOPIC, beyond, Start::Begin).err().expect("no such partition");
    assert!(matches!(error, BusError::NoPartition { .. }), "{error}");
    let error = bus.delete_before(TOPIC, beyond, 0).expect_err("no such partition");
    assert!(matches!(error, BusError::NoPartition { .. }), "{error}");
}
