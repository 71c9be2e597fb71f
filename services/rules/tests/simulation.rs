//! Exact tracks of a simulated junction against its truth. Set `WAYSIDE_SIM` to a folder whose
//! subfolders (all of them, or those named in `WAYSIDE_SIM_SEEDS`, separated by commas) hold
//! `tracks.csv.gz`, `signals.csv` and `truth.csv`; without it the test says so and passes.

// The crate is pure; this test is the shell around it that reads the recorded tracks.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use wayside_proto::{
    CameraId, ClockSource, Content, Covariance2, EventTime, Observation, Outcome, RoadUserClass,
    RunId, TrackId, TrackState, Verdict,
};
use wayside_rules::signals::{SignalHistory, read_csv};
use wayside_rules::{Counts, Engine};
use wayside_site::Site;

/// One sample of the tracks, seconds.
const SAMPLE_S: f64 = 0.04;
/// How far before the line the truth's detector lies, metres.
const DETECTOR_M: f64 = 0.05;

struct Truth {
    rule: String,
    time_s: f64,
    class: String,
    value: f64,
    speed_ms: f64,
}

#[test]
fn exact_tracks_give_the_truth() {
    let Ok(folder) = std::env::var("WAYSIDE_SIM") else {
        println!("skipped: WAYSIDE_SIM is not set");
        return;
    };
    let mut wrong = 0;
    for seed in seeds(Path::new(&folder)) {
        let (outcomes, counts) = replay(&seed);
        wrong += compare(&seed, &outcomes, &counts);
    }
    assert_eq!(wrong, 0, "see the output for what differs from the truth");
}

fn seeds(folder: &Path) -> Vec<PathBuf> {
    let wanted = std::env::var("WAYSIDE_SIM_SEEDS").ok();
    let mut seeds: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of WAYSIDE_SIM")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("tracks.csv.gz").is_file())
        .filter(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            wanted.as_ref().is_none_or(|w| name.is_some_and(|n| w.split(',').any(|s| s == n)))
        })
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "no tracks.csv.gz below {}", folder.display());
    seeds
}

fn replay(seed: &Path) -> (Vec<Outcome>, Counts) {
    let text = include_str!("simulation/site.toml");
    let site = Site::parse("site.toml", text).expect("a site");
    let log = fs::read_to_string(seed.join("signals.csv")).expect("signals");
    let records = read_csv("signals.csv", &log, &site).expect("records");
    let signals = SignalHistory::with_records(&site.file().signals, records);
    let mut engine = Engine::new(&site);
    let mut outcomes = Vec::new();
    for (index, (time_us, tracks)) in tracks(seed).into_iter().enumerate() {
        let observation = Observation {
            site: site.id(),
            camera: CameraId::from("tracks"),
            run: RunId::from("run"),
            sequence: index as u64,
            time: EventTime(site.start().0 + time_us),
            clock_source: ClockSource::Recording,
            clock_uncertainty_us: 0,
            content: Content::Tracks { tracks, skipped_still: false },
        };
        outcomes.extend(engine.observe(&observation, &signals));
    }
    let (last, counts) = engine.finish(&signals);
    outcomes.extend(last);
    (outcomes, counts)
}

/// States by microsecond.
fn tracks(seed: &Path) -> BTreeMap<i64, Vec<TrackState>> {
    let file = fs::File::open(seed.join("tracks.csv.gz")).expect("tracks");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
    let mut instants: BTreeMap<i64, Vec<TrackState>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |index: usize| fields[index].parse::<f64>().expect("a number");
        let heading_rad = (90.0 - number(5)).to_radians();
        let speed = number(6);
        instants.entry((number(0) * 1e6).round() as i64).or_default().push(TrackState {
            id: TrackId(fields[1].parse().expect("an id")),
            class: RoadUserClass::parse(fields[2]).expect("a class"),
            class_confidence: 1.0,
            confidence: 1.0,
            box_px: None,
            front_m: [number(3), number(4)],
            front_cov_m2: Covariance2::isotropic(0.01),
            heading_rad,
            heading_sigma_rad: 0.01,
            velocity_ms: [libm::cos(heading_rad) * speed, libm::sin(heading_rad) * speed],
            velocity_cov_m2s2: Covariance2::isotropic(0.01),
            length_m: number(7),
            width_m: number(8),
            measured: true,
        });
    }
    instants
}

