//! Members that are dead, or were taken for dead.

use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use wayside_bus::{Bus, BusError, Start, Topic};

use crate::contract::{PATIENCE, Worker, World, all, at, drain, home, numbered, numbers};
use crate::world::Cluster;

const IN: Topic = Topic::Observations;
const OUT: Topic = Topic::Violations;

/// A member that does not poll is given up by its group. When it wakes, its commit is refused whole, and it
/// gets partitions anew.
#[test]
fn a_zombie_cannot_commit() {
    let Some(world) = Cluster::new() else { return };
    let bus = world.open();
    bus.append(IN, (0..4).map(|n| numbered("camera", n, None)).collect()).expect("stored");
    let mut zombie = Worker::join(&*bus, "rules", IN);
    let records = zombie.take(4);
    let positions = [(records[0].partition, at(records[2].offset))];
    // Another process takes over while this one sleeps.
    let other = world.open();
    let mut heir = Worker::join(&*other, "rules", IN);
    heir.until("all partitions", |heir| heir.held.len() == crate::world::PARTITIONS as usize);
    assert_eq!(numbers(&heir.take(4)), [0, 1, 2, 3]);
    let outputs = |text: &str| vec![(OUT, numbered("site", 1, Some(text)))];
    heir.consumer.commit(&positions, outputs("heir")).expect("stored");
    let error = zombie.consumer.commit(&positions, outputs("zombie")).expect_err("refused");
    assert!(matches!(error, BusError::Lost { .. }), "{error}");
    let stored: Vec<_> = all(&*bus, OUT).into_iter().map(|record| record.id).collect();
    assert_eq!(stored, [Some("heir".to_owned())]);
    // It is told what it lost, and with the heir gone it goes on where that one stood.
    drop(heir);
    zombie.until("the partition", |zombie| {
        zombie.held.get(&records[0].partition).is_some_and(Option::is_some)
    });
    zombie.records.clear();
    assert_eq!(numbers(&zombie.take(2)), [2, 3]);
    zombie.consumer.commit(&zombie.positions(), outputs("woken")).expect("it is alive again");
}

/// Positions alone are refused just as well.
#[test]
fn a_zombie_cannot_move_a_position() {
    let Some(world) = Cluster::new() else { return };
    let bus = world.open();
    bus.append(IN, (0..4).map(|n| numbered("camera", n, None)).collect()).expect("stored");
    let mut zombie = Worker::join(&*bus, "rules", IN);
    let records = zombie.take(4);
    let other = world.open();
    let mut heir = Worker::join(&*other, "rules", IN);
    heir.take(4);
    heir.consumer.commit(&heir.positions(), Vec::new()).expect("stored");
    let positions = [(records[0].partition, at(records[1].offset))];
    let error = zombie.consumer.commit(&positions, Vec::new()).expect_err("refused");
    assert!(matches!(error, BusError::Lost { .. }), "{error}");
    drop(zombie);
    drop(heir);
    let mut next = Worker::join(&*bus, "rules", IN);
    next.until("the partition", |next| next.held.contains_key(&records[0].partition));
    assert_eq!(next.held[&records[0].partition], Some(at(records[3].offset.next())));
}

fn open_transaction(world: &Cluster, timeout: &str) -> BaseProducer {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", &world.brokers)
        .set("transactional.id", format!("{}stranger", world.prefix))
        .set("transaction.timeout.ms", timeout)
        .create()
        .expect("a producer");
    producer.init_transactions(PATIENCE).expect("prepared");
    producer.begin_transaction().expect("begun");
    producer
}

fn send(world: &Cluster, producer: &BaseProducer, partition: i32, id: &str) {
    let topic = format!("{}{}", world.prefix, OUT.name());
    let headers = rdkafka::message::OwnedHeaders::new()
        .insert(rdkafka::message::Header { key: "wayside-id", value: Some(id) });
    let record = BaseRecord::to(&topic).partition(partition).key("site").payload("12345678");
    producer.send(record.headers(headers)).map_err(|(error, _)| error).expect("queued");
    producer.flush(PATIENCE).expect("stored, not committed");
}

