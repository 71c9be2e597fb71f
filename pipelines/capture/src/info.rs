//! What is known about a video before its frames are read.

use std::fmt;
use std::time::Duration;

use wayside_picture::Matrix;

use crate::CaptureError;

/// Facts of a video, enough for a progress bar and for the checks before a run.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoInfo {
    /// Name of the container: MP4, Matroska, AVI, image sequence.
    pub container: String,
    /// Name of the codec, such as H.264.
    pub codec: String,
    /// The element that decodes it.
    pub decoder: String,
    /// Width of the pictures, pixels, even (an odd last column is cut off).
    pub width: u32,
    /// Height of the pictures, pixels, even (an odd last row is cut off).
    pub height: u32,
    /// Frames a second on average; none when the container does not say.
    pub fps: Option<f64>,
    /// Length; none when the container does not say.
    pub duration: Option<Duration>,
    /// About how many frames there are: exact for image sequences, else length times rate.
    pub frames_estimate: Option<u64>,
    /// The matrix of the pictures.
    pub matrix: Matrix,
    /// How a player would turn the pictures. Frames are delivered as stored.
    pub rotation: Rotation,
    /// Whether frames consist of two fields of different instants.
    pub interlaced: bool,
    /// Width of a pixel divided by its height.
    pub pixel_aspect: f64,
}

/// The turn that a recording asks players for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// None: as stored.
    #[default]
    None,
    /// A quarter turn clockwise.
    Clockwise90,
    /// A half turn.
    Half,
    /// A quarter turn counter-clockwise.
    Clockwise270,
    /// Mirrored, with or without a turn.
    Mirrored,
}

impl Rotation {
    /// From the value of GStreamer's tag `image-orientation`.
    pub(crate) fn from_tag(tag: &str) -> Self {
        match tag {
            "rotate-90" => Self::Clockwise90,
            "rotate-180" => Self::Half,
            "rotate-270" => Self::Clockwise270,
            tag if tag.starts_with("flip") => Self::Mirrored,
            _ => Self::None,
        }
    }
}

impl fmt::Display for Rotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "not turned",
            Self::Clockwise90 => "turned by 90 degrees clockwise",
            Self::Half => "turned by 180 degrees",
            Self::Clockwise270 => "turned by 90 degrees counter-clockwise",
            Self::Mirrored => "mirrored",
        })
    }
}

impl VideoInfo {
    /// Completes what the decoder did not tell by the number of stored frames (0: unknown).
    pub(crate) fn count(&mut self, stored: u64) {
        let seconds = self.duration.map_or(0.0, |length| length.as_secs_f64());
        if stored == 0 || seconds <= 0.0 {
            return;
        }
        self.frames_estimate.get_or_insert(stored);
        self.fps.get_or_insert(stored as f64 / seconds);
    }

    /// Sentences about what may surprise, none for an ordinary video.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.rotation != Rotation::None {
            out.push(format!(
                "players show this video {}; Wayside reads it as stored, {}x{}. The calibration must be made on the stored picture.",
                self.rotation, self.width, self.height
            ));
        }
        if self.interlaced {
            out.push(
                "the video is interlaced: the two fields of a frame are different instants, so edges of moving vehicles are combed. Deinterlace it, or record progressive."
                    .to_owned(),
            );
        }
        if (self.pixel_aspect - 1.0).abs() > 0.01 {
            out.push(format!(
                "pixels are not square ({:.3} wide to 1 high); boxes and calibration are in stored pixels.",
                self.pixel_aspect
            ));
        }
        out
    }
}

/// The picture size that a calibration was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Width, pixels.
    pub width_px: u32,
    /// Height, pixels.
    pub height_px: u32,
}

impl Expected {
    /// Whether the video has the calibration's size.
    ///
    /// # Errors
    /// [`CaptureError::SizeMismatch`] with both sizes and aspects and a hint.
    pub fn check(&self, info: &VideoInfo) -> Result<(), CaptureError> {
        let (expected, found) = ((self.width_px, self.height_px), (info.width, info.height));
        // A calibration of an odd size is of the same picture: its last column or row is cut off.
        if (expected.0 & !1, expected.1 & !1) == found {
            return Ok(());
        }
        let cross = |a: (u32, u32), b: (u32, u32)| u64::from(a.0) * u64::from(b.1);
        let (a, b) = (cross(expected, found), cross(found, expected));
        let turned = expected.0 > expected.1 && found.0 < found.1
            || expected.0 < expected.1 && found.0 > found.1;
        let hint = if turned && (expected.1, expected.0) == found {
            "The picture is turned on its side: record it upright, or calibrate on a frame of this video."
        } else if a.abs_diff(b) * 100 <= a.max(b) {
            "The aspect is the same, so this may be another stream of the same camera: scale the calibration's picture points, or export the video at the calibration's size."
        } else {
            "The aspect differs, so the picture was cropped, stretched or taken by another camera: calibrate on a frame of this video."
        };
        Err(CaptureError::SizeMismatch { expected, found, hint: hint.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn info(width: u32, height: u32) -> VideoInfo {
        VideoInfo {
            container: "MP4".into(),
            codec: "H.264".into(),
            decoder: "avdec_h264".into(),
            width,
            height,
            fps: Some(25.0),
            duration: None,
            frames_estimate: None,
            matrix: Matrix::Bt709,
            rotation: Rotation::None,
            interlaced: false,
            pixel_aspect: 1.0,
        }
    }

    #[test]
    fn sizes_are_compared() {
        let expected = Expected { width_px: 1920, height_px: 1080 };
        assert_eq!(expected.check(&info(1920, 1080)), Ok(()));
        assert_eq!(Expected { width_px: 641, height_px: 353 }.check(&info(640, 352)), Ok(()));
        let text = |w, h| expected.check(&info(w, h)).unwrap_err().to_string();
        insta::assert_snapshot!(text(1280, 720), @"the video is 1280x720 (aspect 1.778), the calibration is for 1920x1080 (aspect 1.778). The aspect is the same, so this may be another stream of the same camera: scale the calibration's picture points, or export the video at the calibration's size.");
        insta::assert_snapshot!(text(1440, 1080), @"the video is 1440x1080 (aspect 1.333), the calibration is for 1920x1080 (aspect 1.778). The aspect differs, so the picture was cropped, stretched or taken by another camera: calibrate on a frame of this video.");
        insta::assert_snapshot!(text(1080, 1920), @"the video is 1080x1920 (aspect 0.562), the calibration is for 1920x1080 (aspect 1.778). The picture is turned on its side: record it upright, or calibrate on a frame of this video.");
    }

    #[test]
    fn surprises_are_told() {
        let mut odd = info(720, 576);
        assert!(odd.warnings().is_empty());
        odd.rotation = Rotation::from_tag("rotate-270");
        odd.interlaced = true;
        odd.pixel_aspect = 16.0 / 15.0;
        insta::assert_snapshot!(odd.warnings().join("\n"), @r"
        players show this video turned by 90 degrees counter-clockwise; Wayside reads it as stored, 720x576. The calibration must be made on the stored picture.
        the video is interlaced: the two fields of a frame are different instants, so edges of moving vehicles are combed. Deinterlace it, or record progressive.
        pixels are not square (1.067 wide to 1 high); boxes and calibration are in stored pixels.
        ");
    }
}
