//! Who comes next.

use wayside_proto::RoadUserClass;

use super::judge::Deeds;
use super::mover::{Mover, Plan};
use super::path::Path;
use crate::rng::Rng;
use crate::road::{ARM_M, NO_STOPPING_S_MAX};
use crate::sensor::Noise;

/// Mean time between arrivals, seconds, in the order of [`Path`].
const LANE_S: [f64; 4] = [9.0, 9.0, 11.0, 11.0];
const BAY_S: f64 = 45.0;
/// Between drivers the wrong way, where every driver is an offender.
const WRONG_S: f64 = 60.0;
const PERSON_S: f64 = 20.0;
/// People who wait at a kerb; more go another way.
const WAITING_MAX: u32 = 8;
/// Vehicles that wait for room at the end of the arm.
const QUEUE_MAX: u32 = 3;
/// Share of people who do not wait for green.
const IMPATIENT: f64 = 0.05;

/// The arrivals of one arm.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals {
    next_us: [i64; 7],
    queued: [u32; 7],
    waiting: u32,
    offenders: f64,
}

const DRIVEN: [Path; 6] = [Path::In1, Path::In2, Path::Out1, Path::Out2, Path::Bay, Path::Wrong];
const PEOPLE: usize = 6;

impl Arrivals {
    pub(crate) fn new(offenders: f64, from_us: i64, rng: &mut Rng) -> Self {
        let mut arrivals = Self { next_us: [from_us; 7], queued: [0; 7], waiting: 0, offenders };
        for index in 0..7 {
            arrivals.schedule(index, from_us, rng);
        }
        arrivals
    }

    fn mean_s(&self, index: usize) -> f64 {
        match index {
            4 => BAY_S,
            5 => WRONG_S / self.offenders.max(1e-9),
            PEOPLE => PERSON_S,
            lane => LANE_S.get(lane).copied().unwrap_or(BAY_S),
        }
    }

    fn schedule(&mut self, index: usize, now_us: i64, rng: &mut Rng) {
        // A century is never; it keeps the sum in range.
        let wait_s = rng.wait(self.mean_s(index)).min(3e9);
        if let Some(next) = self.next_us.get_mut(index) {
            *next = now_us.saturating_add((wait_s * 1e6) as i64);
        }
    }

    /// Adds who has come by `now_us`; `walk` where people have green. `tails` has the rear of the last
    /// vehicle on each way, and its speed.
    pub(crate) fn come(
        &mut self,
        now_us: i64,
        walk: bool,
        tails: &[Option<(f64, f64)>; Path::COUNT],
        id: &mut u64,
        rng: &mut Rng,
        movers: &mut Vec<Mover>,
    ) {
        for index in 0..7 {
            while self.next_us.get(index).is_some_and(|next| *next <= now_us) {
                let at_us = self.next_us.get(index).copied().unwrap_or(now_us);
                if index == PEOPLE {
                    self.person(rng, id, movers);
                } else if let Some(queued) = self.queued.get_mut(index) {
                    *queued = (*queued + 1).min(QUEUE_MAX);
                }
                self.schedule(index, at_us, rng);
            }
        }
        if self.waiting > 0 && walk {
            for _ in 0..std::mem::take(&mut self.waiting) {
                movers.push(person(id, rng));
            }
        }
        for (index, path) in DRIVEN.into_iter().enumerate() {
            let Some(queued) = self.queued.get_mut(index).filter(|queued| **queued > 0) else {
                continue;
            };
            let tail = tails.get(path.index()).copied().flatten();
            if tail.is_some_and(|(rear, _)| rear < 18.0) {
                continue;
            }
            *queued -= 1;
            movers.push(vehicle(path, tail, self.offenders, id, rng));
        }
    }

    fn person(&mut self, rng: &mut Rng, id: &mut u64, movers: &mut Vec<Mover>) {
        if rng.chance(IMPATIENT) {
            movers.push(person(id, rng));
        } else {
            self.waiting = (self.waiting + 1).min(WAITING_MAX);
        }
    }
}

fn next(id: &mut u64) -> u64 {
    *id += 1;
    *id
}

fn person(id: &mut u64, rng: &mut Rng) -> Mover {
    let path = if rng.chance(0.5) { Path::WalkRight } else { Path::WalkLeft };
    let v = rng.between(1.1, 1.6);
    Mover {
        id: next(id),
        path,
        class: RoadUserClass::Person,
        length_m: 0.5,
        width_m: 0.5,
        aside_m: rng.between(-0.8, 0.8),
        // They step off one after the other.
        s: rng.between(0.0, 1.0),
        v,
        v_wanted: v,
        stops_short_m: 0.0,
        plan: Plan::Keeps,
        stopped_us: None,
        deeds: Deeds::default(),
        noise: Noise::new(rng),
    }
}

fn vehicle(
    path: Path,
    tail: Option<(f64, f64)>,
    offenders: f64,
    id: &mut u64,
    rng: &mut Rng,
) -> Mover {
    let (class, length_m, width_m) = match rng.share() {
        share if share < 0.80 => (RoadUserClass::Car, rng.between(3.9, 4.9), 1.8),
        share if share < 0.88 => (RoadUserClass::Truck, rng.between(7.0, 10.0), 2.5),
        share if share < 0.92 => (RoadUserClass::Bus, 12.0, 2.5),
        _ => (RoadUserClass::Motorcycle, 2.2, 0.8),
    };
    let v_wanted = if path == Path::Bay { 7.0 } else { rng.between(10.0, 15.0) };
    let v = tail.map_or(v_wanted, |(rear, speed)| v_wanted.min(speed + rear * 0.3));
    Mover {
        id: next(id),
        path,
        class,
        length_m,
        width_m,
        aside_m: rng.between(-0.25, 0.25),
        s: 0.0,
        v,
        v_wanted,
        stops_short_m: rng.between(0.7, 1.7),
        plan: plan(path, offenders, rng),
        stopped_us: None,
        deeds: Deeds::default(),
        noise: Noise::new(rng),
    }
}

fn plan(path: Path, offenders: f64, rng: &mut Rng) -> Plan {
    match path {
        Path::In1 | Path::In2 if rng.chance(offenders) => match rng.share() {
            share if share < 0.55 => Plan::RunsRed,
            share if share < 0.9 => Plan::StopsBeyond(rng.between(1.4, 2.2)),
            _ => {
                let at_s = ARM_M + rng.between(1.0, 3.0);
                Plan::StopsAt { at_s, for_s: rng.between(11.0, 20.0) }
            }
        },
        Path::Bay => {
            let long = rng.chance((3.0 * offenders).min(1.0));
            let for_s = if long {
                rng.between(NO_STOPPING_S_MAX + 3.0, NO_STOPPING_S_MAX + 35.0)
            } else {
                rng.between(2.0, NO_STOPPING_S_MAX - 3.0)
            };
            Plan::StopsAt { at_s: rng.between(20.0, 40.0), for_s }
        }
        _ => Plan::Keeps,
    }
}
