//! How fast Kafka takes and gives records here: `cargo run -p wayside-bus --example kafka_throughput -- HOST:PORT`.
//!
//! Without an address a broker is started for it. Topics get a prefix of their own and stay behind.

use std::error::Error;
use std::time::{Duration, Instant};

use wayside_broker::{Broker, BrokerOptions};
use wayside_bus::{Bus, Event, Kafka, KafkaOptions, Position, Record, Start, Topic};

const RECORDS: u64 = 200_000;
const BATCH: u64 = 500;
const BYTES: usize = 989;
const SITES: u64 = 50;
const COMMITS: u64 = 200;

fn record(number: u64, id: Option<String>) -> Record {
    // About as compressible as observations are.
    let value =
        (0..BYTES).map(|place| if place % 3 == 0 { (number >> (place % 8)) as u8 } else { 7 });
    let key = format!("site{}/camera", number % SITES);
    Record { key, time: number as i64, id, value: value.collect() }
}

fn main() -> Result<(), Box<dyn Error>> {
    let own = match std::env::args().nth(1) {
        Some(_) => None,
        None => Some(Broker::start(BrokerOptions::default())?),
    };
    let brokers = match (&own, std::env::args().nth(1)) {
        (Some(broker), _) => broker.bootstrap().to_owned(),
        (None, address) => address.unwrap_or_default(),
    };
    let mut options = KafkaOptions::new(brokers);
    options.prefix = format!("throughput-{}.", std::process::id());
    let begin = Instant::now();
    let kafka = Kafka::connect(options)?;
    println!("connected in {:.0?}", begin.elapsed());
    let begin = Instant::now();
    kafka.apply_topics(&kafka.topics(12, None)?)?;
    println!("topics made in {:.1?}", begin.elapsed());

    let begin = Instant::now();
    let mut pending = Vec::new();
    for batch in 0..RECORDS / BATCH {
        let numbers = batch * BATCH..(batch + 1) * BATCH;
        let records = numbers.map(|number| record(number, None)).collect();
        pending.push(kafka.append_later(Topic::Observations, records)?);
    }
    for pending in pending {
        pending.wait()?;
    }
    rate("appended", RECORDS, begin.elapsed());
    let begin = Instant::now();
    for number in 0..COMMITS {
        kafka.append(Topic::Signals, vec![record(number, None)])?;
    }
    each("one record appended and awaited", COMMITS, begin.elapsed());

    let begin = Instant::now();
    let mut read = 0;
    for partition in 0..kafka.partitions(Topic::Observations)? {
        let partition = wayside_bus::Partition(partition);
        let mut reader = kafka.read_from(Topic::Observations, partition, Start::Begin)?;
        let end = reader.end()?;
        while reader.next() < end {
            read += reader.read(5_000, usize::MAX, Duration::from_secs(1))?.len() as u64;
        }
    }
    rate("read without a group", read, begin.elapsed());

    let mut consumer = kafka.consume("throughput", Topic::Observations)?;
    let (joined, mut first) = (Instant::now(), None);
    let (mut consumed, mut last) = (0, None);
    while consumed < RECORDS {
        for event in consumer.poll(5_000, usize::MAX, Duration::from_secs(1))? {
            match event {
                Event::Assigned { partition, begin, .. } => consumer.start(partition, begin)?,
                Event::Revoked { .. } => return Err("another member came".into()),
                Event::Records { partition, records } => {
                    first.get_or_insert_with(Instant::now);
                    consumed += records.len() as u64;
                    last = records.last().map(|record| (partition, record.offset.next()));
                }
            }
        }
    }
    let first = first.unwrap_or(joined);
    println!("first record of a group after {:.1?}", first - joined);
    rate("consumed in a group", consumed, first.elapsed());

    let Some((partition, next)) = last else { return Err("no record".into()) };
    let position = [(partition, Position { next, rewind: next })];
    let mut times = Vec::new();
    for number in 0..COMMITS {
        let output = (Topic::Violations, record(number, Some(format!("id-{number}"))));
        let begin = Instant::now();
        consumer.commit(&position, vec![output])?;
        times.push(begin.elapsed());
    }
    let warm = times.split_off(1);
    println!("first commit with an output: {:.0?}", times[0]);
    quantiles("commit with an output", warm);
    let mut times = Vec::new();
    for _ in 0..COMMITS {
        let begin = Instant::now();
        consumer.commit(&position, Vec::new())?;
        times.push(begin.elapsed());
    }
    quantiles("commit of a position alone", times);
    Ok(())
}

fn rate(what: &str, records: u64, time: Duration) {
    println!(
        "{what}: {records} records of {BYTES} bytes, {:.0} a second",
        records as f64 / time.as_secs_f64()
    );
}

fn each(what: &str, times: u64, time: Duration) {
    println!("{what}: {:.1} ms each", time.as_secs_f64() * 1e3 / times as f64);
}

fn quantiles(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("{what}: median {:.1} ms, p99 {:.1} ms", at(0.5), at(0.99));
}
