//! `wayside.v1.ClipRequest` and `wayside.v1.RedactedClip`.

use super::ConvertError;
use super::check::{self, Checked, wrong, wrong_text};
use super::observation::class_from_wire;
use crate::{
    BoxPx, CameraId, ClipRequest, EventTime, Hash32, Moment, OutcomeId, RedactedClip,
    RedactedStill, RedactionRecord, RoadUserClass, RunId, SiteId, SubjectAt, TrackId, wire,
};

/// Longest clip, seconds.
pub const CLIP_S_MAX: i64 = 60;
/// Most frames of a clip, and most places of its subject.
pub const CLIP_FRAMES_MAX: usize = 4_096;
/// Most stills of one violation.
pub const CLIP_STILLS_MAX: usize = 8;
/// Most bytes of the message that asks for a clip.
pub const CLIP_REQUEST_BYTES_MAX: usize = 1 << 20;
/// Most bytes of the message with a redacted clip.
pub const CLIP_BYTES_MAX: usize = 32 << 20;
/// Largest side of a picture.
const SIDE_PX_MAX: u32 = 8_192;
/// Detectors that one redaction may name.
const MODELS_MAX: usize = 16;

impl TryFrom<&ClipRequest> for wire::ClipRequest {
    type Error = ConvertError;

