//! One camera: what it saw last, how it is, and why.

use std::collections::VecDeque;

use wayside_proto::{
    CameraHealth, Content, EventTime, FrameCounts, GapCause, Observation, RunId, TrackState,
};

use super::limits::{FRAME_S, NUMBERS_S, SHARE_S, SILENT_S, STILL_S, TRACKS_MAX};
use crate::shapes::{CameraState, CameraSummary, CameraTracks, TrackJson, rounded};

/// Counts of frames that are kept for [`SHARE_S`].
const COUNTS_MAX: usize = 64;

/// What is known of one camera.
#[derive(Debug, Default)]
pub(super) struct Camera {
    frame: Option<Frame>,
    health: Option<CameraHealth>,
    /// The console's clock when something was heard of it; of what is older than the console, its own time.
    heard: Option<EventTime>,
    /// The same of its last frame.
    frame_heard: Option<EventTime>,
    /// The time of the last frame in which something moved.
    moved: Option<EventTime>,
    latency_ms: Option<f64>,
    counts: VecDeque<(EventTime, RunId, FrameCounts)>,
    told: Told,
}

/// The newest frame that was looked at.
#[derive(Debug)]
struct Frame {
    time: EventTime,
    tracks: Vec<TrackState>,
    more: u32,
    still: bool,
}

/// What was last told of it.
#[derive(Debug)]
struct Told {
    condition: (CameraState, Option<String>),
    since: Option<EventTime>,
    at: Option<EventTime>,
}

impl Default for Told {
    fn default() -> Self {
        Self { condition: (CameraState::Unknown, None), since: None, at: None }
    }
}

impl Camera {
    /// Takes an observation. Whether its tracks are newer than those known. `live` where it came as it
    /// happened, so that its way here says something.
    pub(super) fn observe(&mut self, seen: &Observation, now: EventTime, live: bool) -> bool {
        self.heard = self.heard.max(Some(now));
        let Content::Tracks { tracks, skipped_still } = &seen.content else { return false };
        self.frame_heard = self.frame_heard.max(Some(now));
        if self
            .frame
            .as_ref()
            .is_some_and(|frame| frame.time >= seen.time && live_order(frame, seen))
        {
            return false;
        }
        if !skipped_still {
            self.moved = Some(seen.time);
        }
        self.latency_ms = live.then(|| rounded(now.since_s(seen.time) * 1e3, 1.0));
        let kept = tracks.len().min(TRACKS_MAX);
        self.frame = Some(Frame {
            time: seen.time,
            tracks: tracks.iter().take(kept).copied().collect(),
            more: u32::try_from(tracks.len() - kept).unwrap_or(u32::MAX),
            still: *skipped_still,
        });
        true
    }

    /// Takes what its worker says of it; what was known before.
    pub(super) fn take(&mut self, health: CameraHealth, now: EventTime) -> Option<CameraHealth> {
        if self
            .health
            .as_ref()
            .is_some_and(|known| known.time > health.time && known.run == health.run)
        {
            return self.health.clone();
        }
        self.heard = self.heard.max(Some(now));
        self.counts.push_back((health.time, health.run.clone(), health.frames));
        while self.counts.len() > COUNTS_MAX
            || self.counts.front().is_some_and(|(time, run, _)| {
                *run != health.run || health.time.since_s(*time) > SHARE_S
            })
        {
            self.counts.pop_front();
        }
        self.health.replace(health)
    }

    /// Capture instant of the newest frame.
    pub(super) fn newest(&self) -> Option<EventTime> {
        self.frame.as_ref().map(|frame| frame.time)
    }

    /// What its worker said last.
    pub(super) fn health(&self) -> Option<&CameraHealth> {
        self.health.as_ref()
    }

    /// How it is at `now`, and why where it is neither live nor still.
    fn condition(&self, now: EventTime) -> (CameraState, Option<String>) {
        let Some(heard) = self.heard else { return (CameraState::Unknown, None) };
        if now.since_s(heard) > SILENT_S {
            let why = format!("nothing was heard of it since {heard}: is its worker running?");
            return (CameraState::Lost, Some(why));
        }
        if let Some(health) = &self.health {
            if let Some(cause) = health.away {
                return (away(cause), Some(told(&health.detail, cause)));
            }
            if !health.stood_down.is_empty() {
                let why: Vec<&str> =
                    health.stood_down.iter().map(|reason| reason.detail.as_str()).collect();
                return (CameraState::StoodDown, Some(why.join("; ")));
            }
        }
        match (&self.frame, self.frame_heard) {
            (Some(frame), Some(frame_heard)) if now.since_s(frame_heard) <= FRAME_S => {
                let moves = self.moved.is_some_and(|moved| frame.time.since_s(moved) < STILL_S);
                (if moves { CameraState::Live } else { CameraState::Still }, None)
            }
            (Some(_), Some(frame_heard)) => {
                let why =
                    format!("no frame has come since {frame_heard}, although its worker is there");
                (CameraState::Stalled, Some(why))
            }
            _ => (CameraState::Stalled, Some("no frame has come yet".to_owned())),
        }
    }

