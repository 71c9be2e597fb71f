//! What a camera's core is told at its start.

use wayside_proto::{CameraId, RunId, SiteId};

use crate::clock::ClockConfig;

/// Settings of one camera.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraConfig {
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the worker.
    pub run: RunId,
    /// Size of the picture that was calibrated, pixels.
    pub size_px: (u32, u32),
    /// A stream without a picture for this long has stalled, microseconds.
    pub silence_us_max: u64,
    /// How long an attempt may take until the first packet, microseconds.
    pub connect_us_max: u64,
    /// How long the first attempt is put off, so that cameras are not opened all at once, microseconds.
    pub spread_us: u64,
    /// Limits of the camera's clock.
    pub clock: ClockConfig,
}
