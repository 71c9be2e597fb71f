//! The side of a camera's thread: which frames are handed over.

use std::sync::Arc;

use wayside_live::Observed;
use wayside_picture::Picture;
use wayside_proto::{CameraHealth, Content, EventTime};

use super::EVERY_US;
use super::making::Desk;
use super::slot::{Frame, Slot};
use crate::live::WorkerClock;

/// Holds a frame until it is known who is in it.
pub(in crate::live) struct Viewing {
    slot: Arc<Slot>,
    desk: Desk,
    clock: WorkerClock,
    pub(super) held: Option<(EventTime, Picture)>,
    pub(super) last_us: Option<u64>,
    watched: bool,
}

impl Viewing {
    pub(super) fn new(slot: Arc<Slot>, desk: Desk, clock: WorkerClock) -> Self {
        Self { slot, desk, clock, held: None, last_us: None, watched: false }
    }

    /// Time has passed. Whether somebody watches.
    pub(in crate::live) fn tick(&mut self) -> bool {
        let watched = self.slot.wanted(self.clock.now().mono_us);
        if !watched && std::mem::replace(&mut self.watched, watched) {
            self.held = None;
            self.slot.rest();
        }
        self.watched = watched;
        watched
    }

    /// A frame goes to the detector, or nothing has moved in it.
    pub(in crate::live) fn offer(&mut self, time: EventTime, picture: &Picture) {
        let now_us = self.clock.now().mono_us;
        let due = self.last_us.is_none_or(|last| now_us.saturating_sub(last) >= EVERY_US);
        if self.watched && due && self.held.is_none() {
            self.last_us = Some(now_us);
            self.held = Some((time, picture.clone()));
        }
    }

    /// What came of a frame or a gap. The frame that is held is handed over with its own road users, or dropped.
    pub(in crate::live) fn observe(&mut self, observed: &mut Observed) {
        let at = observed.observation.time;
        let Some((time, picture)) = self.held.take_if(|(time, _)| *time <= at) else { return };
        let tracks = matches!(observed.observation.content, Content::Tracks { .. });
        let road_users = observed.road_users.take().filter(|_| time == at && tracks);
        // Nobody looked at it, or nobody says who is in it: it is nobody's.
        let Some(road_users) = road_users else { return };
        let at_us = self.clock.now().mono_us;
        if self.slot.hand(Frame { picture, time, road_users, at_us }) {
            self.desk.tell(Arc::clone(&self.slot));
        }
    }

    /// The camera's health was told.
    pub(in crate::live) fn health(&mut self, health: &CameraHealth) {
        let why = match health.away {
            Some(cause) if health.detail.is_empty() => {
                Some(format!("no pictures come ({})", cause.as_str()))
            }
            Some(cause) => {
                Some(format!("no pictures come ({}): {}", cause.as_str(), health.detail))
            }
            None if health.stood_down.is_empty() => None,
            None => {
                let each = health.stood_down.iter().map(|reason| reason.detail.as_str());
                let all = each.collect::<Vec<_>>().join("; ");
                Some(format!(
                    "it is stood down, and what it shows cannot be redacted for certain: {all}"
                ))
            }
        };
        if why.is_some() {
            self.held = None;
        }
        self.slot.set_why(why);
    }
}
