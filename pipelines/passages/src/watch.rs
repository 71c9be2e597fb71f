//! One track at one gate.
//!
//! With d the signed distance of the front beyond the line and m its 95% margin across the line, the
//! crossing is where d changes sign between two states, interpolated linearly. Its 95% interval begins
//! where d + m leaves zero (until then the front was before the line for certain) and ends where d - m
//! does, and is moved out by the bound of the interpolation: with an acceleration of up to 8 m/s² the
//! path deviates from a straight line by a dt²/8, which takes dt²/v to drive (at most dt/2). A front
//! that goes back before its passage was told has not crossed; one that has crosses again only after it
//! has been 5 m before the line.

use wayside_proto::{ClockSource, EventTime, MotorVehicleClass, TrackId, TrackState};
use wayside_site::geometry::Vec2;

use crate::gate::{At, Gate, View};
use crate::looks::{AFTER_M, Looks};

/// Acceleration that bounds the interpolation, metres a second squared.
const ACCELERATION_MAX: f64 = 8.0;
/// How far back a vehicle must go to cross again, metres.
const REARM_M: f64 = 5.0;
/// How far beyond the line a front has to be to have crossed for certain, metres, at least.
const CERTAIN_M: f64 = 1.0;
/// States further apart show nothing of what was between them, seconds. As long as the shortest gap
/// that an end tells of.
pub(crate) const STEP_S_MAX: f64 = 1.0;
/// How long better looks are waited for behind the gate, seconds.
const WAIT_S_MAX: f64 = 4.0;
/// How long it may stay open whether a front that is beyond the line stays there, seconds: whoever waits
/// for this end is held up meanwhile.
const OPEN_S_MAX: f64 = 5.0;
/// Slowest speed that tells when a front that was found within its margin has crossed, metres a second.
const TIMED_MS_MIN: f64 = 1.0;

/// One track near one gate.
#[derive(Clone, Debug)]
pub(crate) struct Watch<V> {
    pub(crate) track: TrackId,
    pub(crate) class: (MotorVehicleClass, f32),
    pub(crate) first: View,
    pub(crate) last: View,
    /// Whether it was before the line, so that it can cross.
    armed: bool,
    /// Since when the front is no longer before the line for certain.
    unsure_since: Option<EventTime>,
    pub(crate) pending: Option<Crossing>,
    pub(crate) decided: bool,
    pub(crate) looks: Looks<V>,
}

/// A crossing that is not told yet.
#[derive(Clone, Debug)]
pub(crate) struct Crossing {
    pub(crate) at: EventTime,
    /// None where the track began too near the line to tell.
    low: Option<EventTime>,
    /// None until the front is beyond the line for certain.
    high: Option<EventTime>,
    slack_s: f64,
    pub(crate) speed_ms: f64,
    pub(crate) speed_sigma_ms: f64,
    pub(crate) lane: Option<String>,
    /// Whether a detection has supported it since.
    measured: bool,
    /// Where the time comes from, and the half-width of its interval in microseconds.
    pub(crate) clock: (ClockSource, u32),
}

impl Crossing {
    /// Whether it has happened beyond doubt.
    pub(crate) fn is_certain(&self) -> bool {
        self.high.is_some() && self.measured
    }

    /// The 95% interval of the crossing; none where its begin is not known.
    pub(crate) fn interval(&self) -> Option<(EventTime, EventTime)> {
        let high = self.high?.plus_s(self.slack_s).max(self.at);
        Some((self.low?.plus_s(-self.slack_s).min(self.at), high))
    }

    /// Half-width of the 95% interval, microseconds.
    pub(crate) fn half_us(&self) -> Option<u32> {
        let (low, high) = self.interval()?;
        let half = (self.at.0.saturating_sub(low.0)).max(high.0.saturating_sub(self.at.0));
        Some(u32::try_from(half).unwrap_or(u32::MAX))
    }

    /// From when to when the crossing may have been, as far as anything is known by `now`.
    pub(crate) fn span(&self, now: EventTime) -> (EventTime, EventTime) {
        let half = (STEP_S_MAX * 1e6) as i64;
        self.interval().unwrap_or((EventTime(self.at.0.saturating_sub(half)), self.at.max(now)))
    }
}

