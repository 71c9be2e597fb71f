//! `wayside.v1.Observation`.

use super::check::{self, Checked, wrong};
use super::{ConvertError, FrameError, FrameProblem, Frames, encode_delimited};
use crate::{
    BoxPx, CameraId, ClockSource, Content, Covariance2, EventTime, Gap, GapCause, Observation,
    RoadUserClass, RunId, SiteId, TrackId, TrackState, wire,
};

/// Tracks that one observation may have.
pub const TRACKS_MAX: usize = 4_096;

/// Appends an observation with its length to `out`.
///
/// # Errors
/// Where a field breaks the contract; `out` then stays as it was.
pub fn encode_observation(
    observation: &Observation,
    out: &mut Vec<u8>,
) -> Result<(), FrameProblem> {
    encode_delimited(&wire::Observation::try_from(observation)?, out)
}

/// Every observation in `bytes`, a sequence of length-delimited messages.
///
/// # Errors
/// At the first message that cannot be read, with its number and offset. To keep what stands
/// before it, go through [`Frames`].
pub fn decode_observations(bytes: &[u8]) -> Result<Vec<Observation>, FrameError> {
    Frames::new(bytes).map(|frame| frame?.decode::<wire::Observation, _>()).collect()
}

impl TryFrom<&Observation> for wire::Observation {
    type Error = ConvertError;

    fn try_from(observation: &Observation) -> Checked<Self> {
        let clock_source = clock_source_to_wire(observation.clock_source);
        let content = match &observation.content {
            Content::Tracks { tracks, skipped_still } => {
                check_count(tracks.len())?;
                let tracks = tracks.iter().map(track_to_wire).collect();
                wire::observation::Content::Tracks(wire::Tracks {
                    tracks,
                    skipped_still: *skipped_still,
                })
            }
            Content::Gap(gap) => wire::observation::Content::Gap(wire::Gap {
                from_us: gap.from.0,
                to_us: gap.to.0,
                cause: gap_cause_to_wire(gap.cause).into(),
                frames: gap.frames,
            }),
        };
        let message = Self {
            site: observation.site.0.clone(),
            camera: observation.camera.0.clone(),
            run: observation.run.0.clone(),
            sequence: observation.sequence,
            time_us: observation.time.0,
            clock_source: clock_source.into(),
            clock_uncertainty_us: observation.clock_uncertainty_us,
            content: Some(content),
        };
        check(&message)?;
        Ok(message)
    }
}

impl TryFrom<wire::Observation> for Observation {
    type Error = ConvertError;

    fn try_from(message: wire::Observation) -> Checked<Self> {
        check(&message)?;
        let clock_source = clock_source_from_wire(message.clock_source)?;
        let content = match message.content {
            Some(wire::observation::Content::Tracks(wire::Tracks { tracks, skipped_still })) => {
                let tracks = tracks
                    .iter()
                    .enumerate()
                    .map(|(index, track)| track_from_wire(index, track))
                    .collect::<Checked<_>>()?;
                Content::Tracks { tracks, skipped_still }
            }
            Some(wire::observation::Content::Gap(gap)) => Content::Gap(Gap {
                from: EventTime(gap.from_us),
                to: EventTime(gap.to_us),
                cause: gap_cause_from_wire("gap.cause", gap.cause)?,
                frames: gap.frames,
            }),
            None => return Err(no_content()),
        };
        Ok(Self {
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            run: RunId(message.run),
            sequence: message.sequence,
            time: EventTime(message.time_us),
            clock_source,
            clock_uncertainty_us: message.clock_uncertainty_us,
            content,
        })
    }
}

fn check(message: &wire::Observation) -> Checked {
    check::id("site", &message.site)?;
    check::id("camera", &message.camera)?;
    check::name("run", &message.run)?;
    check::time("time_us", message.time_us)?;
    clock_source_from_wire(message.clock_source)?;
    match &message.content {
        None => Err(no_content()),
        Some(wire::observation::Content::Gap(gap)) => check_gap(gap),
        Some(wire::observation::Content::Tracks(wire::Tracks { tracks, .. })) => {
            check_count(tracks.len())?;
            for (index, track) in tracks.iter().enumerate() {
                check_state(track).map_err(|error| of_track(index, error))?;
            }
            let unordered = tracks.windows(2).position(|pair| pair[0].id >= pair[1].id);
            unordered.map_or(Ok(()), |index| {
                let expected = format!("above the id before it, {}", tracks[index].id);
                Err(wrong(format!("tracks[{}].id", index + 1), tracks[index + 1].id, expected))
            })
        }
    }
}

