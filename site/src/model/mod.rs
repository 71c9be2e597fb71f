//! The types of the site file, as they stand in it. Unknown keys are refused everywhere.

mod camera;
mod hours;
mod live;
mod road;
mod rules;
mod section;
mod sign;
mod signal;
mod site;

pub use camera::{Calibration, CalibrationPoint, Camera, Lamp};
pub use hours::Hours;
pub use live::{ClockReference, Rtsp, Transport, WatchKeys};
pub use road::{ConflictArea, Crossing, ExitLine, Lane, MetrePoint, NoStoppingZone, StopLine};
pub use rules::{
    BoxJunction, CrossingYield, ERROR_RATE_MAX, Flow, IllegalTurn, NoStopping, PedestrianOnRed,
    RedLight, ReservedLane, Rules, SectionSpeed, StopLineRule, WrongWay,
};
pub use section::{EXPIRY_MARGIN_S, Section, SectionGate};
pub use sign::{Sign, SignEntry, SignKind, SignSnmp, SnmpVersion};
pub use signal::{SignalGroup, SignalGroupKind, Signals};
pub use site::{ClassName, DrivingSide, Footage, Position, SiteFile, SiteHead};
