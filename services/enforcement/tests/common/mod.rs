//! Long streams of observations, put together from the scenarios of the rules, and a log with them.
#![allow(dead_code)]

#[path = "../../../rules/tests/common/scenario.rs"]
pub mod scenario;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use scenario::{File, Scenario};
use wayside_bus::{Log, LogOptions, Offset, Position, Record, Stored, Topic};
use wayside_enforcement::{Enforcer, Options, Progress};
use wayside_proto::convert::Message;
use wayside_proto::{CameraId, Content, EventTime, Observation, RunId, TrackId};
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_site::Site;

/// Observations of a site in the order of the log, and its signals.
pub struct Stream {
    pub site: Site,
    pub signals: SignalHistory,
    pub observations: Vec<Observation>,
}

/// Scenarios that happen on the same road and have signals in a log.
pub fn scenarios() -> Vec<Scenario> {
    let texts = [
        include_str!("../../../rules/tests/scenarios/red_light.toml"),
        include_str!("../../../rules/tests/scenarios/stop_line.toml"),
        include_str!("../../../rules/tests/scenarios/wrong_way.toml"),
        include_str!("../../../rules/tests/scenarios/no_stopping.toml"),
        include_str!("../../../rules/tests/scenarios/junction.toml"),
        include_str!("../../../rules/tests/scenarios/crossing.toml"),
    ];
    let files = texts.iter().map(|text| toml::from_str::<File>(text).expect("scenarios"));
    let all = files.flat_map(|file| file.scenario);
    all.filter(|s| !s.left_hand && s.lamps.is_empty() && s.start.is_none()).collect()
}

/// One scenario after the other, `overlap_s` apart (before the end of the one before, where it is
/// negative), the same ones for two cameras in opposite order, one of which starts anew on the way.
pub fn stream(chosen: &[Scenario], apart_s: f64) -> Stream {
    let site = scenario::site(&chosen[0]);
    let mut rows: Vec<SignalRecord> = Vec::new();
    let mut by_camera: Vec<Vec<Observation>> = vec![Vec::new(), Vec::new()];
    let mut shift_us = 0;
    for (place, scenario) in chosen.iter().enumerate() {
        let observations = scenario::observations(scenario, &site);
        let last = observations.iter().map(|o| o.time).max().expect("observations");
        let default = vec![(-10.0, "S".to_owned(), "green".to_owned())];
        for (t, group, state) in scenario.signals.as_ref().unwrap_or(&default) {
            let at = site.start().plus_s(t.max(-4.0));
            rows.push(SignalRecord {
                time: EventTime(at.0 + shift_us),
                group: group.clone(),
                state: wayside_proto::SignalColour::parse(state).expect("a state"),
                source: SignalSource::Log,
            });
        }
        for (camera, into) in ["east", "west"].into_iter().zip(&mut by_camera) {
            let run =
                if camera == "west" && place >= chosen.len() / 2 { "second" } else { "first" };
            // The second camera sees the same a little later.
            let late_us = if camera == "west" { 30_000 } else { 0 };
            for observation in &observations {
                let mut seen = observation.clone();
                seen.camera = CameraId::from(camera);
                seen.run = RunId::from(run);
                move_by(&mut seen, shift_us + late_us, place as u64 * 1_000);
                into.push(seen);
            }
        }
        shift_us += last.since_s(site.start()).mul_add(1e6, apart_s * 1e6).round() as i64;
    }
    rows.sort_by_key(|row| row.time);
    let signals = SignalHistory::with_records(&site.file().signals, rows);
    let mut observations: Vec<Observation> = by_camera.into_iter().flat_map(merged).collect();
    // Each camera in its order, both about as they come; sorting is stable.
    observations.sort_by_key(|observation| observation.time);
    Stream { site, signals, observations }
}

