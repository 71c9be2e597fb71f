//! The GStreamer pipeline that reads a recording once.
//!
//! `filesrc ! qtdemux ! h264parse ! rtph264pay ! appsink`, with `avdec_h264 ! videoconvert ! videoscale
//! ! openh264enc` between where another size is wanted. Everything after the demultiplexer is added
//! when its stream is known.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;

use super::assemble::{Collected, Frame, Piece};
use super::elements::{make, payload, scale};
use super::jpeg::has_usual_tables;
use super::load::Want;
use crate::error::CameraError;

/// What threads of GStreamer leave for the one who waits.
#[derive(Default)]
pub(super) struct Found {
    pub(super) collected: Collected,
    pub(super) linked: bool,
    pub(super) others: Vec<String>,
    pub(super) failure: Option<CameraError>,
    pub(super) too_large: bool,
}

pub(super) type Shared = Arc<Mutex<Found>>;

/// A thread that panicked leaves what it had.
pub(super) fn lock(found: &Mutex<Found>) -> std::sync::MutexGuard<'_, Found> {
    found.lock().unwrap_or_else(PoisonError::into_inner)
}

fn library(what: &str) -> impl Fn(gst::glib::BoolError) -> CameraError + '_ {
    move |error| CameraError::Library { cause: format!("{what} ({})", error.message) }
}

/// The pipeline, not yet playing. No more than `bytes_max` bytes of payload are kept.
pub(super) fn build(
    want: &Want,
    demuxer: &str,
    bytes_max: u64,
    found: &Shared,
) -> Result<gst::Pipeline, CameraError> {
    let pipeline = gst::Pipeline::new();
    let source = make("filesrc")?;
    source.set_property("location", want.path.as_path());
    let split = make(demuxer)?;
    pipeline.add_many([&source, &split]).map_err(library("the pipeline takes no element"))?;
    source.link(&split).map_err(library("the file cannot be linked"))?;
    let (weak, found, want) = (pipeline.downgrade(), Arc::clone(found), want.clone());
    split.connect_pad_added(move |_, pad| {
        let Some(pipeline) = weak.upgrade() else { return };
        if let Err(failure) = take(&pipeline, pad, &want, bytes_max, &found) {
            lock(&found).failure.get_or_insert(failure);
            let _ = pipeline.post_message(gst::message::Eos::new());
        }
    });
    Ok(pipeline)
}

/// The first video stream becomes packets, all others go nowhere.
fn take(
    pipeline: &gst::Pipeline,
    pad: &gst::Pad,
    want: &Want,
    bytes_max: u64,
    found: &Shared,
) -> Result<(), CameraError> {
    let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
    let name = caps.structure(0).map(|s| s.name().to_string()).unwrap_or_default();
    let video = name.starts_with("video/") || name == "image/jpeg";
    if !video || lock(found).linked {
        lock(found).others.push(name);
        return nowhere(pipeline, pad);
    }
    let unsupported = || unsupported(&want.path, &name);
    let elements = match want.size_px {
        Some((width_px, height_px)) => {
            let mut elements = scale(&name, width_px, height_px).ok_or_else(unsupported)??;
            elements.extend(payload("video/x-h264").ok_or_else(unsupported)??);
            elements
        }
        None => payload(&name).ok_or_else(unsupported)??,
    };
    lock(found).linked = true;
    let sink = collector(bytes_max, found);
    if let Some(payloader) = elements.last() {
        note_frames(payloader, &want.path, found);
    }
    let mut chain = elements;
    chain.push(sink.upcast());
    pipeline.add_many(&chain).map_err(library("the pipeline takes no element"))?;
    gst::Element::link_many(&chain).map_err(library("the payloader cannot be linked"))?;
    for element in chain.iter().rev() {
        element.sync_state_with_parent().map_err(library("an element does not start"))?;
    }
    let target = chain.first().and_then(|first| first.static_pad("sink"));
    let target = target.ok_or(CameraError::Library { cause: "no pad to link".to_owned() })?;
    pad.link(&target)
        .map_err(|error| CameraError::Library { cause: format!("no link ({error})") })?;
    Ok(())
}

