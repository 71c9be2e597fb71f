//! What is told of a camera's state.

use std::collections::BTreeMap;

use wayside_proto::{CameraHealth, ClockSource, EventTime, StandDown};
use wayside_watch::{Change, Condition};

use super::Camera;
use crate::action::Action;
use crate::now::Now;

/// How often health is told where nothing changes, microseconds.
const EVERY_US: u64 = 5_000_000;

/// What was told, and what is to be.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) detail: String,
    reasons: BTreeMap<Condition, (EventTime, String)>,
    at_us: Option<u64>,
}

impl Told {
    pub(super) fn change(&mut self, change: Change) {
        self.detail.clone_from(&change.detail);
        if change.entered {
            self.reasons.insert(change.condition, (change.time, change.detail));
        } else {
            self.reasons.remove(&change.condition);
        }
    }
}

impl Camera {
    pub(super) fn report_health(&mut self, now: Now, changed: bool) {
        let due = self.told.at_us.is_none_or(|at| now.mono_us.saturating_sub(at) >= EVERY_US);
        if !due && !changed {
            return;
        }
        self.told.at_us = Some(now.mono_us);
        let health = self.health(now);
        self.actions.push(Action::Health(Box::new(health)));
    }

    fn health(&self, now: Now) -> CameraHealth {
        let reason = |(condition, (since, detail)): (&Condition, &(EventTime, String))| StandDown {
            condition: condition.as_str().to_owned(),
            since: *since,
            detail: detail.clone(),
        };
        CameraHealth {
            site: self.config.site.clone(),
            camera: self.config.camera.clone(),
            run: self.config.run.clone(),
            time: self.time(now),
            away: self.away.as_ref().map(|away| away.cause),
            detail: self.told.detail.clone(),
            stood_down: self.told.reasons.iter().map(reason).collect(),
            frame_rate: if self.away.is_some() { 0.0 } else { self.rate.fps() as f32 },
            frames: self.frames(),
            clock_source: self.last_stamp.map_or(ClockSource::Arrival, |stamp| stamp.source),
            clock_offset_us: self.clock.offset_us(),
            clock_uncertainty_us: self.last_stamp.map_or(u32::MAX, |stamp| stamp.uncertainty_us),
            inference_ms: 0.0,
            provider: String::new(),
            provider_fallback: String::new(),
            clips_url: None,
        }
    }
}
