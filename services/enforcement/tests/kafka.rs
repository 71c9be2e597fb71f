//! Stand-downs over a real Apache Kafka: they lie on the partition of their site, and whoever judges it
//! has read them before.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{NOW, record, scenarios, stream};
use wayside_broker::{Broker, skip};
use wayside_bus::{Bus, Kafka, KafkaOptions, Partition, Record, Start, Topic};
use wayside_enforcement::{Enforcer, Options};
use wayside_proto::convert::Message;
use wayside_proto::{CameraId, EventTime, Outcome, RuleStandDown, SiteId, Verdict, VoidCause};

const PARTITIONS: u32 = 3;

/// Every outcome, from all partitions.
fn outcomes(bus: &dyn Bus) -> Vec<Outcome> {
    let mut all = Vec::new();
    for number in 0..PARTITIONS {
        let mut reader =
            bus.read_from(Topic::Violations, Partition(number), Start::Begin).expect("a reader");
        let end = reader.end().expect("an end");
        while reader.next() < end {
            let read = reader.read(1_000, 8 << 20, Duration::from_secs(5)).expect("records");
            all.extend(read.iter().map(|r| Outcome::from_bytes(&r.value).expect("an outcome")));
        }
    }
    all
}

/// What becomes of the same traffic, with a stand-down on the bus before it or without.
fn judged(broker: &Broker, prefix: &str, down: Option<&RuleStandDown>) -> Vec<Outcome> {
    let mut options = KafkaOptions::new(broker.bootstrap());
    options.prefix = prefix.to_owned();
    let kafka = Kafka::connect(options).unwrap_or_else(|error| panic!("{error}"));
    let states = kafka.topics(PARTITIONS, None).expect("asked");
    kafka.apply_topics(&states).expect("made");
    let bus: Arc<dyn Bus> = Arc::new(kafka);
    if let Some(down) = down {
        let value = down.to_bytes().expect("a message");
        let key = format!("{}/{}", down.site, down.camera);
        let record = Record { key, time: 0, id: None, value };
        bus.append(Topic::StandDowns, vec![record]).expect("stored");
    }
    let chosen: Vec<_> = scenarios().into_iter().take(6).collect();
    let stream = stream(&chosen, 3.0);
    let records = stream.observations.iter().map(|observation| {
        let key = format!("{}/{}", observation.site, observation.camera);
        Record { key, ..record(observation) }
    });
    bus.append(Topic::Observations, records.collect()).expect("stored");
    let sites = [(stream.site.clone(), stream.signals.clone())];
    let mut enforcer =
        Enforcer::join(Arc::clone(&bus), sites, Options::default()).expect("a member");
    let mut read = 0;
    while read < stream.observations.len() as u64 {
        let progress = enforcer.run_once(NOW, Duration::from_millis(200)).expect("progress");
        read += progress.read;
    }
    enforcer.finish(NOW).expect("finished");
    drop(enforcer);
    outcomes(&*bus)
}

#[test]
fn a_rule_that_stands_down_accuses_nobody() {
    if skip() {
        return;
    }
    let broker = Broker::shared().unwrap_or_else(|error| panic!("{error}"));
    let down = RuleStandDown {
        site: SiteId::from("road"),
        camera: CameraId::from("east"),
        rule: "red_light",
        stood_down: true,
        since: EventTime(0),
        why: String::new(),
        decided: 20,
        errors: 9,
    };
    let calm = judged(broker, "calm.", None);
    let found = judged(broker, "standdowns.", Some(&down));
    assert_eq!(calm.len(), found.len());
    let mut stood_down = 0;
    for before in calm {
        let after = found.iter().find(|outcome| outcome.id == before.id).expect("judged too");
        let concerned = before.rule == down.rule && before.camera == down.camera;
        if concerned && before.verdict == Verdict::Violation {
            let cause = VoidCause::RuleStoodDown;
            let is_down = matches!(&after.verdict, Verdict::Void { cause: c, .. } if *c == cause);
            assert!(is_down, "{after:?}");
            stood_down += 1;
        } else {
            assert_eq!(*after, before);
        }
    }
    assert!(stood_down > 0, "nothing stood down");
}
