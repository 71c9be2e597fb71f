//! When a vehicle stands.
//!
//! A stand begins when the speed falls below 0.5 m/s; its onset is the first state below what the
//! speed's own uncertainty can tell from zero (0.1 to 0.5 m/s). It lasts while the footprint's
//! centre stays within 1.5 m of where it came to stand, and ends when it has been away for one
//! second: a box that jumps for a moment does not end it. Its end is the last still state.
//!
//! A detector may lose a standing vehicle. A stand survives 10 s without a measurement, and where
//! the vehicle comes back as another track, a motor vehicle within 1.5 m and 10 s, the new track
//! carries the old one's stand on under the old id.

use wayside_proto::{Covariance2, EventTime, TrackId};
use wayside_site::geometry::Vec2;

use crate::track::Sample;

/// Speed below which a vehicle may stand, metres a second.
pub(crate) const SLOW_MS: f64 = 0.5;
/// Speed above which a vehicle that leaves its place drives off, metres a second.
const DRIVES_MS: f64 = 1.0;
/// How far from its anchor a standing vehicle may be seen, metres.
pub(crate) const ANCHOR_M: f64 = 1.5;
/// How long it must be away from there, seconds.
const AWAY_S: f64 = 1.0;
/// How long a standing vehicle may be hidden, seconds.
pub(crate) const HIDDEN_S_MAX: f64 = 10.0;
/// A gentle start, metres a second squared.
const START_MS2: f64 = 1.0;
/// States over which the anchor is averaged. A vehicle that creeps away is slow for less time.
const ANCHOR_STATES: u32 = 50;

/// A stand, going on or ended.
#[derive(Clone, Debug)]
pub(crate) struct Stand {
    /// The track that came to stand; another one may carry the stand on.
    pub(crate) subject: TrackId,
    slow_from: EventTime,
    onset: Option<EventTime>,
    /// The last state before it that moved.
    moved_before: Option<EventTime>,
    /// The first state of the track stood already.
    pub(crate) born: bool,
    pub(crate) last_still: EventTime,
    /// The first state after the last still one.
    pub(crate) after_still: Option<EventTime>,
    pub(crate) anchor: Vec2,
    away_since: Option<EventTime>,
    /// It ended by driving off, not by an estimate that wandered away.
    drove_off: bool,
    states: u32,
    front_sum: Vec2,
    front_cov: Covariance2,
    speed_sigma_ms: f64,
    /// When the queue was last looked at, and what was seen.
    pub(crate) queue: QueueSamples,
}

/// How often a stand was looked at and found to be queueing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct QueueSamples {
    pub(crate) looked: u32,
    pub(crate) queueing: u32,
    pub(crate) last: Option<EventTime>,
    pub(crate) reason: Option<QueueReason>,
}

/// For what a vehicle waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueueReason {
    /// Behind another standing vehicle.
    Behind(TrackId),
    /// At the stop line with this place in the map, whose signal is not green.
    Signal(usize),
}

impl Stand {
    fn new(subject: TrackId, sample: &Sample, moved_before: Option<EventTime>, born: bool) -> Self {
        let mut stand = Self {
            subject,
            slow_from: sample.time,
            onset: None,
            moved_before,
            born,
            last_still: sample.time,
            after_still: None,
            anchor: sample.centre(),
            away_since: None,
            drove_off: false,
            states: 0,
            front_sum: Vec2::zeros(),
            front_cov: sample.cov,
            speed_sigma_ms: sample.speed_sigma_ms(),
            queue: QueueSamples::default(),
        };
        stand.still(sample);
        stand
    }

    /// When it began.
    pub(crate) fn begin(&self) -> EventTime {
        self.onset.unwrap_or(self.slow_from)
    }

    /// How long it lasted so far: value, and the upper end of the interval where it has ended.
    pub(crate) fn dwell_s(&self) -> (f64, Option<f64>) {
        let value = self.last_still.since_s(self.begin());
        let high = match (self.born, self.moved_before, self.after_still) {
            (false, Some(before), Some(after)) if self.drove_off => {
                Some(after.since_s(before).max(value))
            }
            _ => None,
        };
        (value, high)
    }

    /// How late a start, or early a stop, may be seen: a vehicle that gathers speed at
    /// [`START_MS2`] takes this long to be told from a standing one, by its place or by its speed,
    /// whichever is sooner. Seconds.
    pub(crate) fn lag_s(&self) -> f64 {
        let sigma_m = self.front_cov.xx.max(self.front_cov.yy).max(0.0).sqrt();
        let by_place = (2.0 * 1.96 * sigma_m / START_MS2).sqrt();
        let by_speed = 1.96 * self.speed_sigma_ms / START_MS2;
        by_place.min(by_speed)
    }

    /// The mean front point over the stand and the covariance of one of its states. The errors of
    /// the states are not independent, so the mean is no more certain than one of them.
    pub(crate) fn front(&self) -> (Vec2, Covariance2) {
        (self.front_sum / f64::from(self.states.max(1)), self.front_cov)
    }

    pub(crate) fn is_away(&self) -> bool {
        self.away_since.is_some()
    }

    fn still(&mut self, sample: &Sample) {
        let onset_ms = (1.96 * sample.speed_sigma_ms()).clamp(0.1, SLOW_MS);
        let speed = sample.speed_ms();
        if speed < onset_ms && self.onset.is_none() {
            self.onset = Some(sample.time);
            self.anchor = sample.centre();
            self.states = 0;
            self.front_sum = Vec2::zeros();
        }
        if speed < onset_ms || (self.onset.is_none() && speed < SLOW_MS) {
            self.last_still = sample.time;
            self.after_still = None;
            self.states = self.states.saturating_add(1);
            self.front_sum += sample.front;
            self.front_cov = sample.cov;
            self.speed_sigma_ms = sample.speed_sigma_ms();
            // The anchor follows slowly: an estimate may drift while the vehicle stands.
            let weight = f64::from(self.states.min(ANCHOR_STATES));
            self.anchor += (sample.centre() - self.anchor) / weight;
        } else if self.after_still.is_none() {
            self.after_still = Some(sample.time);
        }
    }
}

/// Takes a measured state. Returns the stand that ended with it.
pub(crate) fn update(
    stand: &mut Option<Stand>,
    subject: TrackId,
    before: Option<&Sample>,
    now: &Sample,
) -> Option<Stand> {
    let slow = now.speed_ms() < SLOW_MS;
    let Some(going) = stand else {
        if slow {
            *stand = Some(Stand::new(subject, now, before.map(|b| b.time), before.is_none()));
        }
        return None;
    };
    let hidden = now.time.since_s(before.map_or(going.last_still, |b| b.time)) > HIDDEN_S_MAX;
    if !hidden && (now.centre() - going.anchor).norm() < ANCHOR_M {
        going.away_since = None;
        going.still(now);
        return None;
    }
    if going.after_still.is_none() {
        going.after_still = Some(now.time);
    }
    let away_since = *going.away_since.get_or_insert(now.time);
    if !hidden && now.time.since_s(away_since) < AWAY_S {
        return None;
    }
    let ended = stand.take().map(|stand| Stand { drove_off: now.speed_ms() > DRIVES_MS, ..stand });
    if slow {
        let mut next = Stand::new(subject, now, None, false);
        next.slow_from = if hidden { now.time } else { away_since };
        *stand = Some(next);
    }
    ended
}
