//! One violation with what is known of its vehicle: from a track to a request for pictures.

use wayside_proto::{
    ClipRequest, Content, EventTime, Moment, Observation, Outcome, SubjectAt, TrackState,
};

/// How much around an event is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Seconds before the event, 0 to 25.
    pub before_s: f64,
    /// Seconds after it, 0 to 25.
    pub after_s: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { before_s: 5.0, after_s: 5.0 }
    }
}

/// Most seconds on either side of the event.
const SIDE_S_MAX: f64 = 25.0;
/// How far the vehicle is from where it was at the event, in the stills before and after, metres.
const STILL_M: f64 = 5.0;
/// A vehicle that does not move so far is shown so many seconds before and after.
const STILL_S: f64 = 2.0;

impl Window {
    /// First and last instant.
    #[must_use]
    pub fn around(&self, event: EventTime) -> (EventTime, EventTime) {
        let side = |s: f64| if s.is_finite() { s.clamp(0.0, SIDE_S_MAX) } else { 5.0 };
        (event.plus_s(-side(self.before_s)), event.plus_s(side(self.after_s)))
    }
}

/// The request for the pictures of a violation; none where the track has no box in the window.
/// `observations` are those of its camera and run, in order of time.
#[must_use]
pub fn request(
    outcome: &Outcome,
    observations: &[Observation],
    window: Window,
) -> Option<ClipRequest> {
    let (from, to) = window.around(outcome.event_time);
    let mut seen: Vec<(EventTime, &TrackState)> = Vec::new();
    for observation in observations {
        let time = observation.time;
        if time < from || time > to || seen.last().is_some_and(|(last, _)| *last >= time) {
            continue;
        }
        let Content::Tracks { tracks, .. } = &observation.content else { continue };
        let track = tracks.iter().find(|track| track.id == outcome.track);
        seen.extend(track.filter(|track| track.box_px.is_some()).map(|track| (time, track)));
    }
    let moments = moments(&seen, outcome.event_time)?;
    let subject = seen
        .iter()
        .filter_map(|(time, track)| Some(SubjectAt { time: *time, box_px: track.box_px? }))
        .collect();
    Some(ClipRequest {
        violation: outcome.id.clone(),
        site: outcome.site.clone(),
        camera: outcome.camera.clone(),
        run: outcome.run.clone(),
        track: outcome.track,
        class: outcome.class,
        from,
        to,
        subject,
        moments,
    })
}

/// Before, at and after: at the frame nearest to the event, and where the vehicle is a car's length
/// before and beyond it. One that stands is shown some seconds before and after.
fn moments(
    seen: &[(EventTime, &TrackState)],
    event: EventTime,
) -> Option<Vec<(Moment, EventTime)>> {
    let nearest = |time: EventTime| {
        seen.iter().enumerate().min_by_key(|(_, (at, _))| at.0.abs_diff(time.0)).map(|(n, _)| n)
    };
    let line = nearest(event)?;
    let (at, there) = seen.get(line)?;
    let away = |track: &TrackState| {
        let [x, y] = [0, 1].map(|axis: usize| track.front_m[axis] - there.front_m[axis]);
        x * x + y * y >= STILL_M * STILL_M
    };
    let earlier = seen.get(..line).unwrap_or_default();
    let later = seen.get(line + 1..).unwrap_or_default();
    let before = earlier.iter().rev().find(|(_, track)| away(track)).map(|(time, _)| *time);
    let after = later.iter().find(|(_, track)| away(track)).map(|(time, _)| *time);
    let time_at = |n: Option<usize>| n.and_then(|n| seen.get(n)).map(|(time, _)| *time);
    let before = before.or_else(|| time_at(nearest(at.plus_s(-STILL_S)))).unwrap_or(*at);
    let after = after.or_else(|| time_at(nearest(at.plus_s(STILL_S)))).unwrap_or(*at);
    Some(vec![(Moment::Before, before), (Moment::AtLine, *at), (Moment::After, after)])
}
