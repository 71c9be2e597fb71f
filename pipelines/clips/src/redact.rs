//! Two passes over the pictures: look, then hide.

use wayside_picture::Picture;
use wayside_proto::convert::{CLIP_S_MAX, CLIP_STILLS_MAX};
use wayside_proto::{ClipRequest, EventTime, RedactedClip, RedactedStill, RedactionRecord};
use wayside_redaction::evidence::{
    FrameSightings, Look, METHOD, NotRedactable, Observer, Occupants, Plan, Settings,
};

use crate::encode::{self, Film};
use crate::error::{About, ClipError};
use crate::eyes::Eyes;
use crate::faces::{Faces, Seen, Waiting, place};
use crate::frames::Frames;
use crate::source::Source;
use crate::spent::{Spent, timed};

/// The largest picture, pixels: 4096 x 2304.
const PIXELS_MAX: u64 = 4096 * 2304;
/// A still is of the frame nearest to its moment, and never further from it, microseconds.
const STILL_OFF_US_MAX: i64 = 500_000;

/// Redacts the pictures of one violation.
///
/// The same pictures, request and models give the same bytes on machines of the same architecture with the
/// same libraries.
///
/// # Errors
/// Where a frame between the two instants cannot be decoded, looked at, redacted or encoded, or the reply would
/// be too large; [`ClipError::failure`] is the cause in the words of the evidence topic.
pub fn redact(
    source: &Source,
    request: &ClipRequest,
    eyes: &mut Eyes,
) -> Result<RedactedClip, ClipError> {
    redact_measured(source, request, eyes).map(|(clip, _)| clip)
}

/// As [`redact`], with where the time went.
///
/// # Errors
/// As for [`redact`].
pub fn redact_measured(
    source: &Source,
    request: &ClipRequest,
    eyes: &mut Eyes,
) -> Result<(RedactedClip, Spent), ClipError> {
    let about = About {
        camera: format!("{}/{}", request.site, request.camera),
        from: request.from,
        to: request.to,
    };
    check(request, &about)?;
    let mut spent = Spent::default();
    let work = Work { source, request, about: &about };
    let seen = work.look(eyes, &mut spent)?;
    let clip = work.hide(seen, eyes, &mut spent)?;
    Ok((clip, spent))
}

/// Requests that come over the wire are held to this there already; others are here.
fn check(request: &ClipRequest, about: &About) -> Result<(), ClipError> {
    let length_us = request.to.0.saturating_sub(request.from.0);
    let cause = match () {
        () if !(0..=CLIP_S_MAX * 1_000_000).contains(&length_us) => {
            format!("a clip of {:.3} s, and {CLIP_S_MAX} s are the most", length_us as f64 / 1e6)
        }
        () if request.moments.len() > CLIP_STILLS_MAX => {
            format!("{} stills, and {CLIP_STILLS_MAX} are the most", request.moments.len())
        }
        () => return Ok(()),
    };
    Err(ClipError::TooMuch { about: about.clone(), cause, hint: "Ask for less" })
}

struct Work<'a> {
    source: &'a Source,
    request: &'a ClipRequest,
    about: &'a About,
}

/// What the first pass gives.
struct Looked {
    plan: Plan,
    times: Vec<EventTime>,
    size: (u32, u32),
}

