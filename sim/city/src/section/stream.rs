//! Vehicles over a section, and what its ends say.

use std::collections::BTreeMap;

use wayside_proto::convert::FrameProblem;
use wayside_proto::{
    CameraId, ClockSource, EventTime, MotorVehicleClass, Passage, PassageContent, PassingVehicle,
    RunId, SectionEnd, TrackId,
};

use super::looks::Looks;
use super::plan::SectionPlan;
use crate::event::Truth;
use crate::message::Message;
use crate::names::{camera_names, run_name};
use crate::options::CityOptions;
use crate::rng::Rng;

/// Mean time between vehicles, seconds.
const VEHICLE_S: f64 = 6.0;
/// Share of the vehicles that leave the road between the gates; as many join it.
const TURNS_OFF: f64 = 0.1;
/// How often an end says that it has said everything, microseconds.
const MARK_US: i64 = 2_000_000;
/// Half-width of the 95% interval of a crossing, and of each camera's clock, microseconds.
const CROSSING_US: u32 = 30_000;
const CLOCK_US: u32 = 5_000;
/// Standard deviation of a spot speed, metres a second.
const SPOT_SIGMA_MS: f64 = 0.4;
/// How much a spot speed differs from the mean speed, as a share.
const SPOT_SHARE: f64 = 0.02;
/// Tracks of the junctions' own traffic have lower ids.
const TRACK_FROM: u64 = 1_000_000_000;
/// Vehicles under way; more do not come.
const UNDER_WAY_MAX: usize = 1_000;
/// Mean speeds as shares of the limit: of those who keep it, and of those who do not.
const KEEPS: (f64, f64) = (0.70, 0.95);
const SPEEDS: (f64, f64) = (1.10, 1.50);

/// The passages of one section, in order of event time.
#[derive(Clone, Debug)]
pub struct SectionStream {
    plan: SectionPlan,
    start: EventTime,
    run: RunId,
    camera: CameraId,
    seed: u64,
    offenders: f64,
    rng: Rng,
    next_us: i64,
    mark_us: i64,
    /// Vehicles under way, by when they leave.
    under_way: BTreeMap<(i64, u64), UnderWay>,
    vehicles: u64,
    sequences: [u64; 2],
}

#[derive(Clone, Debug)]
struct UnderWay {
    looks: Looks,
    class: MotorVehicleClass,
    speed_ms: f64,
    /// It came in by the entry, where it was seen.
    came_in: bool,
}

impl SectionStream {
    /// The stream of section `number`, from the beginning.
    #[must_use]
    pub fn new(options: &CityOptions, number: u32) -> Self {
        let mut rng = Rng::new(options.seed, &[0x5ec8, u64::from(number)]);
        let next_us = (rng.wait(VEHICLE_S) * 1e6) as i64;
        Self {
            plan: SectionPlan::new(options.seed, number),
            start: options.start,
            run: RunId(run_name(options.seed)),
            camera: CameraId::from(camera_names(1).first().copied().unwrap_or_default()),
            seed: rng.bits(),
            offenders: options.offenders,
            rng,
            next_us,
            mark_us: 0,
            under_way: BTreeMap::new(),
            vehicles: 0,
            sequences: [0; 2],
        }
    }

    /// Where the section is.
    #[must_use]
    pub fn plan(&self) -> &SectionPlan {
        &self.plan
    }

    /// Goes on to `until_us`, microseconds from the beginning, not included.
    ///
    /// # Errors
    /// Where a message breaks the contract.
    pub fn until(&mut self, until_us: i64, out: &mut Vec<Message>) -> Result<(), FrameProblem> {
        loop {
            let leaves_us = self.under_way.first_key_value().map_or(i64::MAX, |(key, _)| key.0);
            let at_us = leaves_us.min(self.next_us).min(self.mark_us);
            if at_us >= until_us {
                return Ok(());
            }
            if at_us == leaves_us {
                self.leave(out)?;
            } else if at_us == self.next_us {
                self.enter(out)?;
            } else {
                for end in SectionEnd::ALL {
                    let time = EventTime(self.start.0 + at_us);
                    let passage = self.passage(end, time, PassageContent::Mark);
                    out.push(Message::passage(&passage)?);
                }
                self.mark_us += MARK_US;
            }
        }
    }