fn no_content() -> ConvertError {
    wrong("content", "nothing", "tracks or a gap")
}

fn check_count(count: usize) -> Checked {
    if count <= TRACKS_MAX {
        return Ok(());
    }
    Err(wrong("tracks", format!("{count} tracks"), format!("at most {TRACKS_MAX} tracks")))
}

fn check_gap(gap: &wire::Gap) -> Checked {
    check::time("gap.from_us", gap.from_us)?;
    check::time("gap.to_us", gap.to_us)?;
    gap_cause_from_wire("gap.cause", gap.cause)?;
    if gap.from_us <= gap.to_us {
        return Ok(());
    }
    Err(wrong("gap.to_us", gap.to_us, format!("at or after gap.from_us, {}", gap.from_us)))
}

/// Fields are named within the track; whoever calls says which track. A name is put together only
/// where something is wrong, since every state passes here twice.
fn check_state(track: &wire::TrackState) -> Checked {
    class_from_wire("class", track.class)?;
    check::share("class_confidence", track.class_confidence)?;
    check::share("confidence", track.confidence)?;
    if let Some(b) = &track.box_px {
        for (name, value) in
            [("box_px.x0", b.x0), ("box_px.y0", b.y0), ("box_px.x1", b.x1), ("box_px.y1", b.y1)]
        {
            check::finite(name, value.into())?;
        }
        if b.x1 < b.x0 || b.y1 < b.y0 {
            let value = format!("{}, {} to {}, {}", b.x0, b.y0, b.x1, b.y1);
            return Err(wrong("box_px", value, "a box from top left to bottom right"));
        }
    }
    check::finite("front_x_m", track.front_x_m)?;
    check::finite("front_y_m", track.front_y_m)?;
    check::covariance("front_m2", track.front_xx_m2, track.front_xy_m2, track.front_yy_m2)?;
    // A rounding error of the turn is no error.
    let turn = -std::f64::consts::PI - 1e-9..=std::f64::consts::PI + 1e-9;
    if !turn.contains(&track.heading_rad) {
        let expected = "an angle in radians between -pi and pi";
        return Err(wrong("heading_rad", track.heading_rad, expected));
    }
    check::not_negative("heading_sigma_rad", track.heading_sigma_rad)?;
    check::finite("velocity_x_ms", track.velocity_x_ms)?;
    check::finite("velocity_y_ms", track.velocity_y_ms)?;
    check::covariance(
        "velocity_m2s2",
        track.velocity_xx_m2s2,
        track.velocity_xy_m2s2,
        track.velocity_yy_m2s2,
    )?;
    check::not_negative("length_m", track.length_m)?;
    check::not_negative("width_m", track.width_m)
}

fn track_to_wire(track: &TrackState) -> wire::TrackState {
    wire::TrackState {
        id: track.id.0,
        class: wire::RoadUserClass::from(track.class).into(),
        class_confidence: track.class_confidence,
        confidence: track.confidence,
        box_px: track.box_px.map(|b| wire::Box { x0: b.x0, y0: b.y0, x1: b.x1, y1: b.y1 }),
        front_x_m: track.front_m[0],
        front_y_m: track.front_m[1],
        front_xx_m2: track.front_cov_m2.xx,
        front_xy_m2: track.front_cov_m2.xy,
        front_yy_m2: track.front_cov_m2.yy,
        heading_rad: track.heading_rad,
        heading_sigma_rad: track.heading_sigma_rad,
        velocity_x_ms: track.velocity_ms[0],
        velocity_y_ms: track.velocity_ms[1],
        velocity_xx_m2s2: track.velocity_cov_m2s2.xx,
        velocity_xy_m2s2: track.velocity_cov_m2s2.xy,
        velocity_yy_m2s2: track.velocity_cov_m2s2.yy,
        length_m: track.length_m,
        width_m: track.width_m,
        measured: track.measured,
    }
}

