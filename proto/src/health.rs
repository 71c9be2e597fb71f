//! How one camera is.

use crate::{CameraId, ClockSource, EventTime, GapCause, RunId, SiteId};

/// How one camera is, at every change and every few seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraHealth {
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the worker.
    pub run: RunId,
    /// The worker's estimate of the camera's time.
    pub time: EventTime,
    /// Why no pictures come; none while they do.
    pub away: Option<GapCause>,
    /// One sentence for people: what is wrong, or what it was that ended. May be empty.
    pub detail: String,
    /// Why the camera's rules are stood down, in order of condition.
    pub stood_down: Vec<StandDown>,
    /// Frames a second over the last few seconds.
    pub frame_rate: f32,
    /// What became of the frames of this run.
    pub frames: FrameCounts,
    /// Where capture instants come from.
    pub clock_source: ClockSource,
    /// Camera's clock minus its reference, microseconds; none where it does not tell its time.
    pub clock_offset_us: Option<i64>,
    /// Half-width of the 95% interval of capture instants, microseconds.
    pub clock_uncertainty_us: u32,
    /// Detector's time for the last frame, milliseconds.
    pub inference_ms: f32,
    /// What runs the model.
    pub provider: String,
    /// Why that is not what was asked for; empty where it is.
    pub provider_fallback: String,
    /// Where the worker serves redacted clips of this run, an http or https address; none where it
    /// serves none.
    pub clips_url: Option<String>,
}

/// A reason to believe nothing of a camera for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandDown {
    /// `moved`, `blurred`, `dark`, `frozen`, `clock`, `size` or `model`.
    pub condition: String,
    /// Since when.
    pub since: EventTime,
    /// One sentence for people.
    pub detail: String,
}

/// What became of every frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameCounts {
    /// Frames whose data came.
    pub received: u64,
    /// Looked at by the detector.
    pub looked: u64,
    /// Skipped because nothing moved.
    pub still: u64,
    /// In gaps: packets were lost.
    pub lost: u64,
    /// In gaps: the stream was silent.
    pub stalled: u64,
    /// In gaps: could not be decoded.
    pub undecodable: u64,
    /// In gaps: the machine could not keep up.
    pub overload: u64,
    /// In gaps: the camera was stood down.
    pub stood_down: u64,
    /// On their way.
    pub under_way: u64,
}

impl FrameCounts {
    /// Counts frames of a gap.
    pub fn add_gap(&mut self, cause: GapCause, frames: u64) {
        *match cause {
            GapCause::Lost => &mut self.lost,
            GapCause::Stalled => &mut self.stalled,
            GapCause::Undecodable => &mut self.undecodable,
            GapCause::Overload => &mut self.overload,
            GapCause::StoodDown => &mut self.stood_down,
        } += frames;
    }

    /// Frames in gaps of this cause.
    #[must_use]
    pub fn gap(&self, cause: GapCause) -> u64 {
        match cause {
            GapCause::Lost => self.lost,
            GapCause::Stalled => self.stalled,
            GapCause::Undecodable => self.undecodable,
            GapCause::Overload => self.overload,
            GapCause::StoodDown => self.stood_down,
        }
    }

    /// Whether every frame that came is accounted for (EV-3).
    #[must_use]
    pub fn closes(&self) -> bool {
        let gaps: u64 = GapCause::ALL.iter().map(|cause| self.gap(*cause)).sum();
        self.received == self.looked + self.still + gaps + self.under_way
    }
}
