//! The GStreamer pipeline of a reader.
//!
//! `filesrc ! decodebin ! videoconvert ! appsink`, `giostreamsrc` for a file in memory, or `appsrc ! jpegdec ! ...` for images. Only
//! software decoders, so that every machine gives the same pictures. `videoconvert` passes I420
//! through untouched; where it must convert, it does so without dithering.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use super::ReaderOptions;
use super::complaints;
use super::feeder::{self, Packing};
use super::shared::Shared;
use crate::CaptureError;
use crate::elements::make;
use crate::source::{Image, MemoryFile};

/// A pipeline and its ends.
pub(super) struct Graph {
    pub(super) pipeline: gst::Pipeline,
    pub(super) sink: gst_app::AppSink,
    pub(super) shared: Arc<Shared>,
    pub(super) feeder: Option<JoinHandle<()>>,
}

fn refused(what: &str) -> impl Fn(gst::glib::BoolError) -> CaptureError + '_ {
    move |e| CaptureError::Library { cause: format!("{what} ({})", e.message) }
}

impl Graph {
    /// Source and decoder are still to be added.
    pub(super) fn empty(options: &ReaderOptions) -> Result<(Self, gst::Element), CaptureError> {
        let pipeline = gst::Pipeline::new();
        let (convert, sink) = convert_and_sink(options.queue_frames_max)?;
        pipeline
            .add_many([&convert, sink.upcast_ref()])
            .map_err(refused("the pipeline takes no element"))?;
        convert.link(&sink).map_err(refused("videoconvert cannot be linked"))?;
        let shared = Arc::new(Shared::default());
        Ok((Self { pipeline, sink, shared, feeder: None }, convert))
    }

    /// A video file.
    pub(super) fn file(path: &Path, options: &ReaderOptions) -> Result<Self, CaptureError> {
        let (graph, convert) = Self::empty(options)?;
        let source = make("filesrc")?;
        source.set_property("location", path);
        graph.decode(&source, &convert, options)?;
        Ok(graph)
    }

    /// A video file in memory.
    pub(super) fn memory(file: &MemoryFile, options: &ReaderOptions) -> Result<Self, CaptureError> {
        let (graph, convert) = Self::empty(options)?;
        let source = make("giostreamsrc")?;
        source.set_property("stream", gio::MemoryInputStream::from_bytes(&file.shared()));
        graph.decode(&source, &convert, options)?;
        Ok(graph)
    }

    /// Any source of bytes, through decodebin.
    pub(super) fn decode(
        &self,
        source: &gst::Element,
        convert: &gst::Element,
        options: &ReaderOptions,
    ) -> Result<(), CaptureError> {
        let decode = make("decodebin")?;
        if decode.has_property("force-sw-decoders") {
            decode.set_property("force-sw-decoders", true);
        }
        // Sound and subtitles are not decoded, so their decoders need not be there.
        decode.connect("autoplug-continue", false, |args| {
            let caps = args.get(2).and_then(|v| v.get::<gst::Caps>().ok());
            let name = caps.as_ref().and_then(|c| c.structure(0)).map(|s| s.name().to_string());
            let skip = name.is_some_and(|n| n.starts_with("audio/") || n == "text/x-raw");
            Some((!skip).to_value())
        });
        self.pipeline
            .add_many([source, &decode])
            .map_err(refused("the pipeline takes no element"))?;
        source.link(&decode).map_err(refused("decodebin cannot be linked"))?;

        let (shared, threads) = (self.shared.clone(), options.decoder_threads.max(1));
        if let Ok(bin) = decode.clone().downcast::<gst::Bin>() {
            bin.connect_deep_element_added(move |_, _, element| {
                watch_decoder(element, threads, &shared);
            });
        }
        let shared = self.shared.clone();
        decode.connect_no_more_pads(move |_| shared.seen().complete = true);
        let (shared, convert) = (self.shared.clone(), convert.clone());
        let pipeline = self.pipeline.downgrade();
        decode.connect_pad_added(move |_, pad| {
            let Some(pipeline) = pipeline.upgrade() else { return };
            if let Err(failure) = link_stream(&pipeline, pad, &convert, &shared) {
                shared.seen().failure = Some(failure);
            }
        });
        Ok(())
    }

    /// A sequence of images.
    pub(super) fn images(
        images: Vec<Image>,
        packing: Packing,
        fps: f64,
        options: &ReaderOptions,
    ) -> Result<Self, CaptureError> {
        let (mut graph, convert) = Self::empty(options)?;
        let rate = gst::Fraction::approximate_f64(fps).unwrap_or(gst::Fraction::new(1, 1));
        let caps = gst::Caps::builder(packing.caps_name()).field("framerate", rate).build();
        let source = gst_app::AppSrc::builder()
            .caps(&caps)
            .format(gst::Format::Time)
            .max_buffers(2)
            .max_bytes(0)
            .block(true)
            .build();
        let decoder = make(packing.decoder())?;
        graph
            .pipeline
            .add_many([source.upcast_ref(), &decoder])
            .map_err(refused("the pipeline takes no element"))?;
        gst::Element::link_many([source.upcast_ref(), &decoder, &convert])
            .map_err(refused("the image decoder cannot be linked"))?;
        watch_decoder(&decoder, options.decoder_threads.max(1), &graph.shared);
        graph.shared.seen().video = true;
        let shared = graph.shared.clone();
        let thread = std::thread::Builder::new().name("wayside-images".to_owned());
        let feeder = thread
            .spawn(move || feeder::feed(&images, packing, fps, &source, &shared))
            .map_err(|e| CaptureError::Library { cause: format!("no thread ({e})") })?;
        graph.feeder = Some(feeder);
        Ok(graph)
    }
}

