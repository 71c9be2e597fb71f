//! A small road, its users as waypoints, and what the rules should say. `README.md` beside the
//! scenarios explains the keys.

use serde::Deserialize;
use wayside_proto::{
    CameraId, ClockSource, Content, Covariance2, EventTime, Gap, GapCause, Observation, Outcome,
    RoadUserClass, RunId, SignalColour, TrackId, TrackState, Verdict,
};
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_rules::{Counts, Engine};
use wayside_site::Site;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub scenario: Vec<Scenario>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub title: String,
    #[serde(default)]
    pub start: Option<String>,
    #[serde(default = "ten")]
    pub hz: f64,
    #[serde(default)]
    pub until_s: f64,
    #[serde(default)]
    pub left_hand: bool,
    #[serde(default)]
    pub signals: Option<Vec<(f64, String, String)>>,
    #[serde(default)]
    pub lamps: Vec<(f64, String, String)>,
    #[serde(default)]
    pub gaps: Vec<(f64, f64)>,
    #[serde(default)]
    pub on_red: u64,
    #[serde(default)]
    pub user: Vec<User>,
    #[serde(default)]
    pub expect: Vec<Expect>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    class: String,
    path: Vec<(f64, f64, f64)>,
    #[serde(default)]
    id: Option<u64>,
    #[serde(default = "one")]
    confidence: f64,
    #[serde(default = "sigma")]
    sigma_m: f64,
    #[serde(default)]
    noise_m: f64,
    #[serde(default)]
    hidden: Vec<(f64, f64)>,
    #[serde(default)]
    heading_deg: Option<f64>,
    #[serde(default)]
    length_m: Option<f64>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    rule: String,
    verdict: String,
    time_s: f64,
    #[serde(default = "close")]
    within_s: f64,
    #[serde(default = "first")]
    track: u64,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    quantity: Option<String>,
    #[serde(default)]
    value: f64,
    #[serde(default = "close")]
    by: f64,
    #[serde(default)]
    open_end: bool,
}

fn ten() -> f64 {
    10.0
}
fn one() -> f64 {
    1.0
}
fn sigma() -> f64 {
    0.05
}
fn close() -> f64 {
    0.06
}
fn first() -> u64 {
    1
}

/// The road, mirrored where traffic keeps left.
pub fn site(scenario: &Scenario) -> Site {
    let mut road: toml::Value =
        toml::from_str(include_str!("../scenarios/road.toml")).expect("a road");
    if let Some(start) = &scenario.start {
        road["site"]["start"] = toml::Value::String(start.clone());
    }
    if scenario.left_hand {
        road["site"].as_table_mut().expect("a table").insert("driving_side".into(), "left".into());
        mirror(&mut road);
    }
    let text = toml::to_string(&road).expect("a site file");
    Site::parse("road.toml", &text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Turns the sign of y in every point.
fn mirror(value: &mut toml::Value) {
    match value {
        toml::Value::Array(items) => match items.as_mut_slice() {
            [toml::Value::Float(_), toml::Value::Float(y)] => *y = -*y,
            items => items.iter_mut().for_each(mirror),
        },
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, inner)| mirror(inner)),
        _ => {}
    }
}

pub fn signals(scenario: &Scenario, site: &Site) -> SignalHistory {
    let default = vec![(-10.0, "S".to_owned(), "green".to_owned())];
    let log = scenario.signals.clone().unwrap_or(default);
    let record = |source| {
        move |row: &(f64, String, String)| SignalRecord {
            time: site.start().plus_s(row.0),
            group: row.1.clone(),
            state: SignalColour::parse(&row.2).expect("a state"),
            source,
        }
    };
    let log = log.iter().map(record(SignalSource::Log)).collect::<Vec<_>>();
    let lamps = scenario.lamps.iter().map(record(SignalSource::Lamp));
    SignalHistory::with_records(&site.file().signals, log.into_iter().chain(lamps))
}

pub fn observations(scenario: &Scenario, site: &Site) -> Vec<Observation> {
    let ends = scenario.user.iter().filter_map(|user| user.path.last()).map(|point| point.0);
    let until_s = ends.fold(scenario.until_s, f64::max);
    let frames = (until_s * scenario.hz).round() as u64;
    let mut noise = Noise(1);
    let mut gaps = scenario.gaps.iter().peekable();
    let mut observations = Vec::new();
    for frame in 0..=frames {
        let t = frame as f64 / scenario.hz;
        let mut push = |content| {
            observations.push(Observation {
                site: site.id(),
                camera: CameraId::from("camera"),
                run: RunId::from("run"),
                sequence: frame,
                time: site.start().plus_s(t),
                clock_source: ClockSource::Recording,
                clock_uncertainty_us: 0,
                content,
            });
        };
        if let Some(&(from, to)) = gaps.peek() {
            if t > *to {
                let (from, to) = (site.start().plus_s(*from), site.start().plus_s(*to));
                push(Content::Gap(Gap { from, to, cause: GapCause::Lost, frames: 0 }));
                gaps.next();
            } else if t >= *from {
                continue;
            }
        }
        let users = (1..).zip(&scenario.user);
        let tracks: Vec<TrackState> = users
            .filter_map(|(place, user)| state(user, place, t, scenario.left_hand, &mut noise))
            .collect();
        push(Content::Tracks { tracks, skipped_still: false });
    }
    observations
}

