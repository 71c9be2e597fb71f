//! Redacted pictures into an MP4 and JPEGs.

use std::time::Duration;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use wayside_capture::Mp4Writer;
use wayside_picture::Picture;
use wayside_proto::EventTime;
use wayside_proto::convert::CLIP_BYTES_MAX;

use crate::error::{About, ClipError};
use crate::mp4_times;

/// Quality of stills, 1 to 100: plates and lamps stay readable.
const JPEG_QUALITY: u8 = 92;
/// What the rest of the message may take.
const MARGIN_BYTES: u64 = 256 << 10;
/// The encoder of H.264 that may be shipped, and that every player's decoder reads.
const ENCODER: &str = "openh264enc";

/// An MP4 under way. Only redacted pictures may go in: they pass a folder for temporary files, which goes with
/// this.
pub(crate) struct Film<'a> {
    about: &'a About,
    folder: tempfile::TempDir,
    writer: Mp4Writer,
    first: Option<EventTime>,
}

impl<'a> Film<'a> {
    /// For pictures of `width` x `height` pixels, about `fps` a second.
    pub(crate) fn new(
        about: &'a About,
        (width, height): (u32, u32),
        fps: f64,
    ) -> Result<Self, ClipError> {
        let folder = tempfile::Builder::new().prefix("wayside-redacted-").tempdir();
        let folder = folder.map_err(|error| {
            let cause = format!("no folder for temporary files ({error})");
            failed(about, cause, "Check the folder that TMPDIR names")
        })?;
        let rate = (fps.clamp(1.0, 240.0) * 1000.0).round() as u32;
        let writer = Mp4Writer::create(&folder.path().join("clip.mp4"), width, height, rate, 1000)
            .map_err(|error| wrong(about, &error))?;
        if writer.encoder() != ENCODER {
            let cause = format!("{ENCODER} is missing, and {} is not H.264", writer.encoder());
            return Err(failed(about, cause, "`wayside doctor` names the package"));
        }
        Ok(Self { about, folder, writer, first: None })
    }

    pub(crate) fn write(&mut self, time: EventTime, picture: &Picture) -> Result<(), ClipError> {
        let first = *self.first.get_or_insert(time);
        let since = u64::try_from(time.0.saturating_sub(first.0)).unwrap_or(0);
        self.writer
            .write(picture, Duration::from_micros(since))
            .map_err(|error| wrong(self.about, &error))
    }

    /// The file; at most `rest` bytes.
    pub(crate) fn finish(self, rest: u64) -> Result<Vec<u8>, ClipError> {
        let Self { about, folder, writer, .. } = self;
        writer.finish().map_err(|error| wrong(about, &error))?;
        let path = folder.path().join("clip.mp4");
        let unreadable = |error: std::io::Error| {
            let cause = format!("the file cannot be read again ({error})");
            failed(about, cause, "Check the folder that TMPDIR names")
        };
        let size = std::fs::metadata(&path).map_err(unreadable)?.len();
        if size > rest {
            return Err(ClipError::TooMuch {
                about: about.clone(),
                cause: format!(
                    "the redacted clip has {size} bytes, more than the {rest} that a reply has room for"
                ),
                hint: "Ask for a shorter clip",
            });
        }
        let mut bytes = std::fs::read(&path).map_err(unreadable)?;
        if !mp4_times::forget(&mut bytes) {
            let cause = "the MP4 has no headers".to_owned();
            return Err(failed(about, cause, "Run `wayside doctor`"));
        }
        Ok(bytes)
    }
}

/// Bytes left for the film beside these stills.
pub(crate) fn room(stills: u64) -> u64 {
    (CLIP_BYTES_MAX as u64).saturating_sub(stills + MARGIN_BYTES)
}

/// A JPEG of a redacted picture.
pub(crate) fn still(about: &About, picture: &Picture) -> Result<Vec<u8>, ClipError> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)
        .encode(&picture.to_rgb(), picture.width, picture.height, ExtendedColorType::Rgb8)
        .map_err(|error| failed(about, error.to_string(), "Run `wayside doctor`"))?;
    Ok(out)
}

fn wrong(about: &About, error: &wayside_capture::CaptureError) -> ClipError {
    let cause = error.to_string().trim_end_matches('.').to_owned();
    failed(about, cause, "`wayside doctor` checks encoders and disk")
}

fn failed(about: &About, cause: String, hint: &'static str) -> ClipError {
    ClipError::Encode { about: about.clone(), cause, hint }
}
