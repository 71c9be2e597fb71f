//! What a camera's core wants done.

use wayside_picture::Picture;
use wayside_proto::{BoxPx, CameraHealth, EventTime, Observation, RoadUserClass};

use crate::queue::Ticket;

/// Something to be done, in this order.
#[derive(Debug)]
pub enum Action {
    /// Open a session.
    Connect,
    /// Close the session.
    Disconnect,
    /// See whether somebody listens at the camera's port, and tell.
    Knock,
    /// Ask the detector to look.
    Detect {
        /// Names the frame in the answer.
        ticket: Ticket,
        /// The frame.
        picture: Picture,
        /// Its capture instant.
        time: EventTime,
    },
    /// Nothing has moved: only lamps are to be read.
    Still {
        /// The frame.
        picture: Picture,
        /// Its capture instant.
        time: EventTime,
    },
    /// Publish.
    Observe(Observed),
    /// The camera's health has changed, or it is time to say that it has not.
    Health(Box<CameraHealth>),
}

/// An observation, and what is measured of its way.
#[derive(Debug)]
pub struct Observed {
    /// For the bus.
    pub observation: Observation,
    /// When the frame's last packet came, microseconds since the worker's start; none for a gap.
    pub arrived_us: Option<u64>,
    /// All that is known to be in the frame, detected, tentative or predicted, for redaction; none for a gap, and
    /// where nobody has asked ([`crate::Camera::tell_road_users`]).
    pub road_users: Option<Vec<(RoadUserClass, BoxPx)>>,
}
