//! Streams are the same for the same seed, in order, and bounded.

use std::sync::Arc;

use wayside_city::{City, CityOptions, Event, Message, Tape, TapePlayer};
use wayside_proto::convert::Message as _;
use wayside_proto::{Content, EventTime, Observation, SignalReport, SiteId};

const PERIOD_US: i64 = 160_000_000;

fn city(seed: u64, gaps_per_hour: f64) -> City {
    City::new(CityOptions { seed, cameras: 6, gaps_per_hour, ..CityOptions::default() })
        .expect("options")
}

fn events(city: &City, site: u32, frames: u64) -> Vec<Event> {
    let mut junction = city.junction(site);
    let mut events = Vec::new();
    while junction.frames() < frames {
        junction.step(&mut events);
    }
    events
}

fn observations(events: &[Event]) -> Vec<&Observation> {
    let seen = events.iter().filter_map(|event| match event {
        Event::Observation(observation) => Some(observation),
        _ => None,
    });
    seen.collect()
}

fn bytes(events: &[Event]) -> Vec<u8> {
    let mut out = Vec::new();
    for observation in observations(events) {
        out.extend(observation.to_bytes().expect("a sound observation"));
    }
    out
}

/// FNV-1a, to pin a stream in one number.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let first = events(&city(3, 60.0), 0, 500);
    assert_eq!(first, events(&city(3, 60.0), 0, 500));
    let (first, other) = (bytes(&first), bytes(&events(&city(4, 60.0), 0, 500)));
    assert_ne!(first, other);
    // The number changes with the generator alone, on no machine by itself.
    assert_eq!(format!("{:016x}", hash(&first)), "f854e9642d18c75b");
}

#[test]
fn a_site_does_not_depend_on_how_many_others_there_are() {
    let alone = City::new(CityOptions { seed: 3, cameras: 4, ..CityOptions::default() });
    assert_eq!(events(&alone.expect("options"), 0, 100), events(&city(3, 0.0), 0, 100));
}

#[test]
fn events_come_in_order_of_time_and_gaps_are_told() {
    let events = events(&city(9, 120.0), 0, 5 * 900);
    let (mut last, mut gaps, mut missing) = (EventTime(i64::MIN), 0, 0);
    for event in &events {
        let time = match event {
            Event::Signal(report) => report.time,
            // A gap is told when it is over, under the time of its last frame.
            Event::Observation(observation) => match &observation.content {
                Content::Gap(gap) => {
                    assert!(gap.from <= gap.to && gap.to == observation.time && gap.frames > 0);
                    assert!(gap.to.since_s(gap.from) <= 5.0);
                    gaps += 1;
                    missing += gap.frames;
                    continue;
                }
                Content::Tracks { .. } => observation.time,
            },
            Event::Truth(_) => continue,
        };
        assert!(time >= last, "{event:?} comes after {last}");
        last = time;
    }
    // 4 cameras, a quarter of an hour, 120 an hour.
    assert!((80..=150).contains(&gaps), "{gaps}");
    let seen = observations(&events);
    let frames = seen.iter().filter(|o| matches!(o.content, Content::Tracks { .. })).count();
    assert!(frames as u64 + u64::from(missing) >= 4 * 5 * 900 - 4 * 25);
    for camera in ["north", "east", "south", "west"] {
        let of_it = seen.iter().filter(|o| o.camera.as_str() == camera);
        assert!(of_it.enumerate().all(|(number, o)| o.sequence == number as u64));
    }
}

#[test]
fn a_scene_stays_bounded() {
    let events = events(&city(1, 0.0), 0, 5 * 1_800);
    let counts = observations(&events).into_iter().map(|observation| match &observation.content {
        Content::Tracks { tracks, .. } => tracks.len(),
        Content::Gap(_) => 0,
    });
    let (most, sum) = counts.fold((0, 0), |(most, sum), count| (most.max(count), sum + count));
    let mean = sum as f64 / (4.0 * 5.0 * 1_800.0);
    assert!(most <= 60 && (4.0..=30.0).contains(&mean), "{most} at most, {mean} on average");
}

fn tape(gaps_per_hour: f64) -> (City, Vec<Event>, Arc<Tape>) {
    let city = city(3, gaps_per_hour);
    let events = events(&city, 0, 5 * 160);
    let tape = Tape::new(city.options().start, PERIOD_US, events.clone()).expect("a tape");
    (city, events, Arc::new(tape))
}

fn decode(value: &[u8]) -> Observation {
    Observation::from_bytes(value).expect("an observation")
}

fn report(value: &[u8]) -> SignalReport {
    SignalReport::from_bytes(value).expect("a report")
}

#[test]
fn a_tape_from_its_begin_is_the_stream_itself() {
    let (city, events, tape) = tape(120.0);
    let site = SiteId::from("city-0000");
    let mut player =
        TapePlayer::new(Arc::clone(&tape), site, "simulated-3", city.options().start, 4, 0);
    let mut played = Vec::new();
    player.until(PERIOD_US, &mut played).expect("messages");
    let (mut values, mut reports) = (Vec::new(), Vec::new());
    for item in played {
        match item {
            Message::Observation { value, .. } => values.extend(value),
            Message::Signal { value, .. } => reports.push(report(&value)),
            Message::Passage { .. } | Message::Truth(_) => {}
        }
    }
    assert!(values == bytes(&events), "the bytes differ");
    let signals: Vec<SignalReport> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::Signal(report) => Some(report),
            _ => None,
        })
        .collect();
    assert_eq!(reports, signals);
}

#[test]
fn a_tape_goes_round_under_new_runs() {
    let (city, _, tape) = tape(120.0);
    let start = city.options().start;
    let mut player = TapePlayer::new(tape, SiteId::from("elsewhere"), "run", start, 2, 50_000_000);
    let mut played = Vec::new();
    for seconds in 1..=400 {
        player.until(seconds * 1_000_000, &mut played).expect("messages");
    }
    let mut last = start;
    let mut runs: Vec<String> = Vec::new();
    let mut sequences = [0_u64; 2];
    for item in &played {
        match item {
            Message::Observation { key, time, states, value } => {
                let observation = decode(value);
                assert_eq!(key, &format!("elsewhere/{}", observation.camera));
                assert_eq!((observation.site.as_str(), observation.time), ("elsewhere", *time));
                assert!(*time >= start && time.since_s(start) < 400.0);
                if states.is_some() {
                    assert!(*time >= last);
                    last = *time;
                }
                if runs.last() != Some(&observation.run.0) {
                    runs.push(observation.run.0.clone());
                    sequences = [0; 2];
                }
                let index = usize::from(observation.camera.as_str() == "east");
                assert_eq!(observation.sequence, sequences[index]);
                sequences[index] += 1;
                match observation.content {
                    Content::Tracks { tracks, .. } => {
                        assert_eq!(*states, Some(tracks.len() as u32));
                    }
                    Content::Gap(gap) => {
                        assert_eq!(gap.to, observation.time);
                        assert!(gap.from >= start && states.is_none());
                    }
                }
            }
            Message::Signal { key, time, value } => {
                let report = report(value);
                assert_eq!((report.time, key.as_str()), (*time, report.site.as_str()));
                assert!(*time >= start && key == "elsewhere");
            }
            Message::Passage { .. } => unreachable!("a site has none"),
            Message::Truth(truth) => {
                assert!(truth.time >= start && ["north", "east"].contains(&truth.camera.as_str()));
            }
        }
    }
    assert_eq!(runs, ["run", "run-1", "run-2"]);
}
