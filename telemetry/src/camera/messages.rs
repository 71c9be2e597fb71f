//! What a camera's messages tell, as metrics.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use wayside_proto::{CameraHealth, Content, GapCause, Observation, RunId};

use super::CameraMetrics;
use crate::labels::{Condition, DisconnectCause};

/// What was told before, to count changes alone.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) connected: bool,
    /// Run of the last health message, and the frames that had come by then.
    received: Option<(RunId, u64)>,
}

impl CameraMetrics {
    /// Counts what an observation says: a frame that was looked at or skipped as still, or a gap with
    /// its frames. Do not call [`Self::processed`], [`Self::still`], [`Self::dropped`] or [`Self::gap`]
    /// besides.
    pub fn observed(&self, observation: &Observation) {
        match &observation.content {
            Content::Tracks { skipped_still: true, .. } => self.still(observation.time),
            Content::Tracks { skipped_still: false, .. } => self.processed(observation.time),
            Content::Gap(gap) => {
                let lasted_us = gap.to.0.saturating_sub(gap.from.0);
                // A gap over a clock that went back has no length.
                let lasted_us = u64::try_from(lasted_us).unwrap_or_default();
                self.gap(gap.cause, Duration::from_micros(lasted_us));
                self.dropped(gap.cause, gap.frames.into());
            }
        }
    }

    /// Takes over what the camera's health says: all its gauges, the frames that came, connections,
    /// and ends of the stream. Do not call [`Self::received`] besides. Who knows the cause of an end
    /// better tells [`Self::disconnected`] before the health message, and it is counted once.
    pub fn health(&self, health: &CameraHealth) {
        self.frames_that_came(health);
        let connected = self.told().connected;
        match health.away {
            None => {
                if !connected {
                    self.connected();
                }
                self.frame_rate(f64::from(health.frame_rate));
                let offset_s = health.clock_offset_us.map(|us| us as f64 / 1e6);
                self.clock(offset_s, f64::from(health.clock_uncertainty_us) / 1e6);
            }
            Some(cause) if connected => self.disconnected(ended(cause)),
            // Away as before.
            Some(_) => {}
        }
        for condition in Condition::ALL {
            let mut reasons = health.stood_down.iter();
            self.stood_down(*condition, reasons.any(|it| it.condition == condition.as_str()));
        }
    }

    /// Each run counts from nought.
    fn frames_that_came(&self, health: &CameraHealth) {
        let now = health.frames.received;
        let mut told = self.told();
        let before = match &told.received {
            Some((run, before)) if *run == health.run => *before,
            _ => 0,
        };
        told.received = Some((health.run.clone(), now.max(before)));
        drop(told);
        self.received(now.saturating_sub(before));
    }

    /// A panic elsewhere leaves it whole: each change is one assignment.
    pub(super) fn told(&self) -> MutexGuard<'_, Told> {
        self.handles.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a stream ended, as far as the cause of the gap after it says.
fn ended(cause: GapCause) -> DisconnectCause {
    match cause {
        GapCause::Lost => DisconnectCause::Ended,
        GapCause::Stalled => DisconnectCause::Silent,
        GapCause::Undecodable => DisconnectCause::Undecodable,
        GapCause::Overload | GapCause::StoodDown => DisconnectCause::Other,
    }
}
