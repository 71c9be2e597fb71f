//! From a source to its first frame.

use std::collections::VecDeque;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use gst::prelude::*;
use gstreamer as gst;
use wayside_picture::Matrix;

use super::bus::Heard;
use super::feeder;
use super::graph::Graph;
use super::{Reader, ReaderOptions};
use crate::container::{check, check_container};
use crate::edits::{find_track, read_track};
use crate::elements::{codec_name, container_name, start};
use crate::source::list_images;
use crate::{CaptureError, Damage, MemoryFile, Rotation, Source, VideoInfo};

impl Reader {
    /// Opens a recording and decodes its first frame, so that [`Reader::info`] is known.
    ///
    /// # Errors
    /// When there is nothing to read, or nothing of it can be decoded.
    pub fn open(source: &Source, options: ReaderOptions) -> Result<Self, CaptureError> {
        start()?;
        super::complaints::install();
        match source {
            Source::File(path) => {
                let damage = look_at(path)?;
                let graph = Graph::file(path, &options)?;
                let mut reader = Self::run(source, graph, options, damage, None)?;
                // An index that cannot be read again makes no promise.
                let track = read_track(path).ok().flatten();
                reader.edits = track.and_then(|track| track.edits);
                reader.info.count(track.map_or(0, |track| track.frames));
                Ok(reader)
            }
            Source::Memory(file) => {
                let damage = look_inside(source, file)?;
                let graph = Graph::memory(file, &options)?;
                let mut reader = Self::run(source, graph, options, damage, None)?;
                let track = find_track(&mut Cursor::new(file.bytes())).ok().flatten();
                reader.edits = track.and_then(|track| track.edits);
                reader.info.count(track.map_or(0, |track| track.frames));
                Ok(reader)
            }
            Source::Sequence { pattern, fps } => {
                if !fps.is_finite() || *fps <= 0.0 || *fps > 1000.0 {
                    return Err(CaptureError::BadSource {
                        path: pattern.clone(),
                        cause: format!("{fps} frames a second are not possible"),
                        hint: "Give a rate above 0 and up to 1000.".to_owned(),
                    });
                }
                let images = list_images(pattern)?;
                let frames = images.last().map(|image| image.index + 1);
                let packing = feeder::packing(&images, pattern)?;
                let graph = Graph::images(images, packing, *fps, &options)?;
                Self::run(source, graph, options, None, frames.map(|n| (n, *fps)))
            }
        }
    }

    pub(super) fn run(
        source: &Source,
        graph: Graph,
        options: ReaderOptions,
        damage: Option<Damage>,
        frames: Option<(u64, f64)>,
    ) -> Result<Self, CaptureError> {
        let library = |cause: &str| CaptureError::Library { cause: cause.to_owned() };
        let bus = graph.pipeline.bus().ok_or_else(|| library("a pipeline has no bus"))?;
        let mut reader = Self {
            source: source.clone(),
            graph,
            bus,
            options,
            heard: Heard::default(),
            damage,
            info: nothing_known(),
            layout: None,
            pending: VecDeque::new(),
            next_index: 0,
            base_ns: None,
            last_pts: None,
            repaired: 0,
            edits: None,
            done: false,
            stalled: false,
        };
        // A failure to start is told on the bus, where it has its cause.
        let _ = reader.graph.pipeline.set_state(gst::State::Playing);
        let first = reader.advance();
        match first {
            Ok(None) => return Err(reader.no_frame(None)),
            Ok(Some(frame)) => reader.pending.push_back(Ok(frame)),
            Err(error) if error.is_recoverable() && !reader.pending.is_empty() => {
                reader.pending.push_front(Err(error));
            }
            Err(CaptureError::Undecodable { cause, .. }) => {
                return Err(reader.no_frame(Some(cause)));
            }
            Err(error) => return Err(error),
        }
        reader.heard.listen(&reader.bus);
        reader.info = reader.describe(frames);
        Ok(reader)
    }

    fn no_frame(&self, cause: Option<String>) -> CaptureError {
        let cause = cause.or_else(|| self.damage.map(|damage| damage.cause()));
        CaptureError::Unreadable {
            path: self.source.path().to_owned(),
            cause: match cause {
                Some(cause) => format!("not one frame could be decoded: {cause}"),
                None => "there is not one frame in it".to_owned(),
            },
            hint: match self.damage {
                Some(damage) => format!("{}.", damage.hint()),
                None => {
                    "Play the file with another program; if it plays, convert it to H.264 in MP4."
                        .to_owned()
                }
            },
        }
    }