    fn try_from(request: &ClipRequest) -> Checked<Self> {
        let message = Self {
            violation: request.violation.0.clone(),
            site: request.site.0.clone(),
            camera: request.camera.0.clone(),
            run: request.run.0.clone(),
            track: request.track.0,
            class: wire::RoadUserClass::from(RoadUserClass::from(request.class)).into(),
            from_us: request.from.0,
            to_us: request.to.0,
            subject: request.subject.iter().map(Into::into).collect(),
            moments: request
                .moments
                .iter()
                .map(|(moment, time)| wire::MomentAt {
                    moment: moment.as_str().to_owned(),
                    time_us: time.0,
                })
                .collect(),
        };
        ClipRequest::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::ClipRequest> for ClipRequest {
    type Error = ConvertError;

    fn try_from(message: wire::ClipRequest) -> Checked<Self> {
        check::digest_id("violation", &message.violation)?;
        check::id("site", &message.site)?;
        check::id("camera", &message.camera)?;
        check::name("run", &message.run)?;
        let class = class_from_wire("class", message.class)?;
        let class = class.motor_vehicle().ok_or_else(|| {
            let expected = "a motor vehicle; nobody else is the subject of a violation";
            wrong("class", class.as_str(), expected)
        })?;
        let from = check::time("from_us", message.from_us)?;
        let to = check::time("to_us", message.to_us)?;
        if to < from || to.0 - from.0 > CLIP_S_MAX * 1_000_000 {
            let expected = format!("0 to {CLIP_S_MAX} s after `from_us`");
            return Err(wrong("to_us", to, expected));
        }
        count("subject", message.subject.len(), CLIP_FRAMES_MAX)?;
        let subject: Vec<SubjectAt> = message
            .subject
            .iter()
            .enumerate()
            .map(|(n, at)| place(n, at))
            .collect::<Checked<_>>()?;
        if let Some(n) = subject.windows(2).position(|pair| pair[0].time >= pair[1].time) {
            let later = subject.get(n + 1).map_or(0, |at| at.time.0);
            let field = format!("subject[{}].time_us", n + 1);
            return Err(wrong(field, later, "later than the one before"));
        }
        count("moments", message.moments.len(), CLIP_STILLS_MAX)?;
        let read = |(n, at): (usize, &wire::MomentAt)| {
            let time = check::time(&format!("moments[{n}].time_us"), at.time_us)?;
            Ok((moment(&format!("moments[{n}].moment"), &at.moment)?, time))
        };
        let moments: Vec<(Moment, EventTime)> =
            message.moments.iter().enumerate().map(read).collect::<Checked<_>>()?;
        if let Some(n) = moments.windows(2).position(|pair| pair[0].1 > pair[1].1) {
            let later = moments.get(n + 1).map_or(0, |at| at.1.0);
            let field = format!("moments[{}].time_us", n + 1);
            return Err(wrong(field, later, "at or after the one before"));
        }
        Ok(Self {
            violation: OutcomeId(message.violation),
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            run: RunId(message.run),
            track: TrackId(message.track),
            class,
            from,
            to,
            subject,
            moments,
        })
    }
}

impl From<&SubjectAt> for wire::SubjectAt {
    fn from(at: &SubjectAt) -> Self {
        let BoxPx { x0, y0, x1, y1 } = at.box_px;
        Self { time_us: at.time.0, box_px: Some(wire::Box { x0, y0, x1, y1 }) }
    }
}

fn place(n: usize, message: &wire::SubjectAt) -> Checked<SubjectAt> {
    let time = check::time(&format!("subject[{n}].time_us"), message.time_us)?;
    let field = || format!("subject[{n}].box_px");
    let expected = "a box from top left to bottom right";
    let b = message.box_px.as_ref().ok_or_else(|| wrong(field(), "absent", expected))?;
    for edge in [b.x0, b.y0, b.x1, b.y1] {
        check::finite(&field(), edge.into())?;
    }
    if b.x0 > b.x1 || b.y0 > b.y1 {
        return Err(wrong(field(), format!("{} {} {} {}", b.x0, b.y0, b.x1, b.y1), expected));
    }
    let box_px = BoxPx { x0: b.x0, y0: b.y0, x1: b.x1, y1: b.y1 };
    Ok(SubjectAt { time, box_px })
}

impl TryFrom<&RedactedClip> for wire::RedactedClip {
    type Error = ConvertError;

    fn try_from(clip: &RedactedClip) -> Checked<Self> {
        let message = Self {
            violation: clip.violation.0.clone(),
            width_px: clip.width_px,
            height_px: clip.height_px,
            mp4: clip.mp4.clone(),
            frames_us: clip.frames.iter().map(|time| time.0).collect(),
            stills: clip
                .stills
                .iter()
                .map(|still| wire::RedactedStill {
                    moment: still.moment.as_str().to_owned(),
                    time_us: still.time.0,
                    jpeg: still.jpeg.clone(),
                })
                .collect(),
            redaction: Some((&clip.redaction).try_into()?),
        };
        check_clip(&message)?;
        Ok(message)
    }
}

impl TryFrom<wire::RedactedClip> for RedactedClip {
    type Error = ConvertError;

    fn try_from(message: wire::RedactedClip) -> Checked<Self> {
        check_clip(&message)?;
        let stills = message.stills.into_iter().enumerate().map(|(n, still)| {
            let name = moment(&format!("stills[{n}].moment"), &still.moment)?;
            Ok(RedactedStill { moment: name, time: EventTime(still.time_us), jpeg: still.jpeg })
        });
        let redaction =
            message.redaction.ok_or_else(|| wrong("redaction", "absent", "how it was redacted"))?;
        Ok(Self {
            violation: OutcomeId(message.violation),
            width_px: message.width_px,
            height_px: message.height_px,
            mp4: message.mp4,
            frames: message.frames_us.into_iter().map(EventTime).collect(),
            stills: stills.collect::<Checked<_>>()?,
            redaction: redaction.try_into()?,
        })
    }
}

/// What holds of a clip in both directions; looks at no copy of its pictures.
fn check_clip(message: &wire::RedactedClip) -> Checked {
    check::digest_id("violation", &message.violation)?;
    for (field, side) in [("width_px", message.width_px), ("height_px", message.height_px)] {
        if side == 0 || side > SIDE_PX_MAX {
            return Err(wrong(field, side, format!("1 to {SIDE_PX_MAX}")));
        }
    }
    // ISO/IEC 14496-12, 4.3: the brand comes first.
    if message.mp4.get(4..8) != Some(b"ftyp") {
        return Err(wrong("mp4", format!("{} bytes", message.mp4.len()), "an MP4 file"));
    }
    count("frames_us", message.frames_us.len(), CLIP_FRAMES_MAX)?;
    if message.frames_us.is_empty() {
        return Err(wrong("frames_us", "empty", "at least one frame"));
    }
    for (n, us) in message.frames_us.iter().enumerate() {
        let time = check::time(&format!("frames_us[{n}]"), *us)?;
        let before = n.checked_sub(1).and_then(|before| message.frames_us.get(before));
        if before.is_some_and(|before| *before >= time.0) {
            return Err(wrong(format!("frames_us[{n}]"), time.0, "later than the one before"));
        }
    }
    count("stills", message.stills.len(), CLIP_STILLS_MAX)?;
    for (n, still) in message.stills.iter().enumerate() {
        moment(&format!("stills[{n}].moment"), &still.moment)?;
        if message.frames_us.binary_search(&still.time_us).is_err() {
            let field = format!("stills[{n}].time_us");
            return Err(wrong(field, still.time_us, "the instant of a frame of the clip"));
        }
        if still.jpeg.get(..3) != Some(&[0xff, 0xd8, 0xff]) {
            let found = format!("{} bytes", still.jpeg.len());
            return Err(wrong(format!("stills[{n}].jpeg"), found, "a JPEG file"));
        }
    }
    let frames = message.redaction.as_ref().map(|record| record.frames as usize);
    if frames != Some(message.frames_us.len()) {
        let found = frames.map_or("absent".to_owned(), |frames| frames.to_string());
        return Err(wrong("redaction.frames", found, "the number of frames of the clip"));
    }
    Ok(())
}

impl TryFrom<&RedactionRecord> for wire::RedactionRecord {
    type Error = ConvertError;

    fn try_from(record: &RedactionRecord) -> Checked<Self> {
        let model = |(n, (name, sha256)): (usize, &(String, String))| {
            let field = format!("redaction.models[{n}].sha256");
            let bytes = bytes_of(sha256)
                .ok_or_else(|| wrong_text(&field, sha256, "64 lower-case hexadecimal digits"))?;
            Ok(wire::RedactionModel { name: name.clone(), sha256: bytes.0.to_vec() })
        };
        let message = Self {
            method: record.method.clone(),
            models: record.models.iter().enumerate().map(model).collect::<Checked<_>>()?,
            frames: record.frames,
            hidden_road_users: record.hidden_road_users,
            hidden_faces: record.hidden_faces,
            hidden_movers: record.hidden_movers,
            hidden_share: record.hidden_share,
            block_px_min: record.block_px.0,
            block_px_max: record.block_px.1,
        };
        RedactionRecord::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::RedactionRecord> for RedactionRecord {
    type Error = ConvertError;

    fn try_from(message: wire::RedactionRecord) -> Checked<Self> {
        check::name("redaction.method", &message.method)?;
        count("redaction.models", message.models.len(), MODELS_MAX)?;
        let models = message.models.into_iter().enumerate().map(|(n, model)| {
            check::name(&format!("redaction.models[{n}].name"), &model.name)?;
            let sha256 = check::hash(&format!("redaction.models[{n}].sha256"), &model.sha256)?;
            Ok((model.name, sha256.to_string()))
        });
        let models = models.collect::<Checked<_>>()?;
        let share = message.hidden_share;
        if !(0.0..=1.0).contains(&share) {
            return Err(wrong("redaction.hidden_share", share, "between 0 and 1"));
        }
        if message.block_px_min > message.block_px_max {
            let expected = "at least `block_px_min`";
            return Err(wrong("redaction.block_px_max", message.block_px_max, expected));
        }
        Ok(Self {
            method: message.method,
            models,
            frames: message.frames,
            hidden_road_users: message.hidden_road_users,
            hidden_faces: message.hidden_faces,
            hidden_movers: message.hidden_movers,
            hidden_share: share,
            block_px: (message.block_px_min, message.block_px_max),
        })
    }
}

fn moment(field: &str, name: &str) -> Checked<Moment> {
    Moment::parse(name).ok_or_else(|| wrong_text(field, name, "before, at_line or after"))
}

fn count(field: &str, found: usize, most: usize) -> Checked {
    if found <= most {
        return Ok(());
    }
    Err(wrong(field, format!("{found} entries"), format!("at most {most}")))
}

fn bytes_of(hex: &str) -> Option<Hash32> {
    let digit = |c: u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
    if hex.len() != 64 || !hex.bytes().all(digit) {
        return None;
    }
    let mut out = [0; 32];
    for (byte, pair) in out.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(Hash32(out))
}
