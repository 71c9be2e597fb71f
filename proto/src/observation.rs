//! What one camera saw in one processed frame.

use crate::{CameraId, EventTime, RunId, SiteId, TrackId};

/// One processed frame, or a span of frames that were not looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the worker.
    pub run: RunId,
    /// Number of the observation within the run, from 0.
    pub sequence: u64,
    /// Capture instant.
    pub time: EventTime,
    /// Where the capture instant comes from.
    pub clock_source: ClockSource,
    /// Half-width of the 95% interval of `time`, microseconds.
    pub clock_uncertainty_us: u32,
    /// What was seen.
    pub content: Content,
}

/// What an observation says: "nothing there" (no tracks), "not looked" (`skipped_still`) and
/// "could not look" (`Gap`) stay distinct.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The road users in the frame, in order of id.
    Tracks {
        /// The road users.
        tracks: Vec<TrackState>,
        /// Nothing moved since a frame that was looked at, so the detector did not look again: what
        /// it found then stands for this frame too.
        skipped_still: bool,
    },
    /// Frames that were not looked at.
    Gap(Gap),
}

/// A span without knowledge, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// First instant of the span.
    pub from: EventTime,
    /// Last instant of the span.
    pub to: EventTime,
    /// Why.
    pub cause: GapCause,
    /// Frames that are known to lie in the span; 0 where nobody could count them.
    pub frames: u32,
}

/// Why frames were not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapCause {
    /// The stream was gone, or frames were missing from it.
    Lost,
    /// The stream was there and silent.
    Stalled,
    /// The decoder could not read it.
    Undecodable,
    /// The machine could not keep up.
    Overload,
    /// The camera watch had stood the camera down.
    StoodDown,
}

impl GapCause {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::Lost, Self::Stalled, Self::Undecodable, Self::Overload, Self::StoodDown];

    /// The cause's name in metrics and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Stalled => "stalled",
            Self::Undecodable => "undecodable",
            Self::Overload => "overload",
            Self::StoodDown => "stood_down",
        }
    }
}

/// Where a capture instant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockSource {
    /// Declared start of a recording plus presentation timestamp.
    Recording,
    /// RTCP sender reports of the camera.
    Rtcp,
    /// Arrival at the worker.
    Arrival,
}

/// What moves on the road. People and bicycles are anonymous tracks inside one camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadUserClass {
    /// Passenger car or van.
    Car,
    /// Goods vehicle.
    Truck,
    /// Bus or coach.
    Bus,
    /// Motorcycle or moped, with its rider.
    Motorcycle,
    /// Bicycle, with its rider.
    Bicycle,
    /// A person on foot.
    Person,
}

impl RoadUserClass {
    /// Every class, in the order of declaration.
    pub const ALL: [Self; 6] =
        [Self::Car, Self::Truck, Self::Bus, Self::Motorcycle, Self::Bicycle, Self::Person];

    /// The class's name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Truck => "truck",
            Self::Bus => "bus",
            Self::Motorcycle => "motorcycle",
            Self::Bicycle => "bicycle",
            Self::Person => "person",
        }
    }

    /// The class with this name in files.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// The class as the subject of a violation; none for bicycles and people.
    #[must_use]
    pub fn motor_vehicle(self) -> Option<MotorVehicleClass> {
        match self {
            Self::Car => Some(MotorVehicleClass::Car),
            Self::Truck => Some(MotorVehicleClass::Truck),
            Self::Bus => Some(MotorVehicleClass::Bus),
            Self::Motorcycle => Some(MotorVehicleClass::Motorcycle),
            Self::Bicycle | Self::Person => None,
        }
    }
}

/// The subject of a violation. There is no variant for a person, by design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MotorVehicleClass {
    /// Passenger car or van.
    Car,
    /// Goods vehicle.
    Truck,
    /// Bus or coach.
    Bus,
    /// Motorcycle or moped.
    Motorcycle,
}

impl From<MotorVehicleClass> for RoadUserClass {
    fn from(class: MotorVehicleClass) -> Self {
        match class {
            MotorVehicleClass::Car => Self::Car,
            MotorVehicleClass::Truck => Self::Truck,
            MotorVehicleClass::Bus => Self::Bus,
            MotorVehicleClass::Motorcycle => Self::Motorcycle,
        }
    }
}

/// A box in the picture, pixels, x to the right and y down, `x0 < x1` and `y0 < y1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxPx {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl BoxPx {
    /// Width times height, square pixels.
    #[must_use]
    pub fn area(&self) -> f32 {
        (self.x1 - self.x0).max(0.0) * (self.y1 - self.y0).max(0.0)
    }

    /// Area common to both, square pixels.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> f32 {
        let w = self.x1.min(other.x1) - self.x0.max(other.x0);
        let h = self.y1.min(other.y1) - self.y0.max(other.y0);
        w.max(0.0) * h.max(0.0)
    }

    /// Intersection over union, 0 to 1.
    #[must_use]
    pub fn iou(&self, other: &Self) -> f32 {
        let common = self.intersection(other);
        let union = self.area() + other.area() - common;
        if union > 0.0 { common / union } else { 0.0 }
    }
}

/// Symmetric 2 by 2 covariance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Covariance2 {
    /// Variance of x.
    pub xx: f64,
    /// Covariance of x and y.
    pub xy: f64,
    /// Variance of y.
    pub yy: f64,
}

impl Covariance2 {
    /// The same variance in every direction.
    #[must_use]
    pub fn isotropic(sigma: f64) -> Self {
        Self { xx: sigma * sigma, xy: 0.0, yy: sigma * sigma }
    }

    /// Standard deviation along the unit vector (`x`, `y`).
    #[must_use]
    pub fn sigma_along(&self, x: f64, y: f64) -> f64 {
        (self.xx * x * x + 2.0 * self.xy * x * y + self.yy * y * y).max(0.0).sqrt()
    }
}

/// One road user on the road plane: metres, x east, y north.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackState {
    /// The track.
    pub id: TrackId,
    /// The class voted over the track so far.
    pub class: RoadUserClass,
    /// Share of that class in the vote, 0 to 1.
    pub class_confidence: f32,
    /// The detector's score, 0 to 1; 0 where the state was only predicted.
    pub confidence: f32,
    /// The box in the picture; none where there was no picture.
    pub box_px: Option<BoxPx>,
    /// Centre of the front edge of the footprint, metres.
    pub front_m: [f64; 2],
    /// Covariance of the front point, square metres.
    pub front_cov_m2: Covariance2,
    /// Direction in which the front looks, radians counter-clockwise from east, in (-pi, pi].
    pub heading_rad: f64,
    /// Standard deviation of the heading, radians.
    pub heading_sigma_rad: f64,
    /// Velocity of the footprint, metres a second.
    pub velocity_ms: [f64; 2],
    /// Covariance of the velocity.
    pub velocity_cov_m2s2: Covariance2,
    /// Length of the footprint, metres.
    pub length_m: f64,
    /// Width of the footprint, metres.
    pub width_m: f64,
    /// Whether a detection of this very frame supports the state, or, where the frame was skipped as
    /// still, of the frame that it equals.
    pub measured: bool,
}

impl TrackState {
    /// Speed over ground, metres a second.
    #[must_use]
    pub fn speed_ms(&self) -> f64 {
        let [x, y] = self.velocity_ms;
        (x * x + y * y).sqrt()
    }
}
