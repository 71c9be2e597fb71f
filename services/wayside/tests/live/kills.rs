//! `wayside run` is killed at any instant: nothing acknowledged is lost or doubled, and nobody can
//! tell from the outcomes that it happened (BU-1, EV-1).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use wayside_bus::{Log, LogOptions, Record, Topic};
use wayside_enforcement::{Enforcer, Options};
use wayside_proto::{Content, GapCause};
use wayside_rules::signals::{SignalHistory, read_csv};
use wayside_site::Site;

use crate::cameras::serve;
use crate::told::{Told, records};
use crate::worker::{Ended, Worker};
use crate::{junction, pass, turn, wall};

const CAMERAS: [&str; 2] = ["one", "two"];
/// The usual 12.5 frames a second, where half of them is lost.
const UNTOLD_S_MAX: f64 = 1.0;

#[test]
fn three_kills_leave_no_trace() {
    kills(3, 7);
}

#[test]
#[ignore = "takes minutes; see make soak"]
fn soak_fifty_kills_leave_no_trace() {
    kills(50, 11);
}

fn kills(rounds: usize, seed: u64) {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let servers = CAMERAS.map(|_| serve(junction::busiest()));
    let urls = servers.each_ref().map(|server| format!("url = \"{}\"", server.url()));
    let cameras: Vec<(&str, String)> = CAMERAS.into_iter().zip(urls).collect();
    junction::write_half_red(dir.path(), &wall().plus_s(-60.0).to_string(), &cameras);
    let mut chance = seed;
    let mut printed = BTreeSet::new();
    for round in 0..rounds {
        let worker = Worker::start("run", dir.path(), ["--json"]);
        if round % 2 == 0 {
            // Every other round is killed while it works, the others perhaps before.
            worker.until_connected(&CAMERAS);
        }
        pass(mix(&mut chance) * 6.0);
        check(dir.path(), &worker.kill(), &mut printed);
    }
    let worker = Worker::start("run", dir.path(), ["--json"]);
    worker.until_connected(&CAMERAS);
    pass(4.0);
    if printed.is_empty() {
        // Where the machine drops many frames, it takes a while until a vehicle is seen well enough.
        worker.until("outcome", Duration::from_secs(600), |worker| {
            worker.metric("wayside_outcomes_total", &[]) > 0.0
        });
    }
    let ended = worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told = check(dir.path(), &ended, &mut printed);
    for id in CAMERAS {
        between_runs(&told, id);
    }
    let anew = judged_anew(dir.path());
    let found: BTreeMap<&String, &Vec<u8>> =
        told.outcomes.iter().map(|(id, (_, bytes))| (id, bytes)).collect();
    println!(
        "{rounds} kills: {} observations in {} and {} runs, {} outcomes, {} of them printed",
        told.observations.len(),
        told.runs("one").len(),
        told.runs("two").len(),
        found.len(),
        printed.len()
    );
    assert!(!found.is_empty(), "no outcomes: nothing was tested");
    let anew: BTreeMap<&String, &Vec<u8>> =
        anew.outcomes.iter().map(|(id, (_, bytes))| (id, bytes)).collect();
    let missing: Vec<_> = anew.keys().filter(|id| !found.contains_key(**id)).collect();
    let surplus: Vec<_> = found.keys().filter(|id| !anew.contains_key(**id)).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?}, surplus {surplus:?}");
    assert!(found == anew, "the bytes differ");
}

/// Asserts that the log is whole, and that what was printed is in it, once.
#[track_caller]
fn check(dir: &Path, ended: &Ended, printed: &mut BTreeSet<String>) -> Told {
    // Opening tells of damage; reading, of what was stored twice.
    let told = Told::read(&dir.join("data"));
    for id in CAMERAS {
        if !told.of_camera(id).is_empty() {
            told.check(id, UNTOLD_S_MAX);
        }
    }
    // A line that was cut off by the kill was not printed.
    let whole = ended.stdout.rsplit_once('\n').map_or("", |(whole, _)| whole);
    for line in whole.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = line["id"].as_str().unwrap().to_owned();
        assert!(told.outcomes.contains_key(&id), "printed and not stored: {line}");
        assert!(printed.insert(id), "printed twice: {line}");
    }
    told
}

/// Asserts that a run begins with the gap since the one before it.
#[track_caller]
fn between_runs(told: &Told, id: &str) {
    let observations = told.of_camera(id);
    for pair in observations.windows(2).filter(|pair| pair[0].run != pair[1].run) {
        let Content::Gap(gap) = pair[1].content else { panic!("{id}: {:?}", pair[1]) };
        assert_eq!((gap.cause, gap.from), (GapCause::Lost, pair[0].time), "{id}");
    }
}

/// What one enforcer makes of all observations of the log, from the first on.
fn judged_anew(dir: &Path) -> Told {
    let fresh = tempfile::tempdir().unwrap();
    let log = Log::open(&dir.join("data"), LogOptions::default()).unwrap();
    let copy = Log::open(fresh.path(), LogOptions::default()).unwrap();
    for topic in [Topic::Signals, Topic::Observations] {
        let all: Vec<Record> = records(&log, topic)
            .into_iter()
            .map(|s| Record { key: s.key, time: s.time, id: s.id, value: s.value })
            .collect();
        for part in all.chunks(500) {
            copy.append(topic, part.to_vec()).unwrap();
        }
    }
    let text = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    let site = Site::parse("site.toml", &text("site.toml")).unwrap();
    let signals = read_csv("signals.csv", &text("signals.csv"), &site).unwrap();
    let history = SignalHistory::with_records(&site.file().signals, signals);
    let bus = std::sync::Arc::new(copy.clone());
    let mut enforcer = Enforcer::join(bus, [(site, history)], Options::default()).unwrap();
    let now = wayside_proto::EventTime(i64::MAX);
    loop {
        let progress = enforcer.run_once(now, Duration::ZERO).unwrap();
        if progress.partitions > 0 && progress.lag == 0 && !progress.catching_up {
            return Told::of(&copy);
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): 0 to 1, the same for the same seed.
fn mix(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
