//! What the rules remember of a track. Everything in here is bounded.

use wayside_proto::{
    Covariance2, EventTime, MotorVehicleClass, RoadUserClass, TrackId, TrackState,
};
use wayside_site::geometry::{Vec2, direction};

use crate::counts::PersonMemory;
use crate::leaps::Leaps;
use crate::lines::LineWatch;
use crate::rules::{crossing_yield, illegal_turn, reserved_lane, wrong_way};
use crate::standing::Stand;

/// A measured state in the terms of the rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) time: EventTime,
    pub(crate) front: Vec2,
    pub(crate) cov: Covariance2,
    pub(crate) velocity: Vec2,
    pub(crate) velocity_cov: Covariance2,
    pub(crate) heading_sigma_rad: f64,
    pub(crate) ahead: Vec2,
    pub(crate) length_m: f64,
    pub(crate) width_m: f64,
}

impl Sample {
    /// The state in the terms of the rules; none where a number is not finite.
    pub(crate) fn new(time: EventTime, state: &TrackState) -> Option<Self> {
        let [x, y] = state.front_m;
        let [vx, vy] = state.velocity_ms;
        let (c, v) = (state.front_cov_m2, state.velocity_cov_m2s2);
        let numbers = [
            x,
            y,
            vx,
            vy,
            c.xx,
            c.xy,
            c.yy,
            v.xx,
            v.xy,
            v.yy,
            state.heading_rad,
            state.heading_sigma_rad,
            state.length_m,
            state.width_m,
        ];
        // Beyond a thousand kilometres squares and products lose their meaning.
        numbers.iter().all(|n| n.is_finite() && n.abs() < 1e6).then(|| Self {
            time,
            front: Vec2::new(x, y),
            cov: c,
            velocity: Vec2::new(vx, vy),
            velocity_cov: v,
            heading_sigma_rad: state.heading_sigma_rad,
            ahead: direction(state.heading_rad),
            length_m: state.length_m.max(0.0),
            width_m: state.width_m.max(0.0),
        })
    }

    pub(crate) fn speed_ms(&self) -> f64 {
        self.velocity.norm()
    }

    /// Standard deviation of the speed, a mean over the directions, metres a second.
    pub(crate) fn speed_sigma_ms(&self) -> f64 {
        ((self.velocity_cov.xx + self.velocity_cov.yy).max(0.0) / 2.0).sqrt()
    }

    /// Middle of the footprint.
    pub(crate) fn centre(&self) -> Vec2 {
        self.front - self.ahead * (self.length_m / 2.0)
    }

    /// Whether the footprint covers the point.
    pub(crate) fn covers(&self, point: Vec2) -> bool {
        let offset = point - self.front;
        let along = offset.dot(&self.ahead);
        let left = self.ahead.perp(&offset);
        (-self.length_m..=0.0).contains(&along) && left.abs() <= self.width_m / 2.0
    }

    /// Distance from the point to the footprint, 0 inside, metres.
    pub(crate) fn distance_to(&self, point: Vec2) -> f64 {
        let offset = point - self.front;
        let along = offset.dot(&self.ahead);
        let left = self.ahead.perp(&offset).abs();
        let ahead = along.max(-self.length_m - along).max(0.0);
        let aside = (left - self.width_m / 2.0).max(0.0);
        Vec2::new(ahead, aside).norm()
    }
}

/// A measured state and the one before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) before: Option<Sample>,
    pub(crate) now: Sample,
}

impl Step {
    /// Seconds between the two; 0 for the first state of a track.
    pub(crate) fn dt_s(&self) -> f64 {
        self.before.map_or(0.0, |before| self.now.time.since_s(before.time))
    }
}

/// A track's memory.
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) seen: EventTime,
    pub(crate) class: RoadUserClass,
    pub(crate) class_confidence: f32,
    pub(crate) last: Option<Sample>,
    pub(crate) lines: Vec<LineWatch>,
    pub(crate) stand: Option<Stand>,
    pub(crate) wrong_way: wrong_way::Memory,
    pub(crate) turn: illegal_turn::Memory,
    pub(crate) reserved: reserved_lane::Memory,
    pub(crate) passages: Vec<crossing_yield::Passage>,
    pub(crate) driven: crate::counts::Driven,
    pub(crate) person: Option<Box<PersonMemory>>,
    pub(crate) leaps: Leaps,
}

impl Track {
    pub(crate) fn new(state: &TrackState, time: EventTime) -> Self {
        Self {
            id: state.id,
            seen: time,
            class: state.class,
            class_confidence: state.class_confidence,
            last: None,
            lines: Vec::new(),
            stand: None,
            wrong_way: wrong_way::Memory::default(),
            turn: illegal_turn::Memory::default(),
            reserved: reserved_lane::Memory::default(),
            passages: Vec::new(),
            driven: crate::counts::Driven::default(),
            person: None,
            leaps: Leaps::default(),
        }
    }

    /// The class as the subject of an outcome; none for bicycles and people.
    pub(crate) fn subject(&self) -> Option<MotorVehicleClass> {
        self.class.motor_vehicle()
    }

    /// Whether less than half of the vote went to the class.
    pub(crate) fn class_uncertain(&self) -> bool {
        self.class_confidence < 0.5
    }
}
