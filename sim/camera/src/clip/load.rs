//! Reads a recording into memory.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;

use super::Clip;
use super::elements::demuxer;
use super::graph::{self, Shared, lock};
use crate::error::CameraError;

/// A recording, as it is or in another size.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Want {
    /// The recording.
    pub(crate) path: PathBuf,
    /// Width and height of the H.264 stream to make of it; passed through where absent.
    pub(crate) size_px: Option<(u32, u32)>,
}

/// No file makes GStreamer sit still for so long.
const PATIENCE: Duration = Duration::from_secs(30);
const BUS_WAIT: gst::ClockTime = gst::ClockTime::from_mseconds(100);

/// The clip. It takes no more than `bytes_max` bytes of payload.
///
/// # Errors
/// Where the file is missing, no recording, without video, of another codec, damaged or too large.
pub(crate) fn load(want: &Want, bytes_max: u64) -> Result<Clip, CameraError> {
    let demuxer = check(&want.path)?;
    gst::init().map_err(|error| CameraError::Library { cause: error.to_string() })?;
    let found = Shared::default();
    let pipeline = graph::build(want, demuxer, bytes_max, &found)?;
    let ended = play(&pipeline, &want.path, &found);
    let stopped = pipeline.set_state(gst::State::Null);
    if let Some(failure) = lock(&found).failure.take() {
        return Err(failure);
    }
    if lock(&found).too_large {
        let max_mib = bytes_max >> 20;
        return Err(CameraError::TooLarge { path: want.path.clone(), max_mib });
    }
    ended?;
    stopped.map_err(|error| CameraError::Library { cause: error.to_string() })?;
    let found = std::mem::take(&mut *lock(&found));
    if !found.linked {
        let found = if found.others.is_empty() {
            "streams of no known kind".to_owned()
        } else {
            found.others.join(", ")
        };
        return Err(CameraError::NoVideo { path: want.path.clone(), found });
    }
    found
        .collected
        .clip()
        .map_err(|cause| CameraError::Unservable { path: want.path.clone(), cause })
}

/// The demultiplexer for the file. GStreamer's own words for what is wrong are hard to read.
fn check(path: &Path) -> Result<&'static str, CameraError> {
    let unreadable = |error: std::io::Error| CameraError::unreadable(path, &error);
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    let mut head = Vec::new();
    file.take(16).read_to_end(&mut head).map_err(unreadable)?;
    let not =
        |cause: &str| CameraError::NotARecording { path: path.to_owned(), cause: cause.to_owned() };
    if head.is_empty() {
        return Err(not("the file is empty"));
    }
    demuxer(&head).ok_or_else(|| not("it begins neither as MP4 or MOV nor as MKV does"))
}

fn play(pipeline: &gst::Pipeline, path: &Path, found: &Shared) -> Result<(), CameraError> {
    let not = |cause: String| CameraError::NotARecording { path: path.to_owned(), cause };
    let bus = pipeline.bus().ok_or(CameraError::Library { cause: "no bus".to_owned() })?;
    // What it says of a failure is on the bus.
    let started = pipeline.set_state(gst::State::Playing);
    let (mut packets, mut since) = (0, Instant::now());
    loop {
        let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
        if let Some(message) = bus.timed_pop_filtered(BUS_WAIT, &kinds) {
            return match message.view() {
                gst::MessageView::Error(error) => Err(not(error.error().message().to_owned())),
                _ => Ok(()),
            };
        }
        started.map_err(|error| not(error.to_string()))?;
        let now = lock(found).collected.len();
        if now != packets {
            (packets, since) = (now, Instant::now());
        }
        if since.elapsed() > PATIENCE {
            return Err(not(format!("nothing came for {} s", PATIENCE.as_secs())));
        }
    }
}