/// The end of every pipeline: pixel formats, and pictures out of GStreamer, not linked yet.
pub(crate) fn convert_and_sink(
    frames_max: u32,
) -> Result<(gst::Element, gst_app::AppSink), CaptureError> {
    let convert = make("videoconvert")?;
    convert.set_property_from_str("dither", "none");
    convert.set_property_from_str("matrix-mode", "none");
    convert.set_property_from_str("gamma-mode", "none");
    convert.set_property_from_str("primaries-mode", "none");
    convert.set_property_from_str("n-threads", "1");
    let sink = gst_app::AppSink::builder()
        .sync(false)
        .qos(false)
        .drop(false)
        .enable_last_sample(false)
        .max_buffers(frames_max.clamp(1, 1024))
        .wait_on_eos(false)
        .build();
    accept_strides(&sink);
    choose_format(&convert, &sink);
    Ok((convert, sink))
}

fn raw_caps(format: &str) -> gst::Caps {
    gst::Caps::builder("video/x-raw").field("format", format).build()
}

/// Tells decoders that rows may be padded, which saves them a copy.
fn accept_strides(sink: &gst_app::AppSink) {
    let Some(pad) = sink.static_pad("sink") else { return };
    pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| {
        if let Some(query) = info.query_mut()
            && let gst::QueryViewMut::Allocation(allocation) = query.view_mut()
        {
            allocation.add_allocation_meta::<gst_video::VideoMeta>(None);
        }
        gst::PadProbeReturn::Ok
    });
}

/// RGB stays RGB (this crate's own conversion makes YUV of it), all else becomes I420.
fn choose_format(convert: &gst::Element, sink: &gst_app::AppSink) {
    let Some(pad) = convert.static_pad("sink") else { return };
    let sink = sink.downgrade();
    pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
        if let Some(event) = info.event()
            && let gst::EventView::Caps(caps) = event.view()
            && let Some(sink) = sink.upgrade()
        {
            let info = gst_video::VideoInfo::from_caps(&caps.caps_owned());
            let rgb = info.is_ok_and(|info| info.is_rgb());
            sink.set_caps(Some(&raw_caps(if rgb { "RGB" } else { "I420" })));
        }
        gst::PadProbeReturn::Ok
    });
}

/// Sets the threads of a video decoder and writes down what goes into it.
fn watch_decoder(element: &gst::Element, threads: u32, shared: &Arc<Shared>) {
    let Some(factory) = element.factory() else { return };
    let class = factory.metadata("klass").unwrap_or_default();
    let images = class.contains("Image") || class.contains("Video");
    if !class.contains("Decoder") || !images || class.contains("Bin") {
        return;
    }
    for property in ["max-threads", "n-threads", "threads"] {
        if element.has_property(property) {
            element.set_property_from_str(property, &threads.to_string());
        }
    }
    let Some(pad) = element.static_pad("sink") else { return };
    let (shared, name) = (shared.clone(), factory.name().to_string());
    pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
        note_input(pad, info, &shared, &name);
        gst::PadProbeReturn::Ok
    });
}

fn note_input(pad: &gst::Pad, info: &gst::PadProbeInfo, shared: &Arc<Shared>, decoder: &str) {
    let Some(buffer) = info.buffer() else { return };
    complaints::listen_on_this_thread(shared);
    {
        let mut seen = shared.seen();
        if seen.decoder.is_none() {
            seen.decoder = Some(decoder.to_owned());
            seen.codec =
                pad.current_caps().and_then(|caps| caps.structure(0).map(|s| s.name().to_string()));
        }
    }
    let segment = pad.sticky_event::<gst::event::Segment>(0);
    let running = segment
        .as_ref()
        .and_then(|event| event.segment().downcast_ref::<gst::ClockTime>())
        .and_then(|segment| segment.to_running_time(buffer.pts()?));
    // Frames outside the segment (an edit list) are decoded and not shown.
    if let Some(running) = running {
        let key = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
        shared.ledger().entered(running.nseconds(), key);
    }
}

/// The first video stream goes to the reader, all others nowhere.
fn link_stream(
    pipeline: &gst::Pipeline,
    pad: &gst::Pad,
    convert: &gst::Element,
    shared: &Shared,
) -> Result<(), String> {
    let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
    let name = caps.structure(0).map(|s| s.name().to_string()).unwrap_or_default();
    let target = convert.static_pad("sink").filter(|t| !t.is_linked());
    if let (true, Some(target)) = (name == "video/x-raw", target) {
        pad.link(&target).map_err(|e| format!("the video cannot be linked ({e})"))?;
        shared.seen().video = true;
        return Ok(());
    }
    let nowhere = make("fakesink").map_err(|e| e.to_string())?;
    nowhere.set_property("sync", false);
    nowhere.set_property("async", false);
    pipeline.add(&nowhere).map_err(|e| e.to_string())?;
    nowhere.sync_state_with_parent().map_err(|e| e.to_string())?;
    let target = nowhere.static_pad("sink").ok_or("fakesink has no pad")?;
    pad.link(&target).map_err(|e| format!("a stream cannot be linked ({e})"))?;
    shared.seen().others.push(name);
    Ok(())
}
