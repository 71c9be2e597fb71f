//! Positions, and what is stored with them.

use wayside_bus::{Bus, BusError, Event, Offset, Position, Record, Stored, Topic};

use super::{PATIENCE, Worker, World, all, at, home, number, numbered, numbers};

const IN: Topic = Topic::Observations;
const OUT: Topic = Topic::Violations;

/// Ten numbers to consume, all on one partition, and a worker that has read them.
fn filled(bus: &dyn Bus, group: &str) -> (Worker, Vec<Stored>) {
    bus.append(IN, (0..10).map(|n| numbered("camera", n, None)).collect()).expect("stored");
    let mut worker = Worker::join(bus, group, IN);
    let records = worker.take(10);
    (worker, records)
}

/// The position that a group has, as its next member is told.
fn position(bus: &dyn Bus, group: &str) -> Option<Position> {
    let mut worker = Worker::join(bus, group, IN);
    let home = home(bus, IN, "camera");
    worker.until("the partition", |worker| worker.held.contains_key(&home));
    worker.held[&home]
}

pub fn a_new_consumer_has_no_position(world: &impl World) {
    let bus = world.open();
    assert_eq!(position(&*bus, "rules"), None);
}

pub fn a_position_is_stored_with_its_outputs(world: &impl World) {
    let bus = world.open();
    let (mut worker, records) = filled(&*bus, "rules");
    let position = Position { next: records[5].offset, rewind: records[2].offset };
    let outputs = vec![
        (OUT, numbered("site", 7, Some("seven"))),
        (Topic::DeadLetter, numbered("in", 8, None)),
    ];
    let positions = [(records[0].partition, position)];
    let committed = worker.consumer.commit(&positions, outputs).expect("stored");
    assert_eq!((committed.stored, committed.duplicates), (2, 0));
    drop(worker);
    drop(bus);
    let bus = world.open();
    assert_eq!(self::position(&*bus, "rules"), Some(position));
    assert_eq!(numbers(&all(&*bus, OUT)), [7]);
    assert_eq!(numbers(&all(&*bus, Topic::DeadLetter)), [8]);
}

pub fn a_crash_before_the_commit_redelivers(world: &impl World) {
    let bus = world.open();
    let (mut worker, records) = filled(&*bus, "rules");
    let positions = [(records[0].partition, at(records[3].offset))];
    worker.consumer.commit(&positions, Vec::new()).expect("stored");
    // It has read on and goes away without a word.
    drop(worker);
    drop(bus);
    let bus = world.open();
    let mut worker = Worker::join(&*bus, "rules", IN);
    assert_eq!(numbers(&worker.take(7)), (3..10).collect::<Vec<_>>());
}

pub fn groups_do_not_see_each_other(world: &impl World) {
    let bus = world.open();
    let (mut one, records) = filled(&*bus, "one");
    let partition = records[0].partition;
    let mut two = Worker::join(&*bus, "two", IN);
    assert_eq!(numbers(&two.take(10)), (0..10).collect::<Vec<_>>(), "each group has them all");
    one.consumer.commit(&[(partition, at(records[3].offset))], Vec::new()).expect("stored");
    two.consumer.commit(&[(partition, at(records[8].offset))], Vec::new()).expect("stored");
    drop((one, two));
    assert_eq!(position(&*bus, "one"), Some(at(records[3].offset)));
    assert_eq!(position(&*bus, "two"), Some(at(records[8].offset)));
    assert_eq!(position(&*bus, "three"), None);
}

pub fn a_position_never_goes_back(world: &impl World) {
    let bus = world.open();
    let (mut worker, records) = filled(&*bus, "rules");
    let partition = records[0].partition;
    let output = || vec![(OUT, numbered("site", 1, Some("late")))];
    let mut commit = |position, outputs| worker.consumer.commit(&[(partition, position)], outputs);
    commit(at(records[5].offset), Vec::new()).expect("stored");
    let error = commit(at(records[4].offset), output()).expect_err("it has gone further");
    assert!(matches!(error, BusError::Position { .. }), "{error}");
    let beyond = at(Offset(records[9].offset.0 + 1_000));
    let error = commit(beyond, output()).expect_err("beyond the end");
    assert!(matches!(error, BusError::Position { .. }), "{error}");
    let ahead = Position { next: records[6].offset, rewind: records[7].offset };
    let error = commit(ahead, output()).expect_err("a rewind lies before");
    assert!(matches!(error, BusError::Rewind { .. }), "{error}");
    assert_eq!(all(&*bus, OUT), [], "refused as a whole");
    // To stay and to reach the end are both allowed.
    commit(at(records[5].offset), Vec::new()).expect("stored");
    commit(at(records[9].offset.next()), Vec::new()).expect("stored");
}

