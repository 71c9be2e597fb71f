//! Compressed pictures into a file in memory, without transcoding.

use std::collections::BTreeMap;

use gio::prelude::*;
use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use wayside_proto::EventTime;

use super::clip::{Clip, CutError};
use super::cut::Run;
use crate::elements::{codec_name, make, start};
use crate::live::Codec;

/// Muxing takes milliseconds; beyond this it hangs.
const MUX_MAX_S: u64 = 20;

/// Length of a picture that is alone in its clip, microseconds.
const ALONE_US: u64 = 40_000;

/// Times of a picture in a file, microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) pts_us: u64,
    pub(super) dts_us: u64,
    pub(super) duration_us: u64,
}

/// Times of pictures given in the order of decoding.
///
/// RTP tells no decoding times. They must grow, and none may be later than its picture is shown: so
/// they are the presentation times in order, and all presentation moves back by as much as that
/// needs. Pictures of the same event time are shown one microsecond apart.
pub(super) fn times(events: &[EventTime]) -> Vec<Times> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|n| events.get(*n).map(|time| time.0));
    let first = order.first().and_then(|n| events.get(*n)).map_or(0, |time| time.0);
    let mut shown: Vec<u64> = Vec::with_capacity(events.len());
    let mut pts = vec![0u64; events.len()];
    for n in &order {
        let since = events.get(*n).map_or(0, |time| time.0.saturating_sub(first).max(0) as u64);
        let at = shown.last().map_or(since, |last| since.max(last + 1));
        shown.push(at);
        if let Some(place) = pts.get_mut(*n) {
            *place = at;
        }
    }
    let delay =
        pts.iter().zip(&shown).map(|(pts, dts)| dts.saturating_sub(*pts)).max().unwrap_or(0);
    let mean = match (shown.last(), shown.len()) {
        (Some(last), n @ 2..) => (last / (n as u64 - 1)).max(1),
        _ => ALONE_US,
    };
    let next = |at: u64| {
        let n = shown.partition_point(|other| *other <= at);
        shown.get(n).map_or(mean, |next| next - at)
    };
    pts.iter()
        .zip(&shown)
        .map(|(pts, dts)| Times { pts_us: pts + delay, dts_us: *dts, duration_us: next(*pts) })
        .collect()
}

/// Makes the file.
pub(super) fn mux(run: &Run) -> Result<Clip, CutError> {
    start()?;
    let events: Vec<EventTime> = run.entries.iter().map(|entry| entry.time).collect();
    let (from, to) = match (events.iter().min(), events.iter().max(), run.entries.first()) {
        (Some(from), Some(to), Some(_)) => (*from, *to),
        _ => return Err(CutError::Empty),
    };
    let failed = |cause: String| CutError::Mux { from, cause };
    let refused = |e: gst::glib::BoolError| failed(e.message.to_string());

    let codec = run.format.codec;
    let (parser, muxer, container) = match codec {
        Codec::H264 => (Some("h264parse"), "mp4mux", "mp4"),
        Codec::H265 => (Some("h265parse"), "mp4mux", "mp4"),
        Codec::Jpeg => (None, "matroskamux", "matroska"),
    };
    let caps = run.entries.first().map(|entry| entry.packet.caps.clone());
    let source = gst_app::AppSrc::builder().format(gst::Format::Time).max_bytes(0).build();
    source.set_caps(caps.as_ref());
    let memory = gio::MemoryOutputStream::new_resizable();
    let sink = make("giostreamsink")?;
    sink.set_property("stream", &memory);
    sink.set_property("sync", false);
    let mut chain = vec![source.clone().upcast::<gst::Element>()];
    let times = times(&events);
    if let Some(parser) = parser {
        let parser = make(parser)?;
        keep_durations(&parser, &times);
        chain.push(parser);
    }
    chain.extend([make(muxer)?, sink]);
    let pipeline = gst::Pipeline::new();
    pipeline.add_many(&chain).map_err(refused)?;
    gst::Element::link_many(&chain).map_err(refused)?;

    let stopped = Stop(&pipeline);
    let bus = pipeline.bus().ok_or_else(|| failed("a pipeline has no bus".to_owned()))?;
    // A failure to start is told on the bus, where it has its cause.
    let _ = pipeline.set_state(gst::State::Playing);
    for (n, (entry, times)) in run.entries.iter().zip(times).enumerate() {
        let key = run.keys.binary_search(&n).is_ok();
        if source.push_buffer(entry.packet.at(times, key)).is_err() {
            break;
        }
    }
    let _ = source.end_of_stream();
    wait(&bus).map_err(failed)?;
    // The stream is closed with the pipeline.
    drop(stopped);
    let _ = memory.close(gio::Cancellable::NONE);
    let bytes = memory.steal_as_bytes().to_vec();
    let codec = codec_name(codec.caps_name());
    let frames = events.len();
    let mut times = events;
    times.sort();
    Ok(Clip { bytes, from, to, frames, times, container, codec })
}

/// The parsers forget durations where the camera tells no frame rate, and `mp4mux` then gives the
/// last picture none: players leave it out.
fn keep_durations(parser: &gst::Element, times: &[Times]) {
    let Some(pad) = parser.static_pad("src") else { return };
    let durations: BTreeMap<u64, u64> = times.iter().map(|t| (t.pts_us, t.duration_us)).collect();
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        if let Some(buffer) = info.buffer_mut()
            && let Some(duration) = buffer.pts().and_then(|pts| durations.get(&pts.useconds()))
        {
            buffer.make_mut().set_duration(gst::ClockTime::from_useconds(*duration));
        }
        gst::PadProbeReturn::Ok
    });
}

/// Stops a pipeline at the end of a scope, whatever happened.
struct Stop<'a>(&'a gst::Pipeline);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        // Stopping can only fail in ways that leave nothing to do.
        let _ = self.0.set_state(gst::State::Null);
    }
}

fn wait(bus: &gst::Bus) -> Result<(), String> {
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let Some(message) = bus.timed_pop_filtered(gst::ClockTime::from_seconds(MUX_MAX_S), &kinds)
    else {
        return Err(format!("it took longer than {MUX_MAX_S} s"));
    };
    match message.view() {
        gst::MessageView::Error(e) => Err(e.error().message().trim_end_matches('.').to_owned()),
        _ => Ok(()),
    }
}
