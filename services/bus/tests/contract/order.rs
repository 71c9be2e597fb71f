//! Order, reading, waiting.

use std::time::Duration;

use wayside_bus::{Offset, Topic};

use super::{Bus, World, all, number, numbered};

pub fn records_of_a_key_keep_their_order(world: &impl World) {
    let bus = world.open();
    for number in 0..300_u64 {
        let key = ["a", "b", "c"][(number % 3) as usize];
        bus.append(Topic::Observations, vec![numbered(key, number, None)]).expect("stored");
    }
    let stored = all(&bus, Topic::Observations);
    for key in ["a", "b", "c"] {
        let of_key: Vec<_> = stored.iter().filter(|s| s.key == key).collect();
        assert_eq!(of_key.len(), 100);
        assert!(of_key.windows(2).all(|w| number(w[0]) < number(w[1])));
        assert!(of_key.windows(2).all(|w| w[0].offset < w[1].offset));
    }
}

pub fn what_is_read_begins_where_it_was_asked(world: &impl World) {
    let bus = world.open();
    let batch = (0..10).map(|n| numbered("a", n, None)).collect();
    let appended = bus.append(Topic::Signals, batch).expect("stored");
    assert_eq!((appended.first, appended.stored), (bus.begin(Topic::Signals), 10));
    let stored = all(&bus, Topic::Signals);
    for (index, record) in stored.iter().enumerate() {
        let from_here = bus.read(Topic::Signals, record.offset, 3).expect("records");
        assert_eq!(from_here, stored[index..(index + 3).min(10)]);
    }
    assert_eq!(bus.read(Topic::Signals, bus.end(Topic::Signals), 3).expect("nothing"), []);
    assert_eq!(bus.read(Topic::Signals, Offset(u64::MAX), 3).expect("nothing"), []);
    assert_eq!(bus.read(Topic::Signals, Offset(0), 0).expect("nothing"), []);
}

pub fn topics_are_apart(world: &impl World) {
    let bus = world.open();
    for (place, topic) in Topic::ALL.into_iter().enumerate() {
        bus.append(topic, vec![numbered("key", place as u64, None)]).expect("stored");
    }
    for (place, topic) in Topic::ALL.into_iter().enumerate() {
        let stored = all(&bus, topic);
        assert_eq!(stored.iter().map(number).collect::<Vec<_>>(), [place as u64]);
    }
}

pub fn what_is_stored_survives_closing(world: &impl World) {
    let before = {
        let bus = world.open();
        let id = |n: u64| format!("id-{n}");
        let batch = (0..50).map(|n| numbered("k", n, Some(&id(n)))).collect();
        bus.append(Topic::Evidence, batch).expect("stored");
        (all(&bus, Topic::Evidence), bus.begin(Topic::Evidence), bus.end(Topic::Evidence))
    };
    let bus = world.open();
    let end = bus.end(Topic::Evidence);
    assert_eq!((all(&bus, Topic::Evidence), bus.begin(Topic::Evidence), end), before);
    let next = bus.append(Topic::Evidence, vec![numbered("k", 50, None)]).expect("stored");
    assert!(next.first >= end, "an offset is never used twice");
}

pub fn waiting_ends_with_a_record(world: &impl World) {
    let bus = world.open();
    let from = bus.end(Topic::Health);
    assert!(!bus.wait(Topic::Health, from, Duration::from_millis(20)));
    let writer = bus.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        // A record of another topic wakes nobody who waits for this one.
        writer.append(Topic::Signs, vec![numbered("k", 0, None)]).expect("stored");
        writer.append(Topic::Health, vec![numbered("k", 1, None)]).expect("stored");
    });
    assert!(bus.wait(Topic::Health, from, Duration::from_secs(30)));
    assert_eq!(bus.read(Topic::Health, from, 9).expect("records").len(), 1);
    thread.join().expect("the writer");
    assert!(bus.wait(Topic::Health, from, Duration::ZERO), "what is there need not be waited for");
}

pub fn the_last_record_of_a_key_is_found(world: &impl World) {
    let bus = world.open();
    assert_eq!(bus.last(Topic::Health, "a").expect("nothing"), None);
    let batch = vec![numbered("a", 1, None), numbered("b", 2, None), numbered("a", 3, None)];
    bus.append(Topic::Health, batch).expect("stored");
    let last = |key| bus.last(Topic::Health, key).expect("a record").map(|s| number(&s));
    assert_eq!([last("a"), last("b"), last("c")], [Some(3), Some(2), None]);
    assert_eq!(bus.last(Topic::Signals, "a").expect("nothing"), None);
}
