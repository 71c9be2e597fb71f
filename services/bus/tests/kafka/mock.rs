//! Faults of single requests: librdkafka's mock cluster refuses, delays, and drops connections.
//!
//! It knows no transactions, and without them it does not look at sequence numbers: where several requests of a partition are
//! on their way, it stores the second although it has refused the first, and a batch twice whose answer got lost.
//! A real broker refuses both (`faults` kills one under load). So faults of appends are tried with one request on
//! its way at a time, in which case the mock cluster answers as a broker would.

use std::time::Duration;

use rdkafka::mocking::MockCluster;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr as Refusal};
use wayside_bus::{Bus, Kafka, KafkaOptions, Topic};

use crate::contract::{PATIENCE, Worker, all, number, numbered};

const IN: Topic = Topic::Observations;
const OUT: Topic = Topic::Violations;

#[test]
fn refused_and_delayed_appends_arrive_once_and_in_order() {
    let cluster = MockCluster::new(3).expect("a mock cluster");
    cluster.create_topic(IN.name(), 3, 3).expect("a topic");
    let mut options = KafkaOptions::new(cluster.bootstrap_servers());
    let one = ("max.in.flight.requests.per.connection".to_owned(), "1".to_owned());
    options.properties.push(one);
    options.delivery_timeout = PATIENCE;
    let bus = Kafka::connect(options).unwrap_or_else(|error| panic!("{error}"));
    let mut pending = Vec::new();
    for number in 0..600_u64 {
        match number {
            // Not those that say "stored, but": the mock cluster stores nothing that it refuses.
            100 => cluster.request_errors(
                RDKafkaApiKey::Produce,
                &[
                    Refusal::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                    Refusal::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                    Refusal::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                    Refusal::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                    Refusal::RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
                ],
            ),
            // Questions fail, too.
            150 => cluster.request_errors(
                RDKafkaApiKey::Metadata,
                &[Refusal::RD_KAFKA_RESP_ERR__TRANSPORT, Refusal::RD_KAFKA_RESP_ERR__TRANSPORT],
            ),
            200 => cluster.broker_round_trip_time(1, Duration::from_millis(300)).expect("slow"),
            500 => cluster.broker_round_trip_time(1, Duration::ZERO).expect("fast"),
            _ => {}
        }
        let batch = (0..4).map(|site| numbered(&format!("site{site}"), number, None)).collect();
        pending.push(bus.append_later(IN, batch).expect("room"));
        std::thread::sleep(Duration::from_millis(3));
    }
    for pending in pending {
        assert_eq!(pending.wait().expect("stored in the end").stored, 4);
    }
    cluster.request_errors(
        RDKafkaApiKey::Fetch,
        &[
            Refusal::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            Refusal::RD_KAFKA_RESP_ERR__TRANSPORT,
            Refusal::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        ],
    );
    let stored = all(&bus, IN);
    for site in 0..4 {
        let own = stored.iter().filter(|record| record.key == format!("site{site}"));
        let numbers: Vec<u64> = own.map(number).collect();
        assert_eq!(numbers, (0..600).collect::<Vec<_>>(), "site {site}");
    }
}

/// A broker that is away keeps what is meant for it waiting, and nothing else.
#[test]
fn a_broker_of_three_that_is_away_is_waited_for() {
    let cluster = MockCluster::new(3).expect("a mock cluster");
    cluster.create_topic(IN.name(), 3, 1).expect("a topic");
    for partition in 0..3 {
        cluster.partition_leader(IN.name(), partition, Some(partition + 1)).expect("led");
    }
    let mut options = KafkaOptions::new(cluster.bootstrap_servers());
    options.delivery_timeout = 2 * PATIENCE;
    let bus = Kafka::connect(options).unwrap_or_else(|error| panic!("{error}"));
    let sites: Vec<String> = (0..12).map(|site| format!("site{site}")).collect();
    let append = |number| {
        let of = |site: &String| bus.append_later(IN, vec![numbered(site, number, None)]);
        sites.iter().map(|site| (site, of(site).expect("room"))).collect::<Vec<_>>()
    };
    append(0).into_iter().for_each(|(_, pending)| assert!(pending.wait().is_ok()));
    cluster.broker_down(2).expect("away");
    let mut away = Vec::new();
    for (site, mut pending) in append(1) {
        let leader = wayside_bus::Partition::of(site, 3).0 + 1;
        if leader == 2 {
            away.push(pending);
            continue;
        }
        let begin = std::time::Instant::now();
        while pending.try_wait().is_none() {
            assert!(begin.elapsed() < PATIENCE, "held up by another broker");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    assert!(!away.is_empty(), "some site is led by the broker that is away");
    assert!(away.iter_mut().all(|pending| pending.try_wait().is_none()), "nothing is made up");
    cluster.broker_up(2).expect("back");
    for pending in away {
        pending.wait().expect("stored in the end");
    }
    let stored = all(&bus, IN);
    for site in &sites {
        let own = stored.iter().filter(|record| record.key == *site);
        assert_eq!(own.map(number).collect::<Vec<_>>(), [0, 1], "{site}");
    }
}

/// A commit whose end is refused in such a way that librdkafka wants to abort, though the end may have been heard:
/// before anything is sent again, it is looked for.
#[test]
fn an_end_in_doubt_stores_nothing_twice() {
    for refusal in [
        Refusal::RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
        Refusal::RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING,
        Refusal::RD_KAFKA_RESP_ERR_UNKNOWN,
    ] {
        let cluster = MockCluster::new(1).expect("a mock cluster");
        for topic in [IN, OUT] {
            cluster.create_topic(topic.name(), 1, 1).expect("a topic");
        }
        let bus = Kafka::connect(KafkaOptions::new(cluster.bootstrap_servers()))
            .unwrap_or_else(|error| panic!("{error}"));
        bus.append(IN, vec![numbered("site", 1, None)]).expect("stored");
        let mut worker = Worker::join(&bus, "rules", IN);
        worker.take(1);
        cluster.request_errors(RDKafkaApiKey::EndTxn, &[refusal]);
        let outputs = vec![(OUT, numbered("site", 1, Some("site/1")))];
        let done = worker.consumer.commit(&worker.positions(), outputs).expect("committed");
        // The mock cluster shows what is not committed: there it was found.
        assert_eq!((done.stored, done.duplicates), (0, 1), "{refusal:?}");
        assert_eq!(all(&bus, OUT).len(), 1, "{refusal:?}");
    }
}
