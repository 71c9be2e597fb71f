//! A road, what drives on it, and packages of it.
#![allow(dead_code)] // Each test file uses its part.

use wayside_package::{
    ChainLink, Draft, KeyRing, ModelRecord, Package, Place, ProgramRecord, Sealed, SigningKey,
    keys::RingKey,
};
use wayside_proto::{
    BoxPx, CameraId, ClockSource, Content, Covariance2, EventTime, Moment, Observation, Outcome,
    RedactedClip, RedactedStill, RedactionRecord, RoadUserClass, RunId, SignalColour, TrackId,
    TrackState, Verdict,
};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_site::Site;

pub const ROAD: &str = include_str!("../road.toml");

/// A road user: class, and where its front is when (seconds, metres).
pub struct User(pub RoadUserClass, pub Vec<(f64, f64, f64)>);

pub fn site(text: &str) -> Site {
    Site::parse("road.toml", text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

pub fn observations(site: &Site, users: &[User], until_s: f64) -> Vec<Observation> {
    let frames = (until_s * 10.0).round() as u64;
    let observation = |frame: u64| {
        let t = frame as f64 / 10.0;
        let tracks = (1..).zip(users).filter_map(|(id, user)| state(user, id, t)).collect();
        Observation {
            site: site.id(),
            camera: CameraId::from("camera"),
            run: RunId::from("run"),
            sequence: frame,
            time: site.start().plus_s(t),
            clock_source: ClockSource::Rtcp,
            clock_uncertainty_us: 5_000,
            content: Content::Tracks { tracks, skipped_still: false },
        }
    };
    (0..=frames).map(observation).collect()
}

fn state(User(class, path): &User, id: u64, t: f64) -> Option<TrackState> {
    let index = path.windows(2).position(|pair| t >= pair[0].0 - 1e-9 && t <= pair[1].0 + 1e-9)?;
    let ((t0, x0, y0), (t1, x1, y1)) = (path[index], path[index + 1]);
    let share = (t - t0) / (t1 - t0);
    let moves = |i: usize| {
        let (dx, dy) = (path[i + 1].1 - path[i].1, path[i + 1].2 - path[i].2);
        (dx != 0.0 || dy != 0.0).then(|| libm::atan2(dy, dx))
    };
    let heading = (0..=index).rev().find_map(moves).unwrap_or(0.0);
    let person = *class == RoadUserClass::Person;
    let (x, y) = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
    let left = (640.0 + 4.0 * x) as f32;
    Some(TrackState {
        id: TrackId(id),
        class: *class,
        class_confidence: 0.9,
        confidence: 0.8,
        box_px: Some(BoxPx { x0: left, y0: 300.0, x1: left + 60.0, y1: 350.0 }),
        front_m: [x, y],
        front_cov_m2: Covariance2::isotropic(0.05),
        heading_rad: heading,
        heading_sigma_rad: 0.05,
        velocity_ms: [(x1 - x0) / (t1 - t0), (y1 - y0) / (t1 - t0)],
        velocity_cov_m2s2: Covariance2::isotropic(0.05),
        length_m: if person { 0.5 } else { 4.5 },
        width_m: if person { 0.5 } else { 1.8 },
        measured: true,
    })
}

/// The light turns red after 5 s.
pub fn signals(site: &Site) -> Vec<SignalRecord> {
    let record = |t: f64, group: &str, state| SignalRecord {
        time: site.start().plus_s(t),
        group: group.to_owned(),
        state,
        source: SignalSource::Log,
    };
    vec![
        record(-90.0, "S", SignalColour::Red),
        record(-60.0, "S", SignalColour::Green),
        record(-60.0, "P", SignalColour::Red),
        record(0.0, "P", SignalColour::Green),
        record(2.0, "S", SignalColour::Yellow),
        record(5.0, "S", SignalColour::Red),
        record(65.0, "S", SignalColour::Green),
        record(90.0, "S", SignalColour::Yellow),
    ]
}

/// The violations that the rules find.
pub fn violations(
    site: &Site,
    observations: &[Observation],
    signals: &[SignalRecord],
) -> Vec<Outcome> {
    let history = SignalHistory::with_records(&site.file().signals, signals.iter().cloned());
    let mut engine = Engine::new(site);
    let mut out: Vec<Outcome> =
        observations.iter().flat_map(|o| engine.observe(o, &history)).collect();
    out.extend(engine.finish(&history).0);
    out.retain(|outcome| outcome.verdict == Verdict::Violation);
    out
}

/// The draft of the one violation of `rule` that these users commit.
pub fn draft_of(text: &str, rule: &str, users: &[User], until_s: f64) -> Draft {
    let site = site(text);
    let observations = observations(&site, users, until_s);
    let signals = signals(&site);
    let mut found = violations(&site, &observations, &signals);
    found.retain(|outcome| outcome.rule == rule);
    assert_eq!(found.len(), 1, "{rule}: {found:?}");
    let outcome = found.remove(0);
    let at = |seconds: f64| outcome.event_time.plus_s(seconds);
    let still = |moment: Moment, seconds: f64| RedactedStill {
        moment,
        time: at(seconds),
        jpeg: [b"\xff\xd8\xff made for a test: ".as_slice(), moment.as_str().as_bytes()].concat(),
    };
    let clip = RedactedClip {
        violation: outcome.id.clone(),
        width_px: 1280,
        height_px: 720,
        mp4: [b"\0\0\0\x18ftypisom made for a test".as_slice(), &[7; 700]].concat(),
        frames: (-20..=20).map(|n| at(f64::from(n) / 10.0)).collect(),
        stills: vec![
            still(Moment::Before, -1.0),
            still(Moment::AtLine, 0.0),
            still(Moment::After, 1.0),
        ],
        redaction: RedactionRecord {
            method: "allow-list 1".to_owned(),
            models: vec![("yolox-nano".to_owned(), "1f".repeat(32))],
            frames: 41,
            hidden_road_users: 120,
            hidden_faces: 3,
            hidden_movers: 17,
            hidden_share: 0.1,
            block_px: (8, 32),
        },
    };
    Draft {
        outcome,
        site_toml: text.to_owned(),
        observations,
        signals,
        clip,
        models: vec![ModelRecord {
            name: "yolox-nano".to_owned(),
            sha256: "1f".repeat(32),
            used_for: "detector".to_owned(),
        }],
        program: ProgramRecord {
            name: "wayside".to_owned(),
            version: "0.1.0".to_owned(),
            sha256: Some("ab".repeat(32)),
        },
    }
}

/// Three seconds into red.
pub fn red_light() -> Draft {
    let car = User(RoadUserClass::Car, vec![(0.0, -80.0, -1.75), (20.0, 120.0, -1.75)]);
    draft_of(ROAD, "red_light", &[car], 20.0)
}

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// A ring with the key of this seed.
pub fn ring(seed: u8) -> KeyRing {
    let mut ring = KeyRing::new();
    ring.add(RingKey::new(key(seed).verifying(), "city"));
    ring
}

pub fn sealed_at() -> EventTime {
    EventTime::parse("2026-06-01T12:01:00Z").expect("an instant")
}

pub fn seal(draft: &Draft) -> Sealed {
    draft.seal(&key(7), &ChainLink::first(), sealed_at()).unwrap_or_else(|e| panic!("{e}"))
}

/// A package of a car that ran a red light, sealed with key 7.
pub fn package() -> Vec<u8> {
    seal(&red_light()).bytes
}

/// The place that holds a byte.
pub fn place_of(package: &[u8], at: usize) -> Place {
    let places = Package::open(package).expect("a whole package").places();
    places.into_iter().find(|(_, range)| range.contains(&at)).expect("a place").0
}

/// SplitMix64: the same numbers in every run.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}
