//! Messages that nobody can read, and messages that should not be: consumers go on, clean cameras are judged
//! as ever, and a dead letter says of each unreadable record where it stands and what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use wayside_broker::{Broker, BrokerOptions};
use wayside_bus::{Bus, Record, Topic, VALUE_BYTES_MAX};
use wayside_city::{City, CityOptions, Fault, Keyed, Message, Poison};
use wayside_proto::convert::Message as _;
use wayside_proto::{EventTime, Observation, Outcome, SignalReport};

use crate::buses::records;
use crate::letters::{Origin, letters};
use crate::outcomes::Outcomes;
use crate::place::Place;
use crate::{common, turn};

const CAMERAS: u32 = 8;
const SECONDS: i64 = 90;
const PARTITIONS: u32 = 4;
/// Share of the messages of spoilt cameras that go wrong.
const SHARE: f64 = 0.25;
/// As far as clocks are believed, seconds: the default of `wayside_enforcement::Options::ahead_s_max`.
const AHEAD_S_MAX: f64 = 600.0;

/// Half of the cameras send clean messages.
fn is_clean(key: &str) -> bool {
    key.ends_with("/north") || key.ends_with("/east")
}

/// What is published, in order.
struct Mail {
    signals: Vec<Keyed>,
    observations: Vec<Keyed>,
}

/// A city that begins now: a clock that is a year ahead of it is ahead of ours.
fn city() -> City {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let start =
        EventTime(i64::try_from(since.as_secs() - since.as_secs() % 60).unwrap() * 1_000_000);
    City::new(CityOptions { cameras: CAMERAS, start, offenders: 0.4, ..CityOptions::default() })
        .unwrap()
}

fn clean(city: &City) -> Mail {
    let mut messages = Vec::new();
    for site in 0..city.sites() {
        city.stream(site, &[]).until(SECONDS * 1_000_000, &mut messages).unwrap();
    }
    let mut mail = Mail { signals: Vec::new(), observations: Vec::new() };
    for message in messages {
        match message {
            Message::Observation { key, time, value, .. } => {
                mail.observations.push(Keyed { key, time, value });
            }
            Message::Signal { key, time, value } => mail.signals.push(Keyed { key, time, value }),
            Message::Passage { .. } | Message::Truth(_) => {}
        }
    }
    mail
}

/// The same with every fault on the spoilt cameras, a site that nobody knows, a message as large as there
/// may be, and signals that are none.
fn spoilt(clean: &Mail) -> (Mail, BTreeMap<Fault, u64>) {
    let mut poison = Poison::new(5, SHARE);
    let mut observations = Vec::new();
    for (number, message) in clean.observations.iter().enumerate() {
        if is_clean(&message.key) {
            observations.push(message.clone());
        } else {
            poison.pass(message.clone(), &mut observations);
        }
        let key = message.key.clone();
        let further = match number {
            500 => Some(Keyed { key, time: message.time, value: vec![0xff; VALUE_BYTES_MAX] }),
            501 => Some(Keyed { key, time: message.time, value: Vec::new() }),
            _ if number % 100 == 0 => Some(elsewhere(message)),
            _ => None,
        };
        observations.extend(further);
    }
    poison.finish(&mut observations);
    let mut signals = clean.signals.clone();
    let first = signals[0].clone();
    signals.insert(0, Keyed { value: b"red, I think".to_vec(), ..first.clone() });
    let later = SignalReport::from_bytes(&first.value).unwrap();
    let later = SignalReport { time: later.time.plus_s(31e6), ..later };
    signals.insert(1, Keyed { time: later.time, value: later.to_bytes().unwrap(), ..first });
    (Mail { signals, observations }, poison.counts().clone())
}

/// The message as if another site had sent it.
fn elsewhere(message: &Keyed) -> Keyed {
    let mut observation = Observation::from_bytes(&message.value).unwrap();
    observation.site = "elsewhere".into();
    let key = format!("elsewhere/{}", observation.camera);
    Keyed { key, time: message.time, value: observation.to_bytes().unwrap() }
}

fn publish(bus: &Arc<dyn Bus>, mail: &Mail) {
    for (topic, messages) in
        [(Topic::Signals, &mail.signals), (Topic::Observations, &mail.observations)]
    {
        for part in messages.chunks(200) {
            let record = |message: &Keyed| {
                let Keyed { key, time, value } = message.clone();
                Record { key, time: time.0, id: None, value }
            };
            bus.append(topic, part.iter().map(record).collect()).unwrap();
        }
    }
}

/// One that is too large is refused by whoever would send it, and nothing of its batch is sent.
#[track_caller]
fn too_large_is_refused(bus: &Arc<dyn Bus>) {
    let large = |bytes| Record { key: "a/b".into(), time: 0, id: None, value: vec![0; bytes] };
    let refused = bus.append(Topic::Observations, vec![large(3), large(VALUE_BYTES_MAX + 1)]);
    let told = refused.unwrap_err().to_string();
    assert!(told.contains(&VALUE_BYTES_MAX.to_string()), "{told}");
}

