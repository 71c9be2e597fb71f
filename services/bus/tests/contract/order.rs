//! Order, reading, waiting.

use std::sync::Arc;
use std::time::Duration;

use wayside_bus::{Start, Topic};

use super::{PATIENCE, World, all, all_of, drain, home, number, numbered, numbers};

pub fn records_of_a_key_keep_their_order(world: &impl World) {
    let bus = world.open();
    let mut pending = Vec::new();
    for number in 0..300_u64 {
        let key = ["a/1", "b/1", "c/1"][(number % 3) as usize];
        let record = vec![numbered(key, number, None)];
        pending.push(bus.append_later(Topic::Observations, record).expect("room"));
    }
    pending.into_iter().for_each(|pending| {
        pending.wait().expect("stored");
    });
    let stored = all(&*bus, Topic::Observations);
    assert_eq!(stored.len(), 300);
    for key in ["a/1", "b/1", "c/1"] {
        let of_key: Vec<_> = stored.iter().filter(|s| s.key == key).collect();
        assert_eq!(of_key.len(), 100);
        let partition = home(&*bus, Topic::Observations, key);
        assert!(of_key.iter().all(|record| record.partition == partition));
        assert!(of_key.windows(2).all(|w| number(w[0]) < number(w[1])));
        assert!(of_key.windows(2).all(|w| w[0].offset < w[1].offset));
    }
}

pub fn what_is_read_begins_where_it_was_asked(world: &impl World) {
    let bus = world.open();
    let partition = home(&*bus, Topic::Signals, "a");
    let batch = (0..10).map(|n| numbered("a", n, None)).collect();
    let appended = bus.append(Topic::Signals, batch).expect("stored");
    assert_eq!(appended.stored, 10);
    let stored = all_of(&*bus, Topic::Signals, partition);
    assert_eq!(stored[0].offset, appended.first);
    for (index, record) in stored.iter().enumerate().step_by(4) {
        let start = Start::At(record.offset);
        let mut reader = bus.read_from(Topic::Signals, partition, start).expect("a reader");
        assert_eq!(reader.next(), record.offset);
        let mut read = Vec::new();
        while read.len() < 10 - index {
            read.extend(reader.read(3, usize::MAX, PATIENCE).expect("records"));
        }
        assert_eq!(read, stored[index..]);
        // One byte is too little for any record: one comes nevertheless.
        let mut reader = bus.read_from(Topic::Signals, partition, start).expect("a reader");
        assert_eq!(reader.read(3, 1, PATIENCE).expect("a record").len(), 1);
        assert_eq!(reader.next(), record.offset.next());
    }
}

pub fn topics_are_apart(world: &impl World) {
    let bus = world.open();
    for (place, topic) in Topic::ALL.into_iter().enumerate() {
        bus.append(topic, vec![numbered("key", place as u64, None)]).expect("stored");
    }
    for (place, topic) in Topic::ALL.into_iter().enumerate() {
        let partition = home(&*bus, topic, "key");
        assert_eq!(numbers(&all_of(&*bus, topic, partition)), [place as u64]);
    }
}

pub fn what_is_stored_survives_closing(world: &impl World) {
    let before = {
        let bus = world.open();
        let id = |n: u64| format!("id-{n}");
        let batch = (0..50).map(|n| numbered("k", n, Some(&id(n)))).collect();
        bus.append(Topic::Evidence, batch).expect("stored");
        all(&*bus, Topic::Evidence)
    };
    assert_eq!((before.len(), before[7].id.as_deref(), before[7].time), (50, Some("id-7"), 7));
    let bus = world.open();
    assert_eq!(all(&*bus, Topic::Evidence), before);
    let next = bus.append(Topic::Evidence, vec![numbered("k", 50, None)]).expect("stored");
    assert!(next.first > before[49].offset, "an offset is never used twice");
}

pub fn waiting_ends_with_a_record(world: &impl World) {
    let bus = world.open();
    let partition = home(&*bus, Topic::Health, "k");
    let mut reader = bus.read_from(Topic::Health, partition, Start::End).expect("a reader");
    assert_eq!(reader.read(9, usize::MAX, Duration::from_millis(100)).expect("nothing"), []);
    let writer = Arc::clone(&bus);
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        // A record of another topic wakes nobody who waits for this one.
        writer.append(Topic::Signs, vec![numbered("k", 0, None)]).expect("stored");
        writer.append(Topic::Health, vec![numbered("k", 1, None)]).expect("stored");
    });
    assert_eq!(numbers(&reader.read(9, usize::MAX, PATIENCE).expect("a record")), [1]);
    thread.join().expect("the writer");
    assert_eq!(drain(&mut *reader), []);
}
