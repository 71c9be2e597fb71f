//! Several members.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_bus::{Bus, BusError, Topic};

use super::{PATIENCE, Worker, World, all, at, numbered, numbers};

const IN: Topic = Topic::Observations;
const OUT: Topic = Topic::Violations;

pub fn a_second_member_takes_over(world: &impl World) {
    let bus = world.open();
    bus.append(IN, (0..10).map(|n| numbered("camera", n, None)).collect()).expect("stored");
    let mut first = Worker::join(&*bus, "rules", IN);
    let records = first.take(10);
    first
        .consumer
        .commit(&[(records[0].partition, at(records[4].offset))], Vec::new())
        .expect("stored");
    drop(first);
    let mut second = Worker::join(&*bus, "rules", IN);
    assert_eq!(numbers(&second.take(6)), (4..10).collect::<Vec<_>>());
    assert_eq!(second.held[&records[0].partition], Some(at(records[4].offset)));
}

pub fn who_has_nothing_cannot_commit(world: &impl World) {
    let bus = world.open();
    bus.append(IN, vec![numbered("camera", 0, None)]).expect("stored");
    let mut first = Worker::join(&*bus, "rules", IN);
    let records = first.take(1);
    let partition = records[0].partition;
    let mut second = bus.consume("rules", IN).expect("a consumer");
    let outputs = vec![(OUT, numbered("site", 1, Some("stolen")))];
    let position = [(partition, at(records[0].offset.next()))];
    let error = second.commit(&position, outputs).expect_err("it has no partition");
    assert!(matches!(error, BusError::Lost { .. }), "{error}");
    let error = second.start(partition, records[0].offset).expect_err("it has no partition");
    assert!(matches!(error, BusError::Lost { .. }), "{error}");
    assert_eq!(all(&*bus, OUT), []);
}

/// Commits an output for each record it reads. Returns when it is told to, or has lost too much.
fn work(bus: &Arc<dyn Bus>, stop: &AtomicBool, most: usize) {
    let mut worker = Worker::join(&**bus, "rules", IN);
    let mut handled = 0;
    while !stop.load(Ordering::Relaxed) && handled < most {
        worker.poll(Duration::from_millis(20));
        if worker.records.is_empty() {
            continue;
        }
        let outputs = worker.records.iter().map(|record| {
            let id = format!("{}/{}", record.key, super::number(record));
            (OUT, numbered(&record.key, super::number(record), Some(&id)))
        });
        let outputs: Vec<_> = outputs.collect();
        match worker.consumer.commit(&worker.positions(), outputs) {
            Ok(_) => {
                handled += worker.records.len();
                worker.records.clear();
            }
            // What is lost is told by the next poll.
            Err(BusError::Lost { .. }) => worker.records.clear(),
            Err(error) => panic!("{error}"),
        }
    }
}

pub fn members_come_and_go(world: &impl World) {
    const KEYS: u64 = 6;
    const EACH: u64 = 200;
    let bus = world.open();
    let stop = Arc::new(AtomicBool::new(false));
    let start = |most| {
        let (bus, stop) = (Arc::clone(&bus), Arc::clone(&stop));
        std::thread::spawn(move || work(&bus, &stop, most))
    };
    // One that stays, and others that leave in the midst of it.
    let mut members = vec![start(usize::MAX)];
    for round in 0..EACH / 20 {
        let numbers = round * 20..(round + 1) * 20;
        let of = |n: u64| (0..KEYS).map(move |key| numbered(&format!("site{key}"), n, None));
        bus.append(IN, numbers.flat_map(of).collect()).expect("stored");
        if round % 3 == 0 {
            members.push(start(100));
        }
        std::thread::sleep(Duration::from_millis(150));
    }
    let begin = Instant::now();
    let expected = (KEYS * EACH) as usize;
    while all(&*bus, OUT).len() < expected {
        assert!(begin.elapsed() < PATIENCE, "{} of {expected}", all(&*bus, OUT).len());
        std::thread::sleep(Duration::from_millis(100));
    }
    stop.store(true, Ordering::Relaxed);
    for member in members {
        member.join().expect("no panic");
    }
    let mut of_key: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for record in all(&*bus, OUT) {
        of_key.entry(record.key.clone()).or_default().push(super::number(&record));
    }
    assert_eq!(of_key.len(), KEYS as usize);
    for (key, numbers) in of_key {
        assert_eq!(numbers, (0..EACH).collect::<Vec<_>>(), "{key}: each once and in order");
    }
}
