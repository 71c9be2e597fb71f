//! What is done to the packets and pictures on their way.
//!
//! (A probe that takes something out says "handled" here: at a sink pad "drop" makes GStreamer 1.22
//! complain, since the binding has let go of the data already.)
//!
//! Inside the pipeline the presentation time of everything is its RTP timestamp in another guise
//! ([`pts_of`]): no decoder or parser can mix two pictures up, and the timestamp of each is exact.

mod frames;
mod packets;
mod units;

use gstreamer as gst;

pub(super) use self::frames::{deliver, watch_decoder};
pub(super) use self::packets::{watch_entrance, watch_packets, watch_reports};
pub(super) use self::units::{open_segment, watch_assembled, watch_units};
use super::event::LiveEvent;
use super::rtp::Header;
use super::shared::Shared;

fn tell_rubbish(shared: &Shared) {
    let text = "the stream does not hold what it promises".to_owned();
    shared.outlet.send(LiveEvent::Damage { text });
}

fn header_of(buffer: &gst::BufferRef) -> Option<Header> {
    Header::parse(&buffer.map_readable().ok()?)
}

fn for_each_buffer(info: &gst::PadProbeInfo, mut act: impl FnMut(&gst::BufferRef)) {
    match &info.data {
        Some(gst::PadProbeData::Buffer(buffer)) => act(buffer),
        Some(gst::PadProbeData::BufferList(list)) => list.iter().for_each(act),
        _ => {}
    }
}