impl Work<'_> {
    /// The first pass.
    fn look(&self, eyes: &mut Eyes, spent: &mut Spent) -> Result<Looked, ClipError> {
        let mut frames = Frames::new(self.source, self.about);
        let mut faces = Faces::new(&self.request.subject, eyes.sees_faces(), eyes.looks.faces_us);
        let (mut observer, mut times, mut looked) = (None, Vec::new(), None::<EventTime>);
        let mut size = (0, 0);
        while let Some((time, picture)) = timed(&mut spent.decode, || frames.next())? {
            self.go_on(eyes)?;
            if observer.is_none() {
                observer = Some(self.observer(&picture, eyes)?);
                size = (picture.width, picture.height);
            }
            times.push(time);
            let due = looked.is_none_or(|last| time.0 - last.0 >= eyes.looks.road_users_us);
            let mut road_users = Look::NotLooked;
            if due {
                let found = timed(&mut spent.detect, || eyes.road_users(&picture));
                road_users = Look::Saw(found.map_err(|error| self.detector(time, error))?);
                looked = Some(time);
                spent.looks += 1;
            }
            let mut found = Look::NotLooked;
            if let Some(part) = faces.look_at(time) {
                let here = timed(&mut spent.faces, || eyes.faces(&picture, &part));
                found = here.map_err(|error| self.detector(time, error))?;
            }
            let mut outline = None;
            if let Some(own) = place(&self.request.subject, time) {
                let here = timed(&mut spent.outline, || eyes.outline(&picture, &own));
                outline = here.map_err(|error| self.detector(time, error))?;
            }
            faces.push(time, Seen { picture, road_users, outline }, &found);
            while let (Some(observer), Some(next)) = (&mut observer, faces.pop(false)) {
                self.observe(observer, next, spent)?;
            }
        }
        while let (Some(observer), Some(next)) = (&mut observer, faces.pop(true)) {
            self.observe(observer, next, spent)?;
        }
        let Some(observer) = observer else {
            return Err(self.no_pictures(
                "there is no picture between these instants".to_owned(),
                "Look for a gap in the camera's observations",
            ));
        };
        let plan = timed(&mut spent.learn, || observer.finish());
        let plan = plan.map_err(|cause| self.not_redactable(cause))?;
        spent.frames = u32::try_from(times.len()).unwrap_or(u32::MAX);
        Ok(Looked { plan, times, size })
    }

    fn observer(&self, first: &Picture, eyes: &Eyes) -> Result<Observer, ClipError> {
        let (width, height) = (first.width, first.height);
        if u64::from(width) * u64::from(height) > PIXELS_MAX {
            return Err(ClipError::TooMuch {
                about: self.about.clone(),
                cause: format!("pictures of {width}x{height} pixels, more than {PIXELS_MAX}"),
                hint: "Take the camera's stream of lower resolution",
            });
        }
        let occupants = if eyes.sees_faces() { Occupants::Detected } else { Occupants::Unknown };
        let signals = eyes.signals.clone();
        let settings = Settings { signals, occupants, ..Settings::default() };
        let (class, subject) = (self.request.class, &self.request.subject);
        Ok(Observer::new(width, height, class, subject, settings))
    }

    fn observe(
        &self,
        observer: &mut Observer,
        (frame, faces): (Waiting, Look<wayside_proto::BoxPx>),
        spent: &mut Spent,
    ) -> Result<(), ClipError> {
        let Waiting { time, seen: Seen { picture, road_users, outline }, .. } = frame;
        let sightings = FrameSightings { time, road_users, faces, outline };
        timed(&mut spent.learn, || observer.observe(&picture, sightings))
            .map_err(|cause| self.not_redactable(cause))
    }

    /// The second pass: nothing is encoded that was not hidden in first.
    fn hide(
        &self,
        seen: Looked,
        eyes: &Eyes,
        spent: &mut Spent,
    ) -> Result<RedactedClip, ClipError> {
        let Looked { mut plan, times, size } = seen;
        let wanted = self.stills(&times)?;
        let mut film = timed(&mut spent.encode, || Film::new(self.about, size, rate(&times)))?;
        let mut stills: Vec<Option<Vec<u8>>> = wanted.iter().map(|_| None).collect();
        let mut frames = Frames::new(self.source, self.about);
        let mut index = 0;
        while let Some((time, mut picture)) = timed(&mut spent.decode, || frames.next())? {
            self.go_on(eyes)?;
            if times.get(index) != Some(&time) {
                return Err(self.not_redactable(NotRedactable::Order { index, time }));
            }
            timed(&mut spent.hide, || plan.apply(index, &mut picture))
                .map_err(|cause| self.not_redactable(cause))?;
            timed(&mut spent.encode, || film.write(time, &picture))?;
            for (still, at) in stills.iter_mut().zip(&wanted) {
                if *at == index {
                    *still =
                        Some(timed(&mut spent.encode, || encode::still(self.about, &picture))?);
                }
            }
            index += 1;
        }
        if index != times.len() {
            let cause =
                format!("{index} pictures in the second pass, {} in the first", times.len());
            return Err(self.no_pictures(cause, "Look whether the recording was changed meanwhile"));
        }
        let bytes: usize = stills.iter().flatten().map(Vec::len).sum();
        let mp4 = timed(&mut spent.encode, || film.finish(encode::room(bytes as u64)))?;
        let moments = self.request.moments.iter().zip(&wanted).zip(stills);
        let stills = moments.filter_map(|(((moment, _), at), jpeg)| {
            Some(RedactedStill { moment: *moment, time: *times.get(*at)?, jpeg: jpeg? })
        });
        Ok(RedactedClip {
            violation: self.request.violation.clone(),
            width_px: size.0,
            height_px: size.1,
            mp4,
            stills: stills.collect(),
            redaction: record(&plan, eyes),
            frames: times,
        })
    }

    /// Number of the frame of each still.
    fn stills(&self, times: &[EventTime]) -> Result<Vec<usize>, ClipError> {
        let nearest = |(moment, at): &(wayside_proto::Moment, EventTime)| {
            let off = |time: &EventTime| time.0.saturating_sub(at.0).saturating_abs();
            let found = times.iter().enumerate().min_by_key(|(_, time)| off(time));
            match found {
                Some((index, time)) if off(time) <= STILL_OFF_US_MAX => Ok(index),
                other => {
                    let nearest = other.map_or("none".to_owned(), |(_, time)| time.to_string());
                    Err(self.no_pictures(
                        format!(
                            "there is no picture of the moment `{}` at {at} (the nearest is {nearest})",
                            moment.as_str()
                        ),
                        "Ask for a moment within the clip, or look for a gap in the camera's observations",
                    ))
                }
            }
        };
        self.request.moments.iter().map(nearest).collect()
    }

    fn go_on(&self, eyes: &Eyes) -> Result<(), ClipError> {
        if eyes.is_stopped() {
            return Err(ClipError::Stopped { about: self.about.clone() });
        }
        Ok(())
    }

    fn detector(&self, time: EventTime, cause: wayside_inference::InferenceError) -> ClipError {
        ClipError::Detector { about: self.about.clone(), time, cause: Box::new(cause) }
    }

    fn not_redactable(&self, cause: NotRedactable) -> ClipError {
        ClipError::NotRedactable { about: self.about.clone(), cause }
    }

    fn no_pictures(&self, cause: String, hint: &'static str) -> ClipError {
        ClipError::NoPictures { about: self.about.clone(), cause, hint }
    }
}

/// Frames a second, from the mean interval.
fn rate(times: &[EventTime]) -> f64 {
    match times {
        [first, .., last] if last > first => (times.len() - 1) as f64 / last.since_s(*first),
        _ => 25.0,
    }
}

/// How it was redacted, for everybody to judge.
fn record(plan: &Plan, eyes: &Eyes) -> RedactionRecord {
    let totals = plan.totals();
    let occupants = if eyes.sees_faces() { "faces detected" } else { "windows hidden" };
    let outline = match eyes.sees_outlines() {
        true => format!(", outline in {} of {} pictures", totals.outlined, totals.frames),
        false => String::new(),
    };
    RedactionRecord {
        method: format!("{METHOD}{outline}, {occupants}"),
        models: eyes.models(),
        frames: totals.frames,
        hidden_road_users: totals.road_users,
        hidden_faces: totals.faces,
        hidden_movers: totals.movers,
        hidden_share: totals.share.clamp(0.0, 1.0),
        block_px: totals.block_px,
    }
}