/// Scenarios that overlap in time are one picture: frames of one instant are put together.
fn merged(observations: Vec<Observation>) -> Vec<Observation> {
    let mut at: BTreeMap<(EventTime, bool), Observation> = BTreeMap::new();
    for observation in observations {
        let is_frame = matches!(observation.content, Content::Tracks { .. });
        match at.entry((observation.time, is_frame)) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(observation);
            }
            std::collections::btree_map::Entry::Occupied(mut taken) => {
                let into = &mut taken.get_mut().content;
                if let (Content::Tracks { tracks: a, .. }, Content::Tracks { tracks: b, .. }) =
                    (into, observation.content)
                {
                    a.extend(b);
                }
            }
        }
    }
    let mut sequence: BTreeMap<RunId, u64> = BTreeMap::new();
    let mut result: Vec<Observation> = at.into_values().collect();
    // A run ends where the next begins.
    let turn = result.iter().position(|o| o.run.as_str() == "second").unwrap_or(result.len());
    for (place, observation) in result.iter_mut().enumerate() {
        observation.run = RunId::from(if place >= turn { "second" } else { "first" });
        let number = sequence.entry(observation.run.clone()).or_default();
        observation.sequence = *number;
        *number += 1;
    }
    result
}

fn move_by(observation: &mut Observation, us: i64, ids: u64) {
    observation.time.0 += us;
    match &mut observation.content {
        Content::Gap(gap) => {
            gap.from.0 += us;
            gap.to.0 += us;
        }
        Content::Tracks { tracks, .. } => {
            tracks.iter_mut().for_each(|track| track.id = TrackId(track.id.0 + ids));
        }
    }
}

/// The observation as the worker writes it.
pub fn record(observation: &Observation) -> Record {
    let value = observation.to_bytes().expect("a message");
    let Observation { camera, run, sequence, time, .. } = observation;
    Record {
        key: camera.0.clone(),
        time: time.0,
        id: Some(format!("{camera}/{run}/{sequence}")),
        value,
    }
}

pub fn open(dir: &Path) -> Log {
    Log::open(dir, LogOptions::default()).expect("a log")
}

/// Writes observations to the log.
pub fn publish(log: &Log, observations: &[Observation]) {
    for batch in observations.chunks(1_000) {
        log.append(Topic::Observations, batch.iter().map(record).collect()).expect("stored");
    }
}

/// A time that nothing is ahead of.
pub const NOW: EventTime = EventTime(i64::MAX);

pub fn enforcer(stream: &Stream, log: &Log, options: &Options) -> Enforcer {
    let sites = [(stream.site.clone(), stream.signals.clone())];
    Enforcer::join(Arc::new(log.clone()), sites, options.clone()).expect("a member")
}

/// One step, without waiting for anything.
pub fn step(enforcer: &mut Enforcer) -> Progress {
    enforcer.run_once(NOW, Duration::ZERO).expect("progress")
}

/// Runs until everything was read.
pub fn run_to_end(enforcer: &mut Enforcer) {
    loop {
        let progress = step(enforcer);
        if progress.partitions > 0 && progress.lag == 0 {
            break;
        }
    }
}

/// The next record that it will read, and the first that a restart would read.
pub fn position(enforcer: &mut Enforcer) -> Position {
    enforcer.positions().first().map_or(Position { next: Offset(0), rewind: Offset(0) }, |p| p.1)
}

/// Everything in a topic.
pub fn all(log: &Log, topic: Topic) -> Vec<Stored> {
    let (mut records, mut from) = (Vec::new(), Offset(0));
    loop {
        let read = log.read(topic, from, 10_000, usize::MAX).expect("records");
        let Some(last) = read.last() else { return records };
        from = last.offset.next();
        records.extend(read);
    }
}

/// The outcomes in the log: id and bytes, in order of id.
pub fn outcomes(log: &Log) -> BTreeMap<String, Vec<u8>> {
    let stored = all(log, Topic::Violations);
    let count = stored.len();
    let by_id: BTreeMap<_, _> =
        stored.into_iter().map(|s| (s.id.expect("an id"), s.value)).collect();
    assert_eq!(by_id.len(), count, "an id is stored once");
    by_id
}
