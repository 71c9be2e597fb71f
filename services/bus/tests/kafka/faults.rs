//! A broker that goes and comes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_broker::{Broker, BrokerOptions, skip, whatever_the_broker_forgets};
use wayside_bus::{Bus, BusError, KafkaFault, Topic};

use crate::contract::{PATIENCE, Worker, all, number, numbered, numbers};
use crate::world::Cluster;

const IN: Topic = Topic::Observations;
const OUT: Topic = Topic::Violations;
/// How long an append is tried while no broker is there: much shorter than what is waited for here, and longer
/// than a busy machine takes for one that is stored.
const IN_TIME: Duration = Duration::from_secs(10);

/// SIGKILL in the midst of appends and commits, twice. Nothing is lost, nothing stored twice, order stays.
#[test]
fn a_broker_is_killed_and_comes_back() {
    if skip() {
        return;
    }
    whatever_the_broker_forgets(&BrokerOptions::default(), killed_twice)
        .unwrap_or_else(|error| panic!("{error}"));
}

fn killed_twice(broker: &Broker) {
    let world = Cluster::on(broker.bootstrap());
    let bus: Arc<dyn Bus> = Arc::new(world.connect(world.options()));
    let stop = Arc::new(AtomicBool::new(false));
    let (joined, has_joined) = std::sync::mpsc::channel();
    let consumer = {
        let (bus, stop) = (Arc::clone(&bus), Arc::clone(&stop));
        std::thread::spawn(move || {
            let mut worker = Worker::join(&*bus, "rules", IN);
            worker.until("partitions", |worker| !worker.held.is_empty());
            joined.send(()).expect("waited for");
            while !stop.load(Ordering::Relaxed) {
                worker.poll(Duration::from_millis(50));
                if worker.records.is_empty() {
                    continue;
                }
                let output = |record| {
                    let number = number(record);
                    (OUT, numbered(&record.key, number, Some(&format!("{}/{number}", record.key))))
                };
                let outputs = worker.records.iter().map(output).collect();
                match worker.consumer.commit(&worker.positions(), outputs) {
                    Ok(_) | Err(BusError::Lost { .. }) => worker.records.clear(),
                    Err(error) => panic!("{error}"),
                }
            }
        })
    };
    has_joined.recv().expect("a member");
    let mut pending = Vec::new();
    let begin = Instant::now();
    for number in 0..400_u64 {
        if number == 100 || number == 250 {
            broker.kill();
        }
        if number == 150 || number == 300 {
            broker.restart().unwrap_or_else(|error| panic!("{error}"));
        }
        let batch = (0..4).map(|site| numbered(&format!("site{site}"), number, None)).collect();
        pending.push(bus.append_later(IN, batch).expect("room"));
        std::thread::sleep(Duration::from_millis(10));
    }
    for pending in pending {
        assert_eq!(pending.wait().expect("stored in the end").stored, 4);
    }
    eprintln!("1600 records over two kills: stored after {:.1?}", begin.elapsed());
    let begin = Instant::now();
    while all(&*bus, OUT).len() < 1_600 {
        assert!(!consumer.is_finished(), "the consumer has given up");
        assert!(begin.elapsed() < PATIENCE, "{} of 1600", all(&*bus, OUT).len());
        std::thread::sleep(Duration::from_millis(200));
    }
    stop.store(true, Ordering::Relaxed);
    consumer.join().expect("no panic");
    for topic in [IN, OUT] {
        let stored = all(&*bus, topic);
        for site in 0..4 {
            let own = stored.iter().filter(|record| record.key == format!("site{site}"));
            assert_eq!(numbers(own), (0..400).collect::<Vec<_>>(), "{topic}, site {site}");
        }
    }
}

/// Where no broker comes back, an append fails in time and says so, and what was refused is not there.
#[test]
fn a_broker_that_stays_away_fails_appends_in_time() {
    if skip() {
        return;
    }
    let broker = Broker::start(BrokerOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let world = Cluster::on(broker.bootstrap());
    let mut options = world.options();
    options.delivery_timeout = IN_TIME;
    options.request_timeout = IN_TIME;
    options.commit_timeout = IN_TIME;
    let bus = world.connect(options);
    let sent: BTreeSet<u64> = [1].into();
    bus.append(IN, vec![numbered("site", 1, None)]).expect("stored");
    let mut worker = Worker::join(&bus, "rules", IN);
    worker.take(1);
    broker.kill();
    let begin = Instant::now();
    let error = bus.append(IN, vec![numbered("site", 2, None)]).expect_err("nobody stores it");
    let told = matches!(
        error,
        BusError::Kafka(KafkaFault::TimedOut { .. } | KafkaFault::Unreachable { .. })
    );
    assert!(told, "{error}");
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    let outputs = vec![(OUT, numbered("site", 1, Some("late")))];
    let error = worker.consumer.commit(&worker.positions(), outputs).expect_err("nobody stores it");
    assert!(matches!(error, BusError::Kafka(_)), "{error}");
    broker.restart().unwrap_or_else(|error| panic!("{error}"));
    let stored: BTreeSet<u64> = numbers(&all(&bus, IN)).into_iter().collect();
    assert!(stored.is_superset(&sent), "what was acknowledged is there");
    // The same bus goes on, as soon as it has found the broker again.
    let begin = Instant::now();
    while let Err(error) = bus.append(IN, vec![numbered("site", 3, None)]) {
        assert!(begin.elapsed() < PATIENCE, "{error}");
    }
}
