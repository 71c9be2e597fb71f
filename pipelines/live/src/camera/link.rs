//! The session: opened, watched, closed.

use wayside_proto::GapCause;

use super::Camera;
use crate::action::Action;
use crate::now::Now;
use crate::reconnect::{Due, Failure};

/// Frames that arrive and do not come out of the decoder are given so many times the silence.
const UNDECODED_SILENCES: u64 = 2;

/// Longest time between two key frames of a camera that is waited for, microseconds.
const KEY_FRAME_US_MAX: u64 = 30_000_000;

/// What is known of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Closed,
    Open {
        since_us: u64,
        /// Last compressed frame.
        unit_us: Option<u64>,
        /// Why it was not handed to the decoder; none where it was.
        dropped: Option<GapCause>,
        /// Last picture out of the decoder.
        picture_us: Option<u64>,
    },
}

impl Link {
    pub(super) fn unit(&mut self, now_us: u64, why_not: Option<GapCause>) {
        if let Self::Open { unit_us, dropped, .. } = self {
            (*unit_us, *dropped) = (Some(now_us), why_not);
        }
    }

    pub(super) fn picture(&mut self, now_us: u64) {
        if let Self::Open { picture_us, .. } = self {
            *picture_us = Some(now_us);
        }
    }

    fn pictures(self) -> bool {
        matches!(self, Self::Open { picture_us: Some(_), .. })
    }
}

/// How a session ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There was nobody, or the stream broke off.
    Gone,
    /// Somebody said no: password, path, codec.
    Refused,
    /// Nobody said anything.
    Mute,
    /// What came could not be decoded.
    Undecodable,
}

impl Camera {
    /// The session ended by itself. `chance` is any number.
    pub fn ended(&mut self, ended: Ended, detail: String, chance: u64, now: Now) {
        let failure = match ended {
            Ended::Gone | Ended::Undecodable => Failure::Gone,
            Ended::Refused => Failure::Refused,
            Ended::Mute => Failure::Mute,
        };
        let cause = match (ended, self.away.as_ref().map(|away| away.cause)) {
            (Ended::Undecodable, _) => GapCause::Undecodable,
            (Ended::Mute, Some(GapCause::Stalled)) => GapCause::Stalled,
            _ => GapCause::Lost,
        };
        self.close(failure, cause, detail, chance, now);
    }

    /// Somebody listens at the camera's port, or nobody does.
    pub fn knocked(&mut self, answered: bool, now: Now) {
        self.reconnect.knocked(answered, now.mono_us);
        self.look_at_link(now);
    }

    fn close(&mut self, failure: Failure, cause: GapCause, detail: String, chance: u64, now: Now) {
        if self.link == Link::Closed {
            return;
        }
        self.reconnect.ended(failure, self.link.pictures(), now.mono_us, chance);
        self.link = Link::Closed;
        for mut entry in self.decoding.drain() {
            entry.dropped = entry.dropped.or(Some(cause));
            self.give_up(entry, now.mono_us);
        }
        self.clock.restart();
        self.rate.restart();
        self.forget_reference();
        self.leave(cause, detail, now);
    }

    /// Opens what is due, closes what is silent.
    pub(super) fn look_at_link(&mut self, now: Now) {
        if let Some((failure, cause, detail)) = self.silence(now) {
            self.actions.push(Action::Disconnect);
            // The worker's own microseconds spread the attempts well enough here.
            self.close(failure, cause, detail, now.mono_us, now);
        }
        match self.reconnect.due(now.mono_us) {
            Due::Nothing => {}
            Due::Knock => self.actions.push(Action::Knock),
            Due::Connect => {
                self.link = Link::Open {
                    since_us: now.mono_us,
                    unit_us: None,
                    dropped: None,
                    picture_us: None,
                };
                self.actions.push(Action::Connect);
            }
        }
    }

    /// Whether the session has said nothing for too long, and what that means.
    fn silence(&self, now: Now) -> Option<(Failure, GapCause, String)> {
        let Link::Open { since_us, unit_us, dropped, picture_us } = self.link else { return None };
        let limit = self.config.silence_us_max;
        let for_us = |since: u64| now.mono_us.saturating_sub(since);
        let Some(unit) = unit_us else {
            // A camera that had stalled and still says nothing has stalled.
            let stalled = self.away.as_ref().is_some_and(|away| away.cause == GapCause::Stalled);
            let cause = if stalled { GapCause::Stalled } else { GapCause::Lost };
            let text = format!("no answer for {:.1} s", for_us(since_us) as f64 / 1e6);
            return (for_us(since_us) > self.config.connect_us_max).then_some((
                Failure::Mute,
                cause,
                text,
            ));
        };
        if for_us(unit) > limit {
            let text =
                format!("the stream is open and silent for {:.1} s", for_us(unit) as f64 / 1e6);
            return Some((Failure::Gone, GapCause::Stalled, text));
        }
        let picture = picture_us.unwrap_or(since_us);
        let undecoded = limit.saturating_mul(UNDECODED_SILENCES).max(self.config.connect_us_max);
        // Frames that wait for a key frame: it comes when the camera sends one, and no sooner for a new
        // session.
        let waits = dropped == Some(GapCause::Lost);
        if for_us(picture) > if waits { undecoded.max(KEY_FRAME_US_MAX) } else { undecoded } {
            let (cause, what) = match dropped {
                Some(GapCause::Lost) => (GapCause::Lost, "so much of it is lost that no picture"),
                _ => (GapCause::Undecodable, "but no picture"),
            };
            let for_s = for_us(picture) as f64 / 1e6;
            let text = format!("data comes, {what} could be decoded for {for_s:.1} s");
            // The attempt was a long one: the next need not wait.
            return Some((Failure::Mute, cause, text));
        }
        None
    }
}