fn track_from_wire(index: usize, track: &wire::TrackState) -> Checked<TrackState> {
    Ok(TrackState {
        id: TrackId(track.id),
        class: class_from_wire("class", track.class).map_err(|error| of_track(index, error))?,
        class_confidence: track.class_confidence,
        confidence: track.confidence,
        box_px: track.box_px.map(|b| BoxPx { x0: b.x0, y0: b.y0, x1: b.x1, y1: b.y1 }),
        front_m: [track.front_x_m, track.front_y_m],
        front_cov_m2: Covariance2 {
            xx: track.front_xx_m2,
            xy: track.front_xy_m2,
            yy: track.front_yy_m2,
        },
        heading_rad: track.heading_rad,
        heading_sigma_rad: track.heading_sigma_rad,
        velocity_ms: [track.velocity_x_ms, track.velocity_y_ms],
        velocity_cov_m2s2: Covariance2 {
            xx: track.velocity_xx_m2s2,
            xy: track.velocity_xy_m2s2,
            yy: track.velocity_yy_m2s2,
        },
        length_m: track.length_m,
        width_m: track.width_m,
        measured: track.measured,
    })
}

/// An error of a field of a track, with the track's place.
fn of_track(index: usize, error: ConvertError) -> ConvertError {
    ConvertError { field: format!("tracks[{index}].{}", error.field), ..error }
}

/// The class with this number on the wire.
pub(super) fn class_from_wire(field: &str, number: i32) -> Checked<RoadUserClass> {
    let known = wire::RoadUserClass::try_from(number).ok().and_then(|class| match class {
        wire::RoadUserClass::Unspecified => None,
        wire::RoadUserClass::Car => Some(RoadUserClass::Car),
        wire::RoadUserClass::Truck => Some(RoadUserClass::Truck),
        wire::RoadUserClass::Bus => Some(RoadUserClass::Bus),
        wire::RoadUserClass::Motorcycle => Some(RoadUserClass::Motorcycle),
        wire::RoadUserClass::Bicycle => Some(RoadUserClass::Bicycle),
        wire::RoadUserClass::Person => Some(RoadUserClass::Person),
    });
    known.ok_or_else(|| wrong(field, number, "a class of road user, 1 to 6"))
}

impl From<RoadUserClass> for wire::RoadUserClass {
    fn from(class: RoadUserClass) -> Self {
        match class {
            RoadUserClass::Car => Self::Car,
            RoadUserClass::Truck => Self::Truck,
            RoadUserClass::Bus => Self::Bus,
            RoadUserClass::Motorcycle => Self::Motorcycle,
            RoadUserClass::Bicycle => Self::Bicycle,
            RoadUserClass::Person => Self::Person,
        }
    }
}

/// The source with this number on the wire.
pub(super) fn clock_source_from_wire(number: i32) -> Checked<ClockSource> {
    match wire::ClockSource::try_from(number) {
        Ok(wire::ClockSource::Recording) => Ok(ClockSource::Recording),
        Ok(wire::ClockSource::Rtcp) => Ok(ClockSource::Rtcp),
        Ok(wire::ClockSource::Arrival) => Ok(ClockSource::Arrival),
        Ok(wire::ClockSource::Unspecified) | Err(_) => {
            Err(wrong("clock_source", number, "a source of the clock, 1 to 3"))
        }
    }
}

pub(super) fn clock_source_to_wire(source: ClockSource) -> wire::ClockSource {
    match source {
        ClockSource::Recording => wire::ClockSource::Recording,
        ClockSource::Rtcp => wire::ClockSource::Rtcp,
        ClockSource::Arrival => wire::ClockSource::Arrival,
    }
}

/// The cause with this number on the wire.
pub(super) fn gap_cause_from_wire(field: &str, number: i32) -> Checked<GapCause> {
    match wire::GapCause::try_from(number) {
        Ok(wire::GapCause::Lost) => Ok(GapCause::Lost),
        Ok(wire::GapCause::Stalled) => Ok(GapCause::Stalled),
        Ok(wire::GapCause::Undecodable) => Ok(GapCause::Undecodable),
        Ok(wire::GapCause::Overload) => Ok(GapCause::Overload),
        Ok(wire::GapCause::StoodDown) => Ok(GapCause::StoodDown),
        Ok(wire::GapCause::Unspecified) | Err(_) => {
            Err(wrong(field, number, "a cause of a gap, 1 to 5"))
        }
    }
}

pub(super) fn gap_cause_to_wire(cause: GapCause) -> wire::GapCause {
    match cause {
        GapCause::Lost => wire::GapCause::Lost,
        GapCause::Stalled => wire::GapCause::Stalled,
        GapCause::Undecodable => wire::GapCause::Undecodable,
        GapCause::Overload => wire::GapCause::Overload,
        GapCause::StoodDown => wire::GapCause::StoodDown,
    }
}