    /// Looks at it again. Whether clients must be told: where it is another way, and every few seconds where
    /// its numbers may be new.
    pub(super) fn refresh(&mut self, now: EventTime, numbers: bool) -> bool {
        let condition = self.condition(now);
        let other = self.told.condition != condition;
        if self.told.condition.0 != condition.0 {
            self.told.since = match condition.0 {
                CameraState::Unknown => None,
                CameraState::StoodDown => self.stood_down_since().or(Some(now)),
                CameraState::Lost => {
                    self.heard.filter(|heard| now.since_s(*heard) > SILENT_S).or(Some(now))
                }
                _ => Some(now),
            };
        }
        self.told.condition = condition;
        let due = self.told.at.is_none_or(|at| now.since_s(at).abs() >= NUMBERS_S);
        if other || (numbers && due) {
            self.told.at = Some(now);
        }
        other || (numbers && due)
    }

    fn stood_down_since(&self) -> Option<EventTime> {
        self.health.as_ref()?.stood_down.iter().map(|reason| reason.since).min()
    }

    /// How it was when it was last looked at.
    pub(super) fn state(&self) -> CameraState {
        self.told.condition.0
    }

    /// It at a glance, as it was when it was last looked at.
    pub(super) fn summary(&self, id: &str) -> CameraSummary {
        let (state, why) = self.told.condition.clone();
        let health = self.health.as_ref().filter(|_| state != CameraState::Lost);
        CameraSummary {
            id: id.to_owned(),
            state,
            why,
            since: self.told.since.map(|since| since.to_string()),
            frame_rate: health.map(|health| rounded(f64::from(health.frame_rate), 10.0)),
            latency_ms: self.latency_ms.filter(|_| {
                matches!(state, CameraState::Live | CameraState::Still | CameraState::StoodDown)
            }),
            last_frame: self.newest().map(|time| time.to_string()),
            clock_offset_ms: health
                .and_then(|health| health.clock_offset_us)
                .map(|offset_us| rounded(offset_us as f64 / 1e3, 10.0)),
            dropped_share: self.dropped_share(),
        }
    }

    /// Share of the frames of the last minute that were in gaps.
    fn dropped_share(&self) -> Option<f64> {
        let ((_, _, first), (_, _, last)) = (self.counts.front()?, self.counts.back()?);
        let received = last.received.checked_sub(first.received)?;
        let gaps = |counts: &FrameCounts| -> u64 {
            GapCause::ALL.iter().map(|cause| counts.gap(*cause)).sum()
        };
        let dropped = gaps(last).checked_sub(gaps(first))?;
        (received > 0).then(|| rounded((dropped as f64 / received as f64).min(1.0), 1e3))
    }

    /// What it saw last.
    pub(super) fn tracks(&self, site: &str, id: &str) -> Option<CameraTracks> {
        let frame = self.frame.as_ref()?;
        Some(CameraTracks {
            site: site.to_owned(),
            camera: id.to_owned(),
            time: frame.time.to_string(),
            tracks: frame.tracks.iter().map(TrackJson::from).collect(),
            more: frame.more,
            still: frame.still,
        })
    }
}

/// Whether the known frame stands although the new one is not later: a recording that begins again, or a
/// clock that was set back by more than a minute, is no late record.
fn live_order(frame: &Frame, seen: &Observation) -> bool {
    frame.time.since_s(seen.time) < 60.0
}

fn away(cause: GapCause) -> CameraState {
    match cause {
        GapCause::Lost => CameraState::Lost,
        GapCause::Stalled | GapCause::Undecodable | GapCause::Overload => CameraState::Stalled,
        GapCause::StoodDown => CameraState::StoodDown,
    }
}

/// The worker's own words, or what the cause means.
fn told(detail: &str, cause: GapCause) -> String {
    if !detail.is_empty() {
        return detail.to_owned();
    }
    match cause {
        GapCause::Lost => "the stream is gone",
        GapCause::Stalled => "the stream is there and silent",
        GapCause::Undecodable => "the stream cannot be read",
        GapCause::Overload => "the machine cannot keep up",
        GapCause::StoodDown => "the camera watch has stood it down",
    }
    .to_owned()
}