/// What a dead process left open is not seen, and does not keep a reader from the end for longer than the
/// time-out of its transaction.
#[test]
fn what_is_not_committed_is_not_seen() {
    let Some(world) = Cluster::new() else { return };
    let bus = world.open();
    let partition = home(&*bus, OUT, "site");
    bus.append(OUT, vec![numbered("site", 1, None)]).expect("stored");
    // So long that what is looked at below is surely looked at before.
    let dead = open_transaction(&world, "20000");
    send(&world, &dead, partition.0 as i32, "dead");
    bus.append(OUT, vec![numbered("site", 2, None)]).expect("stored");
    let mut reader = bus.read_from(OUT, partition, Start::Begin).expect("a reader");
    let before = reader.read(9, usize::MAX, PATIENCE).expect("a record");
    assert_eq!(numbers(&before), [1], "up to what is open");
    let soon = reader.read(9, usize::MAX, Duration::from_millis(300)).expect("nothing");
    assert_eq!(soon, [], "it is open still");
    assert_eq!(numbers(&drain(&mut *reader)), [2], "after the brokers have aborted it");
    assert_eq!(drain(&mut *reader), []);
    // An aborted transaction at the very end is passed, too.
    let aborted = open_transaction(&world, "60000");
    send(&world, &aborted, partition.0 as i32, "aborted");
    aborted.abort_transaction(PATIENCE).expect("aborted");
    assert_eq!(drain(&mut *reader), []);
    let begin = Instant::now();
    let mut fresh = bus.read_from(OUT, partition, Start::Begin).expect("a reader");
    assert_eq!(numbers(&drain(&mut *fresh)), [1, 2]);
    eprintln!("a partition with an aborted tail is read in {:.1?}", begin.elapsed());
}

/// An id that somebody else's transaction holds is waited for: committed, it is a duplicate.
#[test]
fn an_id_of_an_open_transaction_is_waited_for() {
    let Some(world) = Cluster::new() else { return };
    let bus = world.open();
    let partition = home(&*bus, OUT, "site");
    let other = open_transaction(&world, "60000");
    send(&world, &other, partition.0 as i32, "twin");
    let committing = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        other.commit_transaction(PATIENCE).expect("committed");
    });
    let twin = vec![numbered("site", 1, Some("twin"))];
    let appended = bus.append(OUT, twin).expect("counted");
    assert_eq!((appended.stored, appended.duplicates), (0, 1));
    committing.join().expect("no panic");
    assert_eq!(all(&*bus, OUT).len(), 1);
}

/// A process that comes back under its name ends at once what it left open.
#[test]
fn a_name_that_comes_back_ends_what_it_left_open() {
    let Some(world) = Cluster::new() else { return };
    let mut options = world.options();
    options.instance = "enforce-0".to_owned();
    let bus = world.connect(options);
    let partition = home(&bus, OUT, "site");
    let dead: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", &world.brokers)
        .set("transactional.id", format!("{}wayside-rules-enforce-0", world.prefix))
        .set("transaction.timeout.ms", "600000")
        .create()
        .expect("a producer");
    dead.init_transactions(PATIENCE).expect("prepared");
    dead.begin_transaction().expect("begun");
    send(&world, &dead, partition.0 as i32, "dead");
    bus.append(IN, vec![numbered("site", 1, None)]).expect("stored");
    let begin = Instant::now();
    let mut worker = Worker::join(&bus, "rules", IN);
    worker.take(1);
    let outputs = vec![(OUT, numbered("site", 1, Some("alive")))];
    worker.consumer.commit(&worker.positions(), outputs).expect("stored");
    assert_eq!(numbers(&all(&bus, OUT)), [1]);
    assert!(begin.elapsed() < PATIENCE, "long before the time-out of ten minutes");
}
