//! Faults of single requests: librdkafka's mock cluster refuses, delays, and drops connections. It knows no
//! transactions, so this is about appends and plain reading.

use std::time::Duration;

use rdkafka::mocking::MockCluster;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr as Refusal};
use wayside_bus::{Bus, Kafka, KafkaOptions, Topic};

use crate::contract::{all, number, numbered};

const IN: Topic = Topic::Observations;

#[test]
fn refused_delayed_and_cut_off_appends_arrive_once_and_in_order() {
    let cluster = MockCluster::new(3).expect("a mock cluster");
    cluster.create_topic(IN.name(), 3, 3).expect("a topic");
    let mut options = KafkaOptions::new(cluster.bootstrap_servers());
    options.delivery_timeout = Duration::from_secs(50);
    let bus = Kafka::connect(options).unwrap_or_else(|error| panic!("{error}"));
    let mut pending = Vec::new();
    for number in 0..600_u64 {
        match number {
            100 => cluster.request_errors(
                RDKafkaApiKey::Produce,
                &[
                    Refusal::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                    Refusal::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                    Refusal::RD_KAFKA_RESP_ERR__TRANSPORT,
                    Refusal::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                    Refusal::RD_KAFKA_RESP_ERR__TRANSPORT,
                    Refusal::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                ],
            ),
            200 => cluster.broker_round_trip_time(1, Duration::from_millis(300)).expect("slow"),
            300 => cluster.broker_down(2).expect("away"),
            400 => cluster.broker_up(2).expect("back"),
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
    let stored = all(&bus, IN);
    for site in 0..4 {
        let own = stored.iter().filter(|record| record.key == format!("site{site}"));
        let numbers: Vec<u64> = own.map(number).collect();
        assert_eq!(numbers, (0..600).collect::<Vec<_>>(), "site {site}");
    }
}