    fn describe(&self, frames: Option<(u64, f64)>) -> VideoInfo {
        let seen = self.graph.shared.seen().clone();
        let layout = self.layout.as_ref().map(|(_, layout)| layout);
        let (width, height) = layout.map_or((0, 0), |layout| layout.size);
        let fps = frames.map(|(_, fps)| fps).or_else(|| layout.and_then(|l| l.fps()));
        let duration = match frames {
            Some((count, fps)) => Some(Duration::from_secs_f64(count as f64 / fps)),
            None => self
                .graph
                .pipeline
                .query_duration::<gst::ClockTime>()
                .map(|length| Duration::from_nanos(length.nseconds())),
        };
        let frames_estimate = frames.map(|(count, _)| count).or_else(|| {
            let (length, fps) = (duration?, fps?);
            Some((length.as_secs_f64() * fps).round() as u64)
        });
        VideoInfo {
            container: if frames.is_some() {
                "image sequence".to_owned()
            } else {
                self.container()
            },
            codec: seen.codec.as_deref().map_or_else(|| "unknown".to_owned(), codec_name),
            decoder: seen.decoder.unwrap_or_else(|| "unknown".to_owned()),
            width,
            height,
            fps,
            duration,
            frames_estimate,
            matrix: layout.map_or(Matrix::default(), |layout| layout.matrix),
            rotation: self.heard.rotation,
            interlaced: layout.is_some_and(super::Layout::interlaced),
            pixel_aspect: layout.map_or(1.0, super::Layout::pixel_aspect),
        }
    }

    fn container(&self) -> String {
        self.graph
            .pipeline
            .iterate_recurse()
            .into_iter()
            .flatten()
            .find(|element| element.factory().is_some_and(|f| f.name() == "typefind"))
            .and_then(|typefind| typefind.property::<Option<gst::Caps>>("caps"))
            .and_then(|caps| caps.structure(0).map(|s| container_name(s.name())))
            .unwrap_or_else(|| "unknown".to_owned())
    }
}

/// What can be told about a file without decoding it.
fn look_at(path: &Path) -> Result<Option<Damage>, CaptureError> {
    let unreadable = |e: std::io::Error| CaptureError::Unreadable {
        path: path.to_owned(),
        cause: format!("the file cannot be read ({e})"),
        hint: "Check its permissions and the disk.".to_owned(),
    };
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(CaptureError::NotFound { path: path.to_owned() });
        }
        Err(e) => return Err(unreadable(e)),
    };
    if metadata.is_dir() {
        return Err(CaptureError::NoImages { path: path.to_owned() });
    }
    if !metadata.is_file() {
        return Err(CaptureError::BadSource {
            path: path.to_owned(),
            cause: "this is no regular file".to_owned(),
            hint: "Copy the recording to a file first.".to_owned(),
        });
    }
    if metadata.len() == 0 {
        return Err(CaptureError::Empty { path: path.to_owned() });
    }
    let damage = check_container(path).map_err(unreadable)?;
    indexed(path, damage)
}

/// The same of a file in memory.
fn look_inside(source: &Source, file: &MemoryFile) -> Result<Option<Damage>, CaptureError> {
    let path = source.path();
    if file.bytes().is_empty() {
        return Err(CaptureError::Empty { path: path.to_owned() });
    }
    let damage = check(&mut Cursor::new(file.bytes())).map_err(|e| CaptureError::Unreadable {
        path: path.to_owned(),
        cause: format!("it cannot be read ({e})"),
        hint: "Cut it again.".to_owned(),
    })?;
    indexed(path, damage)
}

/// Without an index there is nothing to begin with.
fn indexed(path: &Path, damage: Option<Damage>) -> Result<Option<Damage>, CaptureError> {
    if damage == Some(Damage::NoIndex) {
        return Err(CaptureError::Unreadable {
            path: path.to_owned(),
            cause: Damage::NoIndex.cause(),
            hint: format!("{}.", Damage::NoIndex.hint()),
        });
    }
    Ok(damage)
}

fn nothing_known() -> VideoInfo {
    VideoInfo {
        container: String::new(),
        codec: String::new(),
        decoder: String::new(),
        width: 0,
        height: 0,
        fps: None,
        duration: None,
        frames_estimate: None,
        matrix: Matrix::default(),
        rotation: Rotation::None,
        interlaced: false,
        pixel_aspect: 1.0,
    }
}
