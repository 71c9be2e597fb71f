//! Pictures into an MP4 file.

mod encoder;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use wayside_picture::{Matrix, Picture};

use self::encoder::{choose, end_past};
use crate::CaptureError;
use crate::elements::{make, start};

/// Pictures inside the writer's queue at most.
const QUEUE_FRAMES_MAX: u64 = 4;

/// How long the encoder or the disk may be silent.
const STALL: Duration = Duration::from_secs(60);

/// Writes an MP4 file with its index in front. The file appears under its name only when
/// [`Mp4Writer::finish`] succeeds; until then it is called `NAME.partial`, and dropping the writer
/// removes that.
pub struct Mp4Writer {
    path: PathBuf,
    partial: PathBuf,
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
    bus: gst::Bus,
    size: (u32, u32),
    frame_ns: u64,
    caps_matrix: Option<Matrix>,
    fps: (u32, u32),
    last_ns: Option<u64>,
    encoder: &'static str,
    finished: bool,
}

impl Mp4Writer {
    /// Opens `path` for pictures of `width` x `height` pixels (even), `fps_num` / `fps_den` a
    /// second. An existing file is replaced at the end.
    ///
    /// # Errors
    /// When no encoder is installed, or the folder is not writable.
    pub fn create(
        path: &Path,
        width: u32,
        height: u32,
        fps_num: u32,
        fps_den: u32,
    ) -> Result<Self, CaptureError> {
        start()?;
        let possible = |n: u32| (16..=8192).contains(&n) && n.is_multiple_of(2);
        if !possible(width) || !possible(height) || fps_num == 0 || fps_den == 0 {
            return Err(CaptureError::Write {
                path: path.to_owned(),
                cause: format!("{width}x{height} at {fps_num}/{fps_den} frames a second"),
                hint: "Sides must be even, 16 to 8192, and the rate above 0".to_owned(),
            });
        }
        let partial = with_suffix(path, ".partial");
        // Told here, because GStreamer would tell it later and worse.
        fs::File::create(&partial).map_err(|e| CaptureError::Write {
            path: path.to_owned(),
            cause: format!("{} cannot be created ({e})", partial.display()),
            hint: "Check that the folder exists, is writable and has space".to_owned(),
        })?;
        let graph = Self::graph(&partial, width, height, fps_num, fps_den);
        let (pipeline, source, encoder) = graph.inspect_err(|_| {
            let _ = fs::remove_file(&partial);
        })?;
        let bus = pipeline
            .bus()
            .ok_or(CaptureError::Library { cause: "a pipeline has no bus".to_owned() })?;
        let writer = Self {
            path: path.to_owned(),
            partial,
            pipeline,
            source,
            bus,
            size: (width, height),
            frame_ns: 1_000_000_000 * u64::from(fps_den) / u64::from(fps_num),
            caps_matrix: None,
            fps: (fps_num, fps_den),
            last_ns: None,
            encoder,
            finished: false,
        };
        if writer.pipeline.set_state(gst::State::Playing).is_err() {
            return Err(writer.failure("the encoder does not start"));
        }
        Ok(writer)
    }

    fn graph(
        partial: &Path,
        width: u32,
        height: u32,
        fps_num: u32,
        fps_den: u32,
    ) -> Result<(gst::Pipeline, gst_app::AppSrc, &'static str), CaptureError> {
        let pipeline = gst::Pipeline::new();
        let source = gst_app::AppSrc::builder()
            .format(gst::Format::Time)
            .max_buffers(QUEUE_FRAMES_MAX)
            .max_bytes(0)
            .block(false)
            .build();
        let (encoder, parser, name) = choose(width, height, fps_num, fps_den)?;
        let mux = make("mp4mux")?;
        mux.set_property("faststart", true);
        mux.set_property("faststart-file", with_suffix(partial, ".index"));
        let sink = make("filesink")?;
        sink.set_property("location", partial);
        let refused = |e: gst::glib::BoolError| CaptureError::Library {
            cause: format!("the writer cannot be built ({})", e.message),
        };
        let mut chain = vec![source.clone().upcast::<gst::Element>(), encoder];
        chain.extend(parser);
        chain.extend([mux, sink]);
        pipeline.add_many(&chain).map_err(refused)?;
        gst::Element::link_many(&chain).map_err(refused)?;
        if name == "openh264enc"
            && let Some(encoder) = chain.get(1)
        {
            end_past(encoder);
        }
        Ok((pipeline, source, name))
    }

