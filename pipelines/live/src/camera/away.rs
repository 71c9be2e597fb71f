//! While no pictures come: a gap that is published as it grows, so that whoever waits for this camera's
//! time knows that it has passed.

use wayside_proto::{EventTime, GapCause};

use super::Camera;
use crate::now::Now;

/// How often the gap so far is published, microseconds.
const EVERY_US: u64 = 5_000_000;
/// How far the published part stays behind now: pictures of this age may still come, seconds.
const MARGIN_S: f64 = 2.0;

/// A gap without an end yet.
#[derive(Debug)]
pub(super) struct Away {
    pub(super) cause: GapCause,
    published_us: u64,
}

impl Camera {
    /// From here on no pictures come, or they have not come yet.
    pub(super) fn leave(&mut self, cause: GapCause, detail: String, now: Now) {
        self.told.detail = detail;
        match &mut self.away {
            Some(away) if away.cause == cause => {}
            Some(_) => {
                // What was silence until now is known to be something else from now on.
                self.grow(now, 0.0);
                if let Some(away) = &mut self.away {
                    away.cause = cause;
                }
            }
            None => self.away = Some(Away { cause, published_us: now.mono_us }),
        }
        self.report_health(now, true);
    }

    /// Publishes the gap so far, every few seconds.
    pub(super) fn stay_away(&mut self, now: Now) {
        let due = self
            .away
            .as_ref()
            .is_some_and(|away| now.mono_us.saturating_sub(away.published_us) >= EVERY_US);
        if due {
            self.grow(now, MARGIN_S);
        }
    }

    fn grow(&mut self, now: Now, margin_s: f64) {
        let Some(away) = &mut self.away else { return };
        away.published_us = now.mono_us;
        let cause = away.cause;
        let to = self.clock.estimate(now.wall).plus_s(-margin_s);
        // A camera that was never seen has no begin: nobody was told that it would be watched.
        let Some(from) = self.last.filter(|last| *last < to) else { return };
        self.push_gap(from, to, cause, 0, now.mono_us);
    }

    /// A picture of `time` has come: the gap before it ends.
    pub(super) fn come_back(&mut self, time: EventTime, now: Now) {
        if let Some(away) = self.away.take() {
            if let Some(from) = self.last.filter(|last| *last < time) {
                self.push_gap(from, time, away.cause, 0, now.mono_us);
            }
            self.told.detail = String::new();
            self.report_health(now, true);
        } else if let Some(from) = self.last.filter(|last| self.rate.is_gap(*last, time)) {
            self.push_gap(from, time, GapCause::Lost, 0, now.mono_us);
        }
    }
}