/// Where records stand that cannot be read, or whose time is not to be believed.
fn unreadable(bus: &Arc<dyn Bus>) -> BTreeSet<Origin> {
    let start = EventTime(
        i64::try_from(
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros(),
        )
        .unwrap(),
    );
    let ahead = |time: EventTime| time.since_s(start) > AHEAD_S_MAX;
    let mut found = BTreeSet::new();
    for topic in [Topic::Signals, Topic::Observations] {
        for stored in records(&**bus, topic) {
            let readable = match topic {
                Topic::Signals => {
                    SignalReport::from_bytes(&stored.value).is_ok_and(|r| !ahead(r.time))
                }
                _ => Observation::from_bytes(&stored.value).is_ok_and(|o| !ahead(o.time)),
            };
            if !readable {
                found.insert((topic.name().to_owned(), stored.partition.0, stored.offset.0));
            }
        }
    }
    found
}

#[test]
fn poison_harms_nobody_else_and_is_told_once() {
    if wayside_broker::skip() {
        return;
    }
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let city = city();
    let sites = dir.path().join("sites");
    std::fs::create_dir(&sites).unwrap();
    for site in 0..city.sites() {
        std::fs::write(sites.join(format!("{site}.toml")), city.site_file(site)).unwrap();
    }
    let clean = clean(&city);
    let (spoilt, faults) = spoilt(&clean);
    assert_eq!(faults.keys().copied().collect::<Vec<_>>(), Fault::ALL, "every fault comes");

    let calm = Place::Embedded(dir.path().join("calm"));
    publish(&calm.open(), &clean);
    calm.judge(&sites, dir.path());
    let of_clean = |outcome: &Outcome| is_clean(&format!("/{}", outcome.camera));
    let expected = Outcomes::read(&*calm.open()).of(of_clean);
    assert!(expected.violations().count() > 0, "no violations: nothing is tested");

    let broker = Broker::start(BrokerOptions::default()).unwrap();
    let places = [Place::Embedded(dir.path().join("log")), Place::on(&broker, "", PARTITIONS)];
    let both = places.map(|place| {
        let bus = place.open();
        publish(&bus, &spoilt);
        too_large_is_refused(&bus);
        let expected_letters = unreadable(&bus);
        // The embedded log belongs to one process at a time.
        drop(bus);
        interrupted(&place, &sites, dir.path());
        place.judge(&sites, dir.path());
        check_letters(&place, &expected_letters);
        // Whoever comes later reads signals from the first on, and says nothing new.
        place.judge(&sites, dir.path());
        check_letters(&place, &expected_letters);
        listed(&place, expected_letters.len());
        println!("{place:?}: {} letters", expected_letters.len());
        Outcomes::read(&*place.open())
    });
    let [embedded, kafka] = both;
    println!(
        "{} messages, {faults:?}; {} outcomes of clean cameras, {} in all",
        spoilt.observations.len(),
        expected.all.len(),
        embedded.all.len()
    );
    kafka.assert_same(&embedded);
    embedded.of(of_clean).assert_same(&expected);
}

/// An enforcer that is killed when it has begun.
fn interrupted(place: &Place, sites: &Path, dir: &Path) {
    let worker = place.enforce(sites, "killed", dir);
    worker.until("observations", Duration::from_secs(600), |worker| {
        worker.metric("wayside_observations_judged_total", &[]) > 0.0
    });
    assert_eq!(worker.kill().code, None);
}

/// Asserts that there is a letter of each of these and no other, and that it says why.
#[track_caller]
fn check_letters(place: &Place, expected: &BTreeSet<Origin>) {
    let found = letters(&*place.open());
    let origins: BTreeSet<Origin> = found.keys().cloned().collect();
    let missing: Vec<_> = expected.difference(&origins).take(5).collect();
    let surplus: Vec<_> = origins.difference(expected).take(5).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?}, surplus {surplus:?}");
    let mut large = 0;
    for (origin, letter) in &found {
        assert!(letter.error.contains(' ') && !letter.key.is_empty(), "{origin:?}: {letter:?}");
        assert_eq!(letter.consumer, "enforcement");
        large += u32::from(letter.value_bytes == VALUE_BYTES_MAX as u64);
    }
    assert_eq!(large, 1, "the large one is told, and cut");
}

/// `wayside deadletter list` counts them.
#[track_caller]
fn listed(place: &Place, count: usize) {
    let mut list = place.command("deadletter list");
    list.arg("--json");
    let list = common::run(list).succeeded().json();
    assert_eq!(list["count"], count);
}
