//! Simulated traffic over a section, with vehicles as `pairs` has them.
//!
//! Vehicles of one light follow one another: they enter at random (Poisson), each with a speed of its
//! own, and overtake freely. Some turn off in between, some come in in between. Crossings and spot
//! speeds are measured with noise of the size that the messages state, and so is the length of the
//! road; each camera's clock is off by its own error.

use std::collections::BTreeMap;

use wayside_proto::{
    Abstention, EventTime, MotorVehicleClass, Outcome, Passage, PassageContent, PassageId,
    SectionEnd, TrackId, Verdict,
};
use wayside_sections::{Action, Begin, SectionCore, Settings};

use super::pairs::Pair;
use super::random::Random;
use super::{drive, message, settings, vehicle};

pub const LENGTH_M: f64 = 1_200.0;
pub const LIMIT_KMH: f64 = 80.0;
/// Standard deviation of a crossing, seconds, and its stated half-width.
const CROSSING_S: f64 = 0.03;
/// Standard deviation of a camera's clock, seconds.
const CLOCK_S: f64 = 0.005;
/// Standard deviation of a spot speed, as a share of it.
const SPOT_SHARE: f64 = 0.03;
/// Share of vehicles that miss one end or the other.
const ONE_END_SHARE: f64 = 0.1;
/// Share of passages at which the class is wrong.
const WRONG_CLASS_SHARE: f64 = 0.02;
const MARK_S: f64 = 5.0;

/// How traffic flows.
#[derive(Clone, Copy)]
pub struct Flow {
    pub vehicles_h: f64,
    /// Mean of the vehicles' speeds as a share of the limit.
    pub speed_share: f64,
    pub seed: u64,
}

/// What became of the vehicles.
#[derive(Default)]
pub struct Tally {
    /// Vehicles at the exit, and those of them that passed the entry too.
    pub left: u64,
    pub left_of_both: u64,
    pub right: u64,
    pub wrong: u64,
    pub abstained: BTreeMap<Abstention, u64>,
    pub violations: u64,
    /// Violations of vehicles that drove above the limit.
    pub violations_true: u64,
    /// Violations whose two passages are of two vehicles.
    pub violations_of_wrong: u64,
    pub voids_of_wrong: u64,
    pub voids: u64,
    /// Vehicles of both ends that drove above the limit of their class.
    pub speeders: u64,
    /// Largest errors of the mean speed of right matches: up to 100 km/h in km/h, above as a share.
    pub error_kmh: f64,
    pub error_share: f64,
    /// Of right matches, how often the true speed lay in the interval.
    pub inside: u64,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.left += other.left;
        self.left_of_both += other.left_of_both;
        self.right += other.right;
        self.wrong += other.wrong;
        for (cause, count) in other.abstained {
            *self.abstained.entry(cause).or_default() += count;
        }
        self.violations += other.violations;
        self.violations_true += other.violations_true;
        self.violations_of_wrong += other.violations_of_wrong;
        self.voids_of_wrong += other.voids_of_wrong;
        self.voids += other.voids;
        self.speeders += other.speeders;
        self.error_kmh = self.error_kmh.max(other.error_kmh);
        self.error_share = self.error_share.max(other.error_share);
        self.inside += other.inside;
    }

    pub fn matched(&self) -> u64 {
        self.right + self.wrong
    }
}

/// The section that the traffic passes.
pub fn section(similarity_min: f64, margin_min: f64) -> Settings {
    let mut settings = settings();
    settings.length_m = LENGTH_M;
    settings.length_sigma_m = 1.2;
    settings.travel_time_us_min = 17_228_160;
    settings.travel_time_us_max = 255_000_000;
    settings.similarity_min = similarity_min;
    settings.margin_min = margin_min;
    settings
}

struct Truth {
    pair: usize,
    class: MotorVehicleClass,
    speed_ms: f64,
    both: bool,
}

impl Truth {
    fn is_too_fast(&self) -> bool {
        let limit_kmh = match self.class {
            MotorVehicleClass::Truck => 60.0,
            _ => LIMIT_KMH,
        };
        self.speed_ms > limit_kmh / 3.6
    }
}