fn state(
    user: &User,
    place: u64,
    t: f64,
    left_hand: bool,
    noise: &mut Noise,
) -> Option<TrackState> {
    let index =
        user.path.windows(2).position(|pair| t >= pair[0].0 - 1e-9 && t <= pair[1].0 + 1e-9)?;
    if user.hidden.iter().any(|&(from, to)| t >= from && t <= to) {
        return None;
    }
    let ((t0, x0, y0), (t1, x1, y1)) = (user.path[index], user.path[index + 1]);
    let share = (t - t0) / (t1 - t0);
    let velocity = [(x1 - x0) / (t1 - t0), (y1 - y0) / (t1 - t0)];
    let heading = user.heading_deg.map_or_else(|| heading(&user.path, index), f64::to_radians);
    let side = if left_hand { -1.0 } else { 1.0 };
    let class = RoadUserClass::parse(&user.class).expect("a class");
    let person = class == RoadUserClass::Person;
    let front = [
        x0 + (x1 - x0) * share + noise.next() * user.noise_m,
        (y0 + (y1 - y0) * share + noise.next() * user.noise_m) * side,
    ];
    Some(TrackState {
        id: TrackId(user.id.unwrap_or(place)),
        class,
        class_confidence: user.confidence as f32,
        confidence: 0.9,
        box_px: None,
        front_m: front,
        front_cov_m2: Covariance2::isotropic(user.sigma_m),
        heading_rad: heading * side,
        heading_sigma_rad: 0.05,
        velocity_ms: [velocity[0], velocity[1] * side],
        velocity_cov_m2s2: Covariance2::isotropic(0.05),
        length_m: user.length_m.unwrap_or(if person { 0.5 } else { 4.5 }),
        width_m: if person { 0.5 } else { 1.8 },
        measured: true,
    })
}

/// The direction of the nearest segment that moves: before, or else after.
fn heading(path: &[(f64, f64, f64)], index: usize) -> f64 {
    let direction = |i: usize| {
        let (dx, dy) = (path[i + 1].1 - path[i].1, path[i + 1].2 - path[i].2);
        (dx != 0.0 || dy != 0.0).then(|| libm::atan2(dy, dx))
    };
    let before = (0..=index).rev().find_map(direction);
    before.or_else(|| (index..path.len() - 1).find_map(direction)).unwrap_or(0.0)
}

/// About normal, mean 0 and deviation 1, the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        let mut uniform = || {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..12).map(|_| uniform()).sum::<f64>() - 6.0
    }
}

pub fn run(
    site: &Site,
    signals: &SignalHistory,
    observations: &[Observation],
) -> (Vec<Outcome>, Counts) {
    let mut engine = Engine::new(site);
    let mut outcomes: Vec<Outcome> =
        observations.iter().flat_map(|observation| engine.observe(observation, signals)).collect();
    let (last, counts) = engine.finish(signals);
    outcomes.extend(last);
    for outcome in &outcomes {
        // What the rules conclude can always be sent.
        wayside_proto::wire::RuleOutcome::try_from(outcome)
            .expect("an outcome breaks the contract");
    }
    (outcomes, counts)
}

pub fn replay(scenario: &Scenario) -> (Vec<Outcome>, Counts) {
    let site = site(scenario);
    run(&site, &signals(scenario, &site), &observations(scenario, &site))
}

/// What differs from the expectation.
pub fn check(scenario: &Scenario, (outcomes, counts): &(Vec<Outcome>, Counts)) -> Vec<String> {
    let start = site(scenario).start();
    let mut left: Vec<&Outcome> = outcomes.iter().collect();
    let mut problems = Vec::new();
    for expect in &scenario.expect {
        match left.iter().position(|outcome| meets(expect, outcome, start)) {
            Some(index) => {
                left.remove(index);
            }
            None => problems.push(format!("missing {} {}", expect.rule, expect.verdict)),
        }
    }
    for outcome in left {
        problems.push(format!(
            "not expected: {} {} at {:.3} s, {}, track {}, {:?}, {:?}",
            outcome.rule,
            verdict(outcome),
            outcome.event_time.since_s(start),
            outcome.place,
            outcome.track,
            outcome.quantities.iter().map(|q| (q.name, q.value, q.low, q.high)).collect::<Vec<_>>(),
            outcome.verdict,
        ));
    }
    let on_red: u64 = counts.pedestrian_on_red.values().map(|count| count.count).sum();
    if on_red != scenario.on_red {
        problems.push(format!("{on_red} people on red instead of {}", scenario.on_red));
    }
    problems
}

fn verdict(outcome: &Outcome) -> &'static str {
    match &outcome.verdict {
        Verdict::Violation => "violation",
        Verdict::Void { cause, .. } => cause.as_str(),
    }
}

fn meets(expect: &Expect, outcome: &Outcome, start: EventTime) -> bool {
    let quantity = expect.quantity.as_ref().is_none_or(|name| {
        outcome.quantities.iter().any(|q| {
            q.name == name
                && (q.value - expect.value).abs() <= expect.by
                && q.low.is_none_or(|low| low <= q.value)
                && q.high.is_none_or(|high| high >= q.value)
                && q.high.is_none() == expect.open_end
        })
    });
    expect.rule == outcome.rule
        && expect.verdict == verdict(outcome)
        && (outcome.event_time.since_s(start) - expect.time_s).abs() <= expect.within_s
        && outcome.track.0 == expect.track
        && expect.place.as_ref().is_none_or(|place| *place == outcome.place)
        && quantity
}
