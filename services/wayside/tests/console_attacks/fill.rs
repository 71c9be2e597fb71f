//! A folder of data as Wayside leaves it behind: what a camera saw, what rules held for violations, their sealed
//! packages, on the bus and in the store. What is attacked then has something to lose.

use std::fs;
use std::path::Path;

use wayside_bus::{Log, LogOptions, Record, Topic};
use wayside_cases::CaseId;
use wayside_package::{ChainLink, Draft, Package};
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraHealth, ClockSource, EventTime, Evidence, EvidenceResult, FrameCounts, Observation,
    Outcome, ReportSource, RoadUserClass, SealedPackage, SignalReport,
};

use crate::package_fixture::{ROAD, User, draft_of, key, ring};

/// Violations that wait for a decision.
pub const CASES: usize = 6;

/// What was put there.
pub struct Filled {
    /// Ids of the violations.
    pub violations: Vec<String>,
    /// Ids of their cases.
    pub cases: Vec<String>,
}

/// Fills a folder. `change` may do something to the text of the site file.
pub fn fill(dir: &Path, change: impl Fn(&str) -> String) -> Filled {
    let now = wayside_http::Clock::system().now();
    // Everything happens within the console's view of the last minutes.
    let start = now.plus_s(-90.0);
    let text = change(&ROAD.replace("2026-06-01T12:00:00Z", &start.to_string()));
    fs::create_dir_all(dir.join("store/road")).expect("a store");
    fs::create_dir_all(dir.join("keys")).expect("a folder of keys");
    fs::write(dir.join("site.toml"), &text).expect("a site file");
    for (_, ring_key) in ring(7).iter() {
        let file = ring_key.to_file().expect("a public key");
        fs::write(dir.join("keys/city.pub.pem"), file).expect("written");
    }
    let log = Log::open(&dir.join("data"), LogOptions::default()).expect("a log");
    let mut filled = Filled { violations: Vec::new(), cases: Vec::new() };
    let mut link = ChainLink::first();
    for number in 0..CASES {
        // Each car comes a little later: another instant, another violation.
        let late = number as f64 * 0.5;
        let path = vec![(late, -80.0, -1.75), (late + 20.0, 120.0, -1.75)];
        let draft = draft_of(&text, "red_light", &[User(RoadUserClass::Car, path)], 25.0);
        if number == 0 {
            seen(&log, &draft, now);
        }
        let sealed = draft.seal(&key(7), &link, start.plus_s(40.0)).expect("sealed");
        link = Package::open(&sealed.bytes).expect("whole").next_link();
        let uri = format!("road/{}.wayside", draft.outcome.id);
        fs::write(dir.join("store").join(&uri), &sealed.bytes).expect("stored");
        let evidence = Evidence {
            violation: draft.outcome.id.clone(),
            site: draft.outcome.site.clone(),
            camera: draft.outcome.camera.clone(),
            event_time: draft.outcome.event_time,
            result: EvidenceResult::Sealed(SealedPackage {
                uri,
                sha256: sealed.sha256,
                size_bytes: sealed.bytes.len() as u64,
                key_id: key(7).verifying().id().as_str().to_owned(),
                chain_number: number as u64,
                sealed_at: start.plus_s(40.0),
            }),
        };
        told(&log, &draft.outcome, &evidence);
        filled.cases.push(CaseId::of(&draft.outcome.id).as_str().to_owned());
        filled.violations.push(draft.outcome.id.0.clone());
    }
    filled
}

/// What the camera saw, and what the lamps showed.
fn seen(log: &Log, draft: &Draft, now: EventTime) {
    let first = draft.observations.first().expect("an observation").clone();
    let key = format!("{}/{}", first.site, first.camera);
    let observed =
        draft.observations.iter().map(|seen: &Observation| record(&key, None, seen.time, seen));
    log.append(Topic::Observations, observed.collect()).expect("appended");
    let signals = draft.signals.iter().map(|signal| {
        let report = SignalReport {
            site: first.site.clone(),
            group: signal.group.clone(),
            state: signal.state,
            time: signal.time,
            source: ReportSource::Log,
        };
        record(first.site.as_str(), None, report.time, &report)
    });
    log.append(Topic::Signals, signals.collect()).expect("appended");
    let health = CameraHealth {
        site: first.site,
        camera: first.camera,
        run: first.run,
        time: now,
        away: None,
        detail: String::new(),
        stood_down: Vec::new(),
        frame_rate: 10.0,
        frames: FrameCounts { received: 250, looked: 250, ..FrameCounts::default() },
        clock_source: ClockSource::Rtcp,
        clock_offset_us: Some(0),
        clock_uncertainty_us: 5_000,
        inference_ms: 8.0,
        provider: "cpu".to_owned(),
        provider_fallback: String::new(),
        clips_url: None,
    };
    log.append(Topic::Health, vec![record(&key, None, now, &health)]).expect("appended");
}

fn told(log: &Log, outcome: &Outcome, evidence: &Evidence) {
    let id = Some(outcome.id.0.clone());
    let violation = record(outcome.site.as_str(), id.clone(), outcome.event_time, outcome);
    log.append(Topic::Violations, vec![violation]).expect("appended");
    let key = format!("{}/{}", outcome.site, outcome.id);
    let sealed = record(&key, id, outcome.event_time, evidence);
    log.append(Topic::Evidence, vec![sealed]).expect("appended");
}

fn record(key: &str, id: Option<String>, time: EventTime, message: &impl Message) -> Record {
    let value = message.to_bytes().expect("a message");
    Record { key: key.to_owned(), time: time.0, id, value }
}
