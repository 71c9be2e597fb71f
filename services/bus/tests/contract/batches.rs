//! Ids, bounds, batches, back-pressure.

use std::sync::Arc;

use wayside_bus::{
    BATCH_RECORDS_MAX, BusError, KEY_BYTES_MAX, KafkaFault, Record, Topic, VALUE_BYTES_MAX,
};

use super::{World, all, number, numbered, numbers};

pub fn a_second_record_with_an_id_is_counted(world: &impl World) {
    let bus = world.open();
    let first = bus
        .append(Topic::Violations, vec![numbered("s", 1, Some("x")), numbered("s", 2, Some("y"))])
        .expect("stored");
    assert_eq!((first.stored, first.duplicates), (2, 0));
    // Another value does not replace the first; neither does a twin in the same batch.
    let batch = vec![
        numbered("s", 9, Some("x")),
        numbered("s", 3, Some("z")),
        numbered("s", 8, Some("z")),
        numbered("s", 4, None),
        numbered("s", 4, None),
    ];
    let second = bus.append(Topic::Violations, batch).expect("stored");
    assert_eq!((second.stored, second.duplicates), (3, 2));
    assert_eq!(numbers(&all(&*bus, Topic::Violations)), [1, 2, 3, 4, 4]);
    let third = bus.append(Topic::Violations, vec![numbered("s", 7, Some("y"))]).expect("counted");
    assert_eq!((third.stored, third.duplicates), (0, 1));
}

pub fn an_id_is_unique_in_its_topic_only(world: &impl World) {
    let bus = world.open();
    for topic in Topic::ALL {
        let appended = bus.append(topic, vec![numbered("s", 1, Some("x"))]).expect("stored");
        assert_eq!(appended.stored, 1, "{topic}");
    }
}

pub fn an_id_is_remembered_after_closing(world: &impl World) {
    let bus = world.open();
    bus.append(Topic::Citations, vec![numbered("v", 1, Some("x"))]).expect("stored");
    drop(bus);
    let bus = world.open();
    let again = bus.append(Topic::Citations, vec![numbered("v", 2, Some("x"))]).expect("counted");
    assert_eq!((again.stored, again.duplicates), (0, 1));
    assert_eq!(numbers(&all(&*bus, Topic::Citations)), [1]);
}

pub fn what_breaks_a_bound_is_refused_whole(world: &impl World) {
    let bus = world.open();
    let good = numbered("k", 1, None);
    let mut bad = vec![numbered("", 2, None), numbered(&"k".repeat(KEY_BYTES_MAX + 1), 2, None)];
    bad.push(numbered("k", 2, Some("")));
    bad.push(numbered("k", 2, Some(&"i".repeat(wayside_bus::ID_BYTES_MAX + 1))));
    bad.push(Record { value: vec![0; VALUE_BYTES_MAX + 1], ..numbered("k", 2, None) });
    for bad in bad {
        bus.append(Topic::Signals, vec![good.clone(), bad]).expect_err("refused");
    }
    let many = vec![good.clone(); BATCH_RECORDS_MAX + 1];
    bus.append(Topic::Signals, many).expect_err("refused");
    bus.append(Topic::Signals, vec![good]).expect("the next is taken");
    assert_eq!(numbers(&all(&*bus, Topic::Signals)), [1]);
}

pub fn the_largest_record_goes_through(world: &impl World) {
    let bus = world.open();
    // Bytes that no compression makes small.
    let mut chance = crate::common::Chance(7);
    let value: Vec<u8> =
        (0..VALUE_BYTES_MAX / 8).flat_map(|_| chance.next().to_le_bytes()).collect();
    let largest = Record { value, ..numbered("k", 2, None) };
    let batch = vec![numbered("k", 1, None), largest.clone(), numbered("k", 3, None)];
    bus.append(Topic::Signals, batch).expect("the bound itself is allowed");
    let stored = all(&*bus, Topic::Signals);
    assert_eq!(stored.len(), 3);
    assert!(stored[1].value == largest.value, "as it was");
    assert_eq!([number(&stored[0]), number(&stored[2])], [1, 3]);
}

pub fn an_empty_batch_is_nothing(world: &impl World) {
    let bus = world.open();
    let appended = bus.append(Topic::Signals, Vec::new()).expect("nothing to do");
    assert_eq!((appended.stored, appended.duplicates), (0, 0));
    assert_eq!(all(&*bus, Topic::Signals), []);
    bus.flush().expect("nothing waits");
}

pub fn writers_keep_their_order(world: &impl World) {
    let bus = world.open();
    let threads: Vec<_> = (0..4_u64)
        .map(|writer| {
            let bus = Arc::clone(&bus);
            std::thread::spawn(move || {
                for batch in 0..20_u64 {
                    let key = format!("w{writer}");
                    let numbers = (0..5).map(|n| batch * 5 + n);
                    let records = numbers.map(|n| numbered(&key, n, None)).collect();
                    bus.append(Topic::Observations, records).expect("stored");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("a writer");
    }
    let stored = all(&*bus, Topic::Observations);
    for writer in 0..4 {
        let own = stored.iter().filter(|record| record.key == format!("w{writer}"));
        assert_eq!(numbers(own), (0..100).collect::<Vec<_>>());
    }
}

pub fn a_full_queue_loses_nothing(world: &impl World) {
    let bus = world.open_impatient();
    // More than the queue takes; no disk is as fast.
    let record = |n| Record { value: vec![1; 7_000_000], ..numbered("k", n, None) };
    let results: Vec<_> =
        (0..40).map(|n| bus.append_later(Topic::Observations, vec![record(n)])).collect();
    let (mut taken, mut refused) = (Vec::new(), 0);
    for (number, result) in results.into_iter().enumerate() {
        match result {
            Ok(pending) => {
                pending.wait().expect("what was taken is stored");
                taken.push(number as i64);
            }
            Err(BusError::Full { .. } | BusError::Kafka(KafkaFault::Full { .. })) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(refused > 0, "there was always room");
    bus.flush().expect("stored");
    let stored: Vec<i64> = all(&*bus, Topic::Observations).iter().map(|r| r.time).collect();
    assert_eq!(stored, taken, "what was taken is there once and in order, nothing else is");
    bus.append(Topic::Observations, vec![numbered("k", 1, None)]).expect("it goes on");
}