    /// Name of the encoder in use.
    #[must_use]
    pub fn encoder(&self) -> &'static str {
        self.encoder
    }

    /// Writes a picture shown from `pts` on; waits while the encoder is busy.
    ///
    /// # Errors
    /// When the size differs from the file's, `pts` does not grow, or the encoder or the disk
    /// fails.
    pub fn write(&mut self, picture: &Picture, pts: Duration) -> Result<(), CaptureError> {
        let found = (picture.width, picture.height);
        let pts_ns = u64::try_from(pts.as_nanos()).unwrap_or(u64::MAX);
        let wrong = |cause: String, hint: &str| CaptureError::Write {
            path: self.path.clone(),
            cause,
            hint: hint.to_owned(),
        };
        if found != self.size {
            let (w, h) = self.size;
            let cause = format!("a picture of {}x{} for a video of {w}x{h}", found.0, found.1);
            return Err(wrong(cause, "All pictures of a file have one size"));
        }
        if self.last_ns.is_some_and(|last| pts_ns <= last) {
            let cause = format!("time stands still or runs backwards at {}", crate::seconds(pts));
            return Err(wrong(cause, "Frames must come in order"));
        }
        if self.caps_matrix != Some(picture.matrix) {
            self.source.set_caps(Some(&self.caps(picture.matrix)));
            self.caps_matrix = Some(picture.matrix);
        }
        self.wait_for_room()?;
        let mut bytes = Vec::with_capacity(picture.y.len() * 3 / 2);
        bytes.extend_from_slice(&picture.y);
        bytes.extend_from_slice(&picture.u);
        bytes.extend_from_slice(&picture.v);
        let mut buffer = gst::Buffer::from_mut_slice(bytes);
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(gst::ClockTime::from_nseconds(pts_ns));
            buffer.set_duration(gst::ClockTime::from_nseconds(self.frame_ns));
        }
        self.last_ns = Some(pts_ns);
        match self.source.push_buffer(buffer) {
            Ok(_) => Ok(()),
            Err(_) => Err(self.failure("the encoder takes no more pictures")),
        }
    }

    /// Ends the file and gives it its name.
    ///
    /// # Errors
    /// When nothing was written, or the encoder or the disk fails; then no file is left.
    pub fn finish(mut self) -> Result<(), CaptureError> {
        if self.last_ns.is_none() {
            return Err(CaptureError::Write {
                path: self.path.clone(),
                cause: "there was no picture to write".to_owned(),
                hint: "Look at the earlier messages".to_owned(),
            });
        }
        if self.source.end_of_stream().is_err() {
            return Err(self.failure("the end could not be written"));
        }
        let wait = gst::ClockTime::from_nseconds(STALL.as_nanos() as u64);
        let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
        match self.bus.timed_pop_filtered(wait, &kinds) {
            Some(message) if message.type_() == gst::MessageType::Eos => {}
            Some(message) => return Err(self.told(&message)),
            None => return Err(self.failure("the end took longer than a minute")),
        }
        if self.pipeline.set_state(gst::State::Null).is_err() {
            return Err(self.failure("the file could not be closed"));
        }
        fs::rename(&self.partial, &self.path).map_err(|e| CaptureError::Write {
            path: self.path.clone(),
            cause: format!("it cannot be given its name ({e})"),
            hint: "Check the permissions of the folder".to_owned(),
        })?;
        self.finished = true;
        Ok(())
    }

    fn caps(&self, matrix: Matrix) -> gst::Caps {
        let signed = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("width", signed(self.size.0))
            .field("height", signed(self.size.1))
            .field("framerate", gst::Fraction::new(signed(self.fps.0), signed(self.fps.1)))
            .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
            .field("interlace-mode", "progressive")
            .field(
                "colorimetry",
                match matrix {
                    Matrix::Bt601 => "bt601",
                    Matrix::Bt709 => "bt709",
                },
            )
            .build()
    }

    /// A blocking queue would hang for ever behind an encoder that failed, so the room is watched.
    fn wait_for_room(&mut self) -> Result<(), CaptureError> {
        let started = Instant::now();
        while self.source.current_level_buffers() >= QUEUE_FRAMES_MAX {
            let wait = gst::ClockTime::from_mseconds(2);
            if let Some(message) = self.bus.timed_pop_filtered(wait, &[gst::MessageType::Error]) {
                return Err(self.told(&message));
            }
            if started.elapsed() > STALL {
                return Err(self.failure("the encoder or the disk hangs"));
            }
        }
        Ok(())
    }

    fn failure(&self, what: &str) -> CaptureError {
        match self.bus.pop_filtered(&[gst::MessageType::Error]) {
            Some(message) => self.told(&message),
            None => CaptureError::Write {
                path: self.path.clone(),
                cause: what.to_owned(),
                hint: "Check the disk and run `wayside doctor`".to_owned(),
            },
        }
    }

    fn told(&self, message: &gst::Message) -> CaptureError {
        let gst::MessageView::Error(error) = message.view() else {
            return self.failure("an unknown error");
        };
        let full = error.error().matches(gst::ResourceError::NoSpaceLeft);
        let text = error.error().message().trim_end_matches('.').to_owned();
        CaptureError::Write {
            path: self.path.clone(),
            cause: if full { "no space is left on the disk".to_owned() } else { text },
            hint: if full {
                "Free some space, or write to another disk"
            } else {
                "Check the disk and run `wayside doctor`"
            }
            .to_owned(),
        }
    }
}

impl Drop for Mp4Writer {
    fn drop(&mut self) {
        // Nothing is left to do when these fail.
        let _ = self.pipeline.set_state(gst::State::Null);
        let _ = fs::remove_file(with_suffix(&self.partial, ".index"));
        if !self.finished {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
