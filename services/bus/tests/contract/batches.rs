//! Ids, bounds, batches.

use wayside_bus::{BATCH_RECORDS_MAX, KEY_BYTES_MAX, Topic, VALUE_BYTES_MAX};

use super::{Bus, World, all, number, numbered};

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
    let numbers: Vec<u64> = all(&bus, Topic::Violations).iter().map(number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 4]);
    let third = bus.append(Topic::Violations, vec![numbered("s", 7, Some("y"))]).expect("counted");
    assert_eq!((third.stored, third.duplicates), (0, 1));
    assert_eq!(third.first, bus.end(Topic::Violations));
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
    assert_eq!(all(&bus, Topic::Citations).iter().map(number).collect::<Vec<_>>(), [1]);
}

pub fn what_breaks_a_bound_is_refused_whole(world: &impl World) {
    let bus = world.open();
    let good = numbered("k", 1, None);
    let mut bad = vec![numbered("", 2, None), numbered(&"k".repeat(KEY_BYTES_MAX + 1), 2, None)];
    bad.push(numbered("k", 2, Some("")));
    bad.push(numbered("k", 2, Some(&"i".repeat(wayside_bus::ID_BYTES_MAX + 1))));
    let mut large = numbered("k", 2, None);
    large.value = vec![0; VALUE_BYTES_MAX + 1];
    bad.push(large);
    for bad in bad {
        bus.append(Topic::Signals, vec![good.clone(), bad]).expect_err("refused");
    }
    let many = vec![good.clone(); BATCH_RECORDS_MAX + 1];
    bus.append(Topic::Signals, many).expect_err("refused");
    assert_eq!(all(&bus, Topic::Signals), []);
    let mut largest = good.clone();
    largest.value = vec![7; VALUE_BYTES_MAX];
    bus.append(Topic::Signals, vec![largest, good]).expect("the bound itself is allowed");
    assert_eq!(all(&bus, Topic::Signals).len(), 2);
}

pub fn an_empty_batch_is_nothing(world: &impl World) {
    let bus = world.open();
    let appended = bus.append(Topic::Signals, Vec::new()).expect("nothing to do");
    assert_eq!((appended.stored, appended.duplicates), (0, 0));
    assert_eq!(bus.begin(Topic::Signals), bus.end(Topic::Signals));
}

pub fn batches_of_many_writers_are_not_mixed(world: &impl World) {
    let bus = world.open();
    let threads: Vec<_> = (0..4_u64)
        .map(|writer| {
            let bus = bus.clone();
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
    let stored = all(&bus, Topic::Observations);
    assert_eq!(stored.len(), 400);
    for batch in stored.chunks(5) {
        assert!(batch.iter().all(|record| record.key == batch[0].key), "records stand together");
        assert!(batch.windows(2).all(|pair| number(&pair[0]) + 1 == number(&pair[1])));
    }
}