pub fn outputs_made_twice_are_stored_once(world: &impl World) {
    let bus = world.open();
    let (mut worker, records) = filled(&*bus, "rules");
    let partition = records[0].partition;
    let outputs = |from: u64, to: u64| {
        (from..to).map(|n| (OUT, numbered("s", n, Some(&format!("v{n}"))))).collect::<Vec<_>>()
    };
    let at = |n: usize| [(partition, at(records[n].offset))];
    let first = worker.consumer.commit(&at(3), outputs(0, 3)).expect("stored");
    assert_eq!((first.stored, first.duplicates), (3, 0));
    let second = worker.consumer.commit(&at(6), outputs(0, 6)).expect("stored");
    assert_eq!((second.stored, second.duplicates), (3, 3));
    drop(worker);
    drop(bus);
    // After a restart, too, and for whatever came to the topic meanwhile.
    let bus = world.open();
    let mut worker = Worker::join(&*bus, "rules", IN);
    worker.take(4);
    let third = worker.consumer.commit(&at(6), outputs(2, 9)).expect("stored");
    assert_eq!((third.stored, third.duplicates), (3, 4));
    // Nothing but duplicates still moves the position.
    let fourth = worker.consumer.commit(&at(9), outputs(0, 9)).expect("stored");
    assert_eq!((fourth.stored, fourth.duplicates), (0, 9));
    assert_eq!(numbers(&all(&*bus, OUT)), (0..9).collect::<Vec<_>>());
    drop(worker);
    assert_eq!(position(&*bus, "rules").map(|p| p.next), Some(records[9].offset));
}

pub fn a_bad_output_leaves_the_position(world: &impl World) {
    let bus = world.open();
    let (mut worker, records) = filled(&*bus, "rules");
    let outputs = vec![(OUT, numbered("site", 1, None)), (OUT, numbered("", 2, None))];
    let positions = [(records[0].partition, at(records[5].offset))];
    worker.consumer.commit(&positions, outputs).expect_err("a record without a key");
    // The consumer goes on.
    let outputs = vec![(OUT, numbered("site", 3, None))];
    assert_eq!(all(&*bus, OUT), []);
    worker.consumer.commit(&positions, outputs).expect("stored");
    assert_eq!(numbers(&all(&*bus, OUT)), [3]);
    assert!(bus.consume("", IN).is_err(), "a group without a name");
    assert!(bus.consume("a\nb", IN).is_err(), "a name of two lines");
}

pub fn dead_letters_are_outputs(world: &impl World) {
    let bus = world.open();
    let good = |n| numbered("camera", n, None);
    let bad = Record { value: b"no number at all".to_vec(), ..good(0) };
    bus.append(IN, vec![good(1), bad.clone(), good(3)]).expect("stored");
    let mut worker = Worker::join(&*bus, "rules", IN);
    let records = worker.take(3);
    let mut outputs = Vec::new();
    for record in &records {
        let readable = record.value.len() == 8;
        let key = if readable { "camera" } else { IN.name() };
        let topic = if readable { OUT } else { Topic::DeadLetter };
        let id = Some(format!("{}/{}", record.partition, record.offset));
        let value = record.value.clone();
        outputs.push((topic, Record { key: key.to_owned(), time: record.time, id, value }));
    }
    let positions = worker.positions();
    worker.consumer.commit(&positions, outputs.clone()).expect("stored");
    let again = worker.consumer.commit(&positions, outputs).expect("counted");
    assert_eq!((again.stored, again.duplicates), (0, 3));
    let letters = all(&*bus, Topic::DeadLetter);
    assert_eq!((letters.len(), &letters[0].value), (1, &bad.value));
    assert_eq!(all(&*bus, OUT).iter().map(number).collect::<Vec<_>>(), [1, 3]);
}

pub fn a_consumer_begins_where_it_is_told(world: &impl World) {
    let bus = world.open();
    let (worker, records) = filled(&*bus, "rules");
    drop(worker);
    let mut consumer = bus.consume("rules", IN).expect("a consumer");
    let partition = records[0].partition;
    let mut begun = false;
    let begin = std::time::Instant::now();
    let mut read: Vec<u64> = Vec::new();
    while read.len() < 4 {
        assert!(begin.elapsed() < PATIENCE, "nothing came");
        let wait = std::time::Duration::from_millis(50);
        for event in consumer.poll(50, usize::MAX, wait).expect("events") {
            match event {
                Event::Assigned { partition: assigned, begin, end, .. }
                    if assigned == partition =>
                {
                    assert!(begin <= records[0].offset && end > records[9].offset);
                    let nothing = consumer.poll(50, usize::MAX, wait).expect("events");
                    let records = |event: &Event| matches!(event, Event::Records { .. });
                    assert!(!nothing.iter().any(records), "nothing comes before the start");
                    consumer.start(partition, records_at(&records_of(&bus), 6)).expect("started");
                    begun = true;
                }
                Event::Assigned { .. } => {}
                Event::Revoked { .. } => panic!("there is no other member"),
                Event::Records { records, .. } => read.extend(numbers(&records)),
            }
        }
    }
    assert!(begun);
    assert_eq!(read, [6, 7, 8, 9]);
    assert!(consumer.end(partition).is_some_and(|end| end > records[9].offset));
}

fn records_of(bus: &std::sync::Arc<dyn Bus>) -> Vec<Stored> {
    all(&**bus, IN)
}

fn records_at(records: &[Stored], place: usize) -> Offset {
    records[place].offset
}