fn truth(seed: &Path) -> Vec<Truth> {
    let text = fs::read_to_string(seed.join("truth.csv")).expect("truth");
    text.lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields[0] != "clean_crossing")
        .map(|fields| Truth {
            rule: fields[0].to_owned(),
            time_s: fields[1].parse().expect("seconds"),
            class: fields[4].to_owned(),
            value: fields[6].parse().expect("a value"),
            speed_ms: fields[8]
                .split(';')
                .find_map(|note| note.strip_prefix("speed_ms=")?.parse().ok())
                .unwrap_or(1.0),
        })
        .collect()
}

/// Prints a table and returns how many events differ.
fn compare(seed: &Path, outcomes: &[Outcome], counts: &Counts) -> usize {
    let truth = truth(seed);
    let start = EventTime::parse("2026-06-01T07:00:00Z").expect("an instant");
    let mut wrong = 0;
    println!("{}", seed.display());
    for rule in ["red_light", "wrong_way", "no_stopping"] {
        let mut found: Vec<&Outcome> =
            outcomes.iter().filter(|o| o.rule == rule && o.verdict == Verdict::Violation).collect();
        let (mut hits, mut misses, mut worst_s, mut inside) = (0, 0, 0.0_f64, 0);
        for event in truth.iter().filter(|event| event.rule == rule) {
            let error = |o: &Outcome| (o.event_time.since_s(start) - event.time_s).abs();
            let nearest =
                (0..found.len()).min_by(|&a, &b| error(found[a]).total_cmp(&error(found[b])));
            match nearest.filter(|&i| {
                error(found[i]) <= SAMPLE_S + 1e-6
                    && RoadUserClass::from(found[i].class).as_str() == event.class
            }) {
                Some(index) => {
                    let outcome = found.remove(index);
                    hits += 1;
                    worst_s = worst_s.max(error(outcome));
                    let name = match rule {
                        "red_light" => "time_into_red",
                        "wrong_way" => "duration",
                        _ => "dwell",
                    };
                    let quantity = outcome.quantities.iter().find(|q| q.name == name);
                    // The truth's detector lies 5 cm before the line.
                    let late_s =
                        if rule == "red_light" { DETECTOR_M / event.speed_ms } else { 0.0 };
                    let holds = quantity.is_some_and(|q| {
                        q.low.is_none_or(|low| low <= event.value + late_s + 5e-4)
                            && q.high.is_none_or(|high| high >= event.value - 5e-4)
                    });
                    inside += usize::from(holds);
                    if !holds {
                        println!("  {rule} {}: {quantity:?} does not hold the truth", event.value);
                    }
                }
                None => {
                    misses += 1;
                    println!("  missed {rule} at {:.3}", event.time_s);
                }
            }
        }
        for outcome in &found {
            println!("  false {}", line(outcome, start));
        }
        println!(
            "  {rule}: true {hits}, missed {misses}, false {}, worst time error {worst_s:.4} s, interval holds {inside}",
            found.len()
        );
        wrong += misses + found.len();
    }
    for outcome in outcomes {
        let is_void = outcome.verdict != Verdict::Violation;
        if is_void || !["red_light", "wrong_way", "no_stopping"].contains(&outcome.rule) {
            println!("  other {}", line(outcome, start));
        }
    }
    let on_red: u64 = counts.pedestrian_on_red.values().map(|count| count.count).sum();
    let vehicles: u64 = counts.flow.iter().map(|flow| flow.vehicles).sum();
    println!("  pedestrians on red {on_red}, vehicles through lanes {vehicles}");
    wrong
}

fn line(outcome: &Outcome, start: EventTime) -> String {
    let quantities: Vec<String> = outcome
        .quantities
        .iter()
        .map(|q| format!("{} {:.3} [{:?}, {:?}]", q.name, q.value, q.low, q.high))
        .collect();
    format!(
        "{} {:.3} track {} {:?} at {} {} {:?}",
        outcome.rule,
        outcome.event_time.since_s(start),
        outcome.track,
        outcome.class,
        outcome.place,
        quantities.join(", "),
        outcome.verdict
    )
}
