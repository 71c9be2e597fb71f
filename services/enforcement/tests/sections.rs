//! Sections over the embedded log and the embedded index: what is matched, told, deleted and receipted,
//! however often the process dies.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use wayside_bus::{Log, LogOptions, Offset, Record, Stored, Topic};
use wayside_city::{City, CityOptions, Message as Published};
use wayside_enforcement::{Options, Sections, VECTOR_DIMENSION};
use wayside_index::{EdgeIndex, EdgeOptions, Index};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Outcome, Receipt, TravelTime, Verdict, verify_chain};
use wayside_site::Site;

/// This machine's clock at the beginning of a test; long after what is judged.
const NOW: EventTime = EventTime(2_000_000_000_000_000);
const MINUTES: i64 = 20;

fn city() -> City {
    City::new(CityOptions { cameras: 16, offenders: 0.1, ..CityOptions::default() })
        .expect("a city")
}

fn sites() -> Vec<Site> {
    let city = city();
    (0..city.sites())
        .map(|site| Site::parse("site.toml", &city.site_file(site)).expect("a site file"))
        .collect()
}

/// Publishes the passages of two sections. Returns how many vehicles were too fast.
fn publish(log: &Log) -> usize {
    let city = city();
    let mut messages = Vec::new();
    for number in 0..city.sections() {
        city.section(number).until(MINUTES * 60_000_000, &mut messages).expect("messages");
    }
    let (mut records, mut speeders) = (Vec::new(), 0);
    for message in messages {
        match message {
            Published::Passage { key, time, value } => {
                records.push(Record { key, time: time.0, id: None, value });
            }
            Published::Truth(_) => speeders += 1,
            _ => {}
        }
    }
    records.sort_by_key(|record| record.time);
    for batch in records.chunks(1_000) {
        log.append(Topic::Passages, batch.to_vec()).expect("stored");
    }
    speeders
}

fn open(dir: &Path) -> (Log, Arc<dyn Index>) {
    let log = Log::open(&dir.join("log"), LogOptions::default()).expect("a log");
    let options = EdgeOptions { dimension: VECTOR_DIMENSION, points_max: 100_000 };
    let index = EdgeIndex::open(&dir.join("index"), options).expect("an index");
    (log, Arc::new(index))
}

fn join(log: &Log, index: &Arc<dyn Index>, sites: &[Site], records_max: usize) -> Sections {
    let sites: Vec<&Site> = sites.iter().collect();
    let options = Options { records_max, commit_records: 1, ..Options::default() };
    Sections::join(Arc::new(log.clone()), Arc::clone(index), &sites, options).expect("a member")
}

/// Runs until everything was read, or for so many steps. Expires after each step.
fn run(sections: &mut Sections, steps: usize) {
    for _ in 0..steps {
        let progress = sections.run_once(NOW, Duration::ZERO).expect("progress");
        sections.expire(NOW).expect("expired");
        if progress.partitions > 0 && progress.lag == 0 && progress.read == 0 {
            return;
        }
    }
}

fn all(log: &Log, topic: Topic) -> Vec<Stored> {
    log.read(topic, Offset(0), 10_000, usize::MAX).expect("records")
}

fn told(log: &Log) -> (BTreeMap<String, Vec<u8>>, BTreeMap<String, Vec<u8>>) {
    let of = |topic| {
        let stored = all(log, topic);
        let count = stored.len();
        let by_id: BTreeMap<_, _> =
            stored.into_iter().map(|s| (s.id.expect("an id"), s.value)).collect();
        assert_eq!(by_id.len(), count, "an id is stored once");
        by_id
    };
    (of(Topic::Violations), of(Topic::TravelTimes))
}

#[test]
fn speeders_are_found_and_nothing_stays() {
    let dir = TempDir::new().expect("a directory");
    let (log, index) = open(dir.path());
    let sites = sites();
    let speeders = publish(&log);
    let mut sections = join(&log, &index, &sites, 200);
    run(&mut sections, usize::MAX);
    let totals = sections.totals();
    let (outcomes, times) = told(&log);
    let outcomes: Vec<Outcome> =
        outcomes.values().map(|bytes| Outcome::from_bytes(bytes).expect("an outcome")).collect();
    let violations = outcomes.iter().filter(|o| o.verdict == Verdict::Violation).count();
    println!("{speeders} speeders, {violations} violations, {totals:?}");
    assert!(totals.matched > 2 * totals.abstained, "{totals:?}");
    assert!(violations > 0 && violations <= speeders, "{violations} of {speeders}");
    assert!(outcomes.iter().all(|outcome| outcome.rule == "section_speed"));
    let times: Vec<TravelTime> =
        times.values().map(|bytes| TravelTime::from_bytes(bytes).expect("a travel time")).collect();
    assert!(times.iter().any(|time| time.travel_time_s.is_some()), "{times:?}");
    assert_eq!((totals.dead_letters, totals.other_sections, totals.missed), (0, 0, 0));

    // An hour later nothing is left, and receipts say so.
    for minute in 1..=60 {
        sections.expire(EventTime(NOW.0 + minute * 60_000_000)).expect("expired");
    }
    assert_eq!(index.count().expect("a number"), 0);
    assert_eq!(all(&log, Topic::Passages), [], "the topic holds vectors, too");
    let receipts = all(&log, Topic::Receipts);
    let mut chains: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
    for stored in &receipts {
        let receipt = Receipt::from_bytes(&stored.value).expect("a receipt");
        chains.entry(receipt.what.clone()).or_default().push(receipt);
    }
    let mut deleted = 0;
    for (what, chain) in chains {
        let summary = verify_chain(chain).expect("a chain");
        if what.starts_with("index/") {
            deleted += summary.deleted;
        }
    }
    assert_eq!(deleted, totals.stored, "each vector that was stored was deleted and counted");
}

#[test]
fn a_process_that_dies_after_every_commit_changes_nothing() {
    let expected = {
        let dir = TempDir::new().expect("a directory");
        let (log, index) = open(dir.path());
        publish(&log);
        run(&mut join(&log, &index, &sites(), 200), usize::MAX);
        told(&log)
    };
    let dir = TempDir::new().expect("a directory");
    let (log, index) = open(dir.path());
    publish(&log);
    let sites = sites();
    for round in 0..60 {
        // Gone without a word, after one step or several.
        run(&mut join(&log, &index, &sites, 37), 2 + round % 5);
    }
    run(&mut join(&log, &index, &sites, 200), usize::MAX);
    let found = told(&log);
    assert!(found.0 == expected.0, "{} outcomes, not {}", found.0.len(), expected.0.len());
    assert!(found.1 == expected.1, "{} travel times, not {}", found.1.len(), expected.1.len());
    assert!(!expected.0.is_empty());
}
