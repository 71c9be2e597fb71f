//! What a camera's thread needs to know.

use std::sync::Arc;

use wayside_capture::live::{LiveOptions, LiveSource};
use wayside_capture::ring::RingLimits;
use wayside_live::CameraConfig;
use wayside_picture::PixelRect;
use wayside_proto::EventTime;
use wayside_site::model::Lamp;
use wayside_tracking::Tracker;
use wayside_watch::{Reference, WatchConfig};

use crate::sections::Ends;

/// A camera to be taken.
#[derive(Clone, Debug)]
pub struct CameraSetup {
    /// For its core.
    pub config: CameraConfig,
    /// Where its stream is.
    pub source: LiveSource,
    /// How to play it.
    pub options: LiveOptions,
    /// A tracker with its calibration, without tracks.
    pub tracker: Tracker,
    /// The ends of sections that it sees.
    pub ends: Option<Ends>,
    /// Signal heads that it sees.
    pub lamps: Vec<Lamp>,
    /// Settings of the camera watch.
    pub watch: WatchConfig,
    /// The picture that was calibrated on, where it was kept.
    pub reference: Option<Reference>,
    /// Whether the detector rests while nothing moves.
    pub motion_gate: bool,
    /// Where in the picture the detector looks.
    pub regions: Arc<[PixelRect]>,
    /// How much of its compressed packets is kept.
    pub ring: RingLimits,
    /// Time of the last observation of an earlier run.
    pub seen_until: Option<EventTime>,
}