impl<V: Clone> Watch<V> {
    pub(crate) fn new(state: &TrackState, class: MotorVehicleClass, view: View) -> Self {
        Self {
            track: state.id,
            class: (class, state.class_confidence),
            first: view,
            last: view,
            armed: view.beyond_m < 0.0,
            unsure_since: None,
            pending: None,
            decided: false,
            looks: Looks::new(),
        }
    }

    /// Takes the next state.
    pub(crate) fn step(&mut self, gate: &Gate, now: View, clock: (ClockSource, u32)) {
        let last = std::mem::replace(&mut self.last, now);
        if now.beyond_m < -REARM_M && (self.decided || !self.armed) {
            (self.decided, self.armed) = (false, true);
            self.looks = Looks::new();
        }
        let (before, after) = (last.beyond_m + last.margin_m, now.beyond_m + now.margin_m);
        if after < 0.0 {
            self.unsure_since = None;
        } else if before < 0.0 {
            self.unsure_since = Some(zero(last.time, before, now.time, after));
        }
        if now.beyond_m < 0.0 {
            self.pending = None;
            return;
        }
        if last.beyond_m < 0.0 && self.armed && !self.decided {
            self.pending = self.cross(gate, &last, &now, clock);
        }
        if let Some(pending) = &mut self.pending {
            pending.measured |= now.measured;
            let (before, after) = (last.beyond_m - last.margin_m, now.beyond_m - now.margin_m);
            if pending.high.is_none() && after > 0.0 && now.beyond_m >= CERTAIN_M {
                let certain = if before < 0.0 {
                    zero(last.time, before, now.time, after)
                } else {
                    pending.at
                };
                pending.high = Some(certain.max(pending.at));
            }
        }
    }

    fn cross(
        &self,
        gate: &Gate,
        last: &View,
        now: &View,
        clock: (ClockSource, u32),
    ) -> Option<Crossing> {
        let dt = now.time.since_s(last.time);
        let share = last.beyond_m / (last.beyond_m - now.beyond_m);
        let point = last.front + (now.front - last.front) * share;
        if dt > STEP_S_MAX || !gate.holds(point) || !(last.faces || now.faces) {
            return None;
        }
        let At::Lane(lane, direction) = gate.lane(point) else { return None };
        let velocity: Vec2 = last.velocity + (now.velocity - last.velocity) * share;
        let mix = |a: f64, b: f64| a + (b - a) * share;
        let bound = ACCELERATION_MAX * dt * dt / 8.0 / now.speed_ms.max(0.1);
        let at = zero(last.time, last.beyond_m, now.time, now.beyond_m);
        let low = self.unsure_since.or_else(|| {
            // Found within the margin: as far back as the margin takes to drive.
            let margin = (self.first.beyond_m + self.first.margin_m).max(0.0);
            (self.first.speed_ms >= TIMED_MS_MIN)
                .then(|| self.first.time.plus_s(-margin / self.first.speed_ms))
        });
        Some(Crossing {
            // Later than the state before, up to which everything may have been said.
            at: at.max(EventTime(last.time.0.saturating_add(1))),
            low,
            high: None,
            slack_s: bound.min(dt / 2.0),
            speed_ms: velocity.dot(&direction).max(0.0),
            speed_sigma_ms: mix(last.speed_sigma_ms, now.speed_sigma_ms),
            lane,
            measured: false,
            clock,
        })
    }

    /// Whether the crossing is to be told: it is certain, and no better look is to be expected.
    pub(crate) fn is_ripe(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| {
            pending.is_certain()
                && (self.looks.is_full()
                    || self.last.beyond_m > AFTER_M + self.last.length_m
                    || self.last.time.since_s(pending.at) > WAIT_S_MAX)
        })
    }

    /// Whether it stays open for too long whether the vehicle has crossed: it stands on the line.
    pub(crate) fn is_stuck(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| {
            !pending.is_certain() && self.last.time.since_s(pending.at) > OPEN_S_MAX
        })
    }
}

/// The instant at which a value that goes from `a` to `b` is zero.
fn zero(from: EventTime, a: f64, to: EventTime, b: f64) -> EventTime {
    let share = if a == b { 1.0 } else { (a / (a - b)).clamp(0.0, 1.0) };
    from.plus_s(to.since_s(from) * share)
}