fn unsupported(path: &Path, caps_name: &str) -> CameraError {
    CameraError::UnsupportedCodec { path: path.to_owned(), codec: caps_name.to_owned() }
}

fn special_tables(path: &Path) -> CameraError {
    CameraError::SpecialJpeg { path: path.to_owned() }
}

fn nowhere(pipeline: &gst::Pipeline, pad: &gst::Pad) -> Result<(), CameraError> {
    let sink = make("fakesink")?;
    sink.set_property("sync", false);
    sink.set_property("async", false);
    pipeline.add(&sink).map_err(library("the pipeline takes no element"))?;
    sink.sync_state_with_parent().map_err(library("an element does not start"))?;
    let target = sink.static_pad("sink");
    let target = target.ok_or(CameraError::Library { cause: "no pad to link".to_owned() })?;
    pad.link(&target)
        .map_err(|error| CameraError::Library { cause: format!("no link ({error})") })?;
    Ok(())
}

/// Writes down time and kind of every frame that enters the payloader.
fn note_frames(payloader: &gst::Element, path: &Path, found: &Shared) {
    let Some(pad) = payloader.static_pad("sink") else { return };
    let (found, path) = (Arc::clone(found), path.to_owned());
    pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
        if let Some(buffer) = info.buffer() {
            let segment = pad.sticky_event::<gst::event::Segment>(0);
            let segment =
                segment.as_ref().and_then(|event| event.segment().downcast_ref::<gst::ClockTime>());
            let running_ns = segment.zip(buffer.pts()).and_then(|(segment, pts)| {
                match segment.to_running_time_full(pts)? {
                    gst::Signed::Positive(time) => i64::try_from(time.nseconds()).ok(),
                    gst::Signed::Negative(time) => {
                        i64::try_from(time.nseconds()).ok().map(|time| -time)
                    }
                }
            });
            let jpeg = pad.current_caps().is_some_and(|caps| {
                caps.structure(0).is_some_and(|structure| structure.name() == "image/jpeg")
            });
            let lossy =
                jpeg && buffer.map_readable().is_ok_and(|picture| !has_usual_tables(&picture));
            let mut found = lock(&found);
            if lossy {
                found.failure.get_or_insert_with(|| special_tables(&path));
            }
            found.collected.frames.push(Frame {
                pts: buffer.pts().map(gst::ClockTime::nseconds),
                running_ns,
                duration_ns: buffer.duration().map(gst::ClockTime::nseconds),
                key: !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT),
            });
            if let Some(caps) = pad.current_caps()
                && let Some(structure) = caps.structure(0)
            {
                let size = |name| structure.get::<i32>(name).ok().and_then(|n| n.try_into().ok());
                found.collected.width_px = size("width").unwrap_or(0);
                found.collected.height_px = size("height").unwrap_or(0);
            }
        }
        gst::PadProbeReturn::Ok
    });
}

/// Keeps every packet until there are too many.
fn collector(bytes_max: u64, found: &Shared) -> gst_app::AppSink {
    let found = Arc::clone(found);
    let callbacks = gst_app::AppSinkCallbacks::builder()
        .new_sample(move |sink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let (Some(buffer), Some(caps)) = (sample.buffer(), sample.caps()) else {
                return Ok(gst::FlowSuccess::Ok);
            };
            let map = buffer.map_readable().map_err(|_| gst::FlowError::Error)?;
            let mut found = lock(&found);
            found.collected.caps = Some(caps.to_owned());
            let pts = buffer.pts().map(gst::ClockTime::nseconds);
            if found.collected.push(Piece { pts, packet: &map }, bytes_max) {
                return Ok(gst::FlowSuccess::Ok);
            }
            found.too_large = true;
            Err(gst::FlowError::Eos)
        })
        .build();
    gst_app::AppSink::builder()
        .sync(false)
        .enable_last_sample(false)
        .max_buffers(64)
        .callbacks(callbacks)
        .build()
}