/// Lets the vehicles of `pairs` (all of one light) pass, each once.
pub fn run(pairs: &[&Pair], flow: Flow, settings: &Settings) -> Tally {
    let mut random = Random(flow.seed);
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    random.shuffle(&mut order);
    let clocks = [CLOCK_S * random.normal(), CLOCK_S * random.normal()];
    let length = LENGTH_M + settings.length_sigma_m * random.normal();
    let mut truths: BTreeMap<PassageId, Truth> = BTreeMap::new();
    let mut said: Vec<(f64, Passage)> = Vec::new();
    let mut time = 300.0;
    let mut last = time;
    for (track, &index) in order.iter().enumerate() {
        let Some(pair) = pairs.get(index) else { continue };
        time += random.exponential(3_600.0 / flow.vehicles_h);
        let slow = if pair.class == MotorVehicleClass::Truck { 0.9 } else { 1.0 };
        let mean = LIMIT_KMH / 3.6 * flow.speed_share * slow;
        let speed_ms = (mean * (1.0 + 0.1 * random.normal())).clamp(mean * 0.5, mean * 1.7);
        let crossings = [time, time + length / speed_ms];
        let share = random.share();
        let seen = [share > ONE_END_SHARE, share < 1.0 - ONE_END_SHARE];
        last = crossings[1].max(last);
        for (end, number) in SectionEnd::ALL.into_iter().zip(0..2) {
            if !seen[number] {
                continue;
            }
            let seconds = crossings[number] + clocks[number] + CROSSING_S * random.normal();
            let spot = speed_ms * (1.0 + SPOT_SHARE * random.normal());
            let mut passing = vehicle(track as u64, spot, pair.vectors[number].clone());
            passing.class = pair.class;
            if random.share() < WRONG_CLASS_SHARE {
                passing.class = MotorVehicleClass::Truck;
                passing.class_confidence = (0.4 + 0.5 * random.share()) as f32;
            }
            passing.speed_sigma_ms = SPOT_SHARE * speed_ms;
            passing.time_uncertainty_us = (1.96 * CROSSING_S * 1e6) as u32;
            let mut passage = message(end, 0, seconds);
            passage.clock_uncertainty_us = (1.96 * CLOCK_S * 1e6) as u32;
            passage.content = PassageContent::Vehicle(passing);
            if let Some(id) = passage.id() {
                let truth =
                    Truth { pair: index, class: pair.class, speed_ms, both: seen[0] && seen[1] };
                truths.insert(id, truth);
            }
            // A crossing is told when the track is beyond the gate.
            said.push((seconds + 0.5 + random.share(), passage));
        }
    }
    for tick in 0..((last + 600.0) / MARK_S) as u64 {
        let seconds = tick as f64 * MARK_S;
        for end in SectionEnd::ALL {
            said.push((seconds + 2.0, message(end, 0, seconds)));
        }
    }
    said.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut next = [0, 0];
    let messages: Vec<Passage> = said
        .into_iter()
        .map(|(_, mut passage)| {
            let number = usize::from(passage.end == SectionEnd::Exit);
            passage.sequence = next[number];
            next[number] += 1;
            passage
        })
        .collect();
    let mut core = SectionCore::new(settings.clone(), Begin::Cold);
    let told = drive(&mut core, 0, &messages);
    tally(&told, &truths, &messages)
}

fn tally(told: &[Action], truths: &BTreeMap<PassageId, Truth>, messages: &[Passage]) -> Tally {
    let mut tally = Tally::default();
    for passage in messages.iter().filter(|passage| passage.end == SectionEnd::Exit) {
        let Some(truth) = passage.id().and_then(|id| truths.get(&id)) else { continue };
        tally.left += 1;
        tally.left_of_both += u64::from(truth.both);
        tally.speeders += u64::from(truth.both && truth.is_too_fast());
    }
    let mut right: BTreeMap<(EventTime, TrackId), bool> = BTreeMap::new();
    let tracks: BTreeMap<PassageId, TrackId> = messages
        .iter()
        .filter_map(|passage| Some((passage.id()?, passage.vehicle()?.track)))
        .collect();
    for action in told {
        match action {
            Action::Matched(found) => {
                let (entry, exit) = (&truths[&found.entry], &truths[&found.exit]);
                let is_right = entry.pair == exit.pair;
                right.insert((found.left, tracks[&found.exit]), is_right);
                if !is_right {
                    tally.wrong += 1;
                    continue;
                }
                tally.right += 1;
                let speed = found.mean_speed_ms;
                let error = (speed.value - exit.speed_ms).abs();
                if exit.speed_ms * 3.6 <= 100.0 {
                    tally.error_kmh = tally.error_kmh.max(error * 3.6);
                } else {
                    tally.error_share = tally.error_share.max(error / exit.speed_ms);
                }
                tally.inside += u64::from((speed.low..=speed.high).contains(&exit.speed_ms));
            }
            Action::Abstained(abstained) => {
                *tally.abstained.entry(abstained.cause).or_default() += 1;
            }
            Action::Concluded(outcome) => conclude(&mut tally, outcome, &right, truths, messages),
            Action::Store(..) | Action::Timed(_) => {}
        }
    }
    tally
}

fn conclude(
    tally: &mut Tally,
    outcome: &Outcome,
    right: &BTreeMap<(EventTime, TrackId), bool>,
    truths: &BTreeMap<PassageId, Truth>,
    messages: &[Passage],
) {
    let is_right = right[&(outcome.event_time, outcome.track)];
    match outcome.verdict {
        Verdict::Violation => {
            tally.violations += 1;
            tally.violations_of_wrong += u64::from(!is_right);
            let exit = messages.iter().find(|passage| {
                passage.time == outcome.event_time && passage.end == SectionEnd::Exit
            });
            let truth = exit.and_then(Passage::id).and_then(|id| truths.get(&id));
            tally.violations_true += u64::from(truth.is_some_and(Truth::is_too_fast));
        }
        Verdict::Void { .. } => {
            tally.voids += 1;
            tally.voids_of_wrong += u64::from(!is_right);
        }
    }
}

/// Wilson's 95% interval of a share (Wilson 1927).
pub fn wilson(hits: u64, of: u64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, z2) = (of as f64, 1.96 * 1.96);
    let share = hits as f64 / n;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = 1.96 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}