    fn enter(&mut self, out: &mut Vec<Message>) -> Result<(), FrameProblem> {
        let at_us = self.next_us;
        self.next_us = at_us + 1 + (self.rng.wait(VEHICLE_S) * 1e6) as i64;
        if self.under_way.len() >= UNDER_WAY_MAX {
            return Ok(());
        }
        let rng = &mut self.rng;
        let (low, high) = if rng.chance(self.offenders) { SPEEDS } else { KEEPS };
        let speed_ms = self.plan.limit_ms() * rng.between(low, high);
        let class = match rng.share() {
            share if share < 0.87 => MotorVehicleClass::Car,
            share if share < 0.96 => MotorVehicleClass::Truck,
            // No motorcycle: its picture shows a person, so it has no passage.
            _ => MotorVehicleClass::Bus,
        };
        let looks = Looks::new(self.seed, rng);
        let (turns_off, joins) = (rng.chance(TURNS_OFF), rng.chance(TURNS_OFF));
        self.vehicles += 1;
        let number = self.vehicles;
        let leaves_us = at_us + (self.plan.length_m / speed_ms * 1e6) as i64;
        let vehicle = UnderWay { looks, class, speed_ms, came_in: !joins };
        if !joins {
            self.see(SectionEnd::Entry, at_us, number, &vehicle, out)?;
        }
        if joins || !turns_off {
            self.under_way.insert((leaves_us, number), vehicle);
        }
        Ok(())
    }

    fn leave(&mut self, out: &mut Vec<Message>) -> Result<(), FrameProblem> {
        let Some(((at_us, number), vehicle)) = self.under_way.pop_first() else { return Ok(()) };
        let time = self.see(SectionEnd::Exit, at_us, number, &vehicle, out)?;
        if vehicle.came_in && vehicle.speed_ms > self.plan.limit_ms() {
            let [_, site] = self.plan.sites.clone();
            // A section judges nothing before it has seen all who may be under way.
            let seen = at_us as f64 / 1e6 > self.plan.travel_time_s_max + 15.0;
            out.push(Message::Truth(Truth {
                site,
                camera: self.camera.clone(),
                rule: "section_speed",
                time,
                track: TrackId(TRACK_FROM + number),
                class: vehicle.class,
                value: vehicle.speed_ms,
                certain: seen && vehicle.speed_ms > 1.05 * self.plan.limit_ms(),
            }));
        }
        Ok(())
    }

    /// A gate sees a vehicle, not exactly when it passes.
    fn see(
        &mut self,
        end: SectionEnd,
        at_us: i64,
        number: u64,
        vehicle: &UnderWay,
        out: &mut Vec<Message>,
    ) -> Result<EventTime, FrameProblem> {
        let rng = &mut self.rng;
        let error_us = rng.normal() * f64::from(CROSSING_US) / 1.96;
        let spot_ms =
            vehicle.speed_ms * (1.0 + SPOT_SHARE * rng.normal()) + SPOT_SIGMA_MS * rng.normal();
        let lane = if rng.chance(0.5) { 1 } else { 2 };
        let way = match end {
            SectionEnd::Entry => "Nout",
            SectionEnd::Exit => "Nin",
        };
        let content = PassageContent::Vehicle(PassingVehicle {
            track: TrackId(TRACK_FROM + number),
            class: vehicle.class,
            class_confidence: rng.between(0.8, 1.0) as f32,
            lane: Some(format!("{way}_{lane}")),
            time_uncertainty_us: CROSSING_US,
            speed_ms: spot_ms.max(0.0),
            speed_sigma_ms: SPOT_SIGMA_MS,
            embedding: vehicle.looks.seen(rng),
            looks: 1 + rng.below(4) as u32,
        });
        // An end says things in order: no crossing is told before the mark that lies behind it.
        let least_us = self.mark_us - MARK_US + 1;
        let time = EventTime(self.start.0 + (at_us + error_us as i64).max(least_us).max(0));
        let passage = self.passage(end, time, content);
        out.push(Message::passage(&passage)?);
        Ok(time)
    }

    fn passage(&mut self, end: SectionEnd, time: EventTime, content: PassageContent) -> Passage {
        let [entry, exit] = &mut self.sequences;
        let [first, second] = &self.plan.sites;
        let (sequence, site) = match end {
            SectionEnd::Entry => (entry, first),
            SectionEnd::Exit => (exit, second),
        };
        let number = *sequence;
        *sequence += 1;
        Passage {
            section: self.plan.id.clone(),
            end,
            site: site.clone(),
            camera: self.camera.clone(),
            run: self.run.clone(),
            sequence: number,
            time,
            clock_source: ClockSource::Rtcp,
            clock_uncertainty_us: CLOCK_US,
            expires: time.plus_s(self.plan.expiry_s),
            content,
        }
    }
}
