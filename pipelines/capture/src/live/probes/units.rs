//! Compressed pictures, before and behind the parser.

use std::sync::Arc;

use gst::prelude::*;
use gstreamer as gst;

use super::tell_rubbish;
use crate::live::event::{Arrival, LiveEvent, Packet, Unit};
use crate::live::nal::Codec;
use crate::live::rtp::rtp_of;
use crate::live::shared::{Shared, now};

/// The time inside the pipeline has no start and no end.
pub(in crate::live) fn open_segment(pad: &gst::Pad) {
    pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        if let Some(gst::PadProbeData::Event(event)) = &mut info.data
            && event.type_() == gst::EventType::Segment
        {
            let segment = gst::FormattedSegment::<gst::ClockTime>::new();
            *event = gst::event::Segment::builder(&segment).seqnum(event.seqnum()).build();
        }
        gst::PadProbeReturn::Ok
    });
}

/// Numbers the units, tells the caller, and keeps from the decoder what must not be decoded.
pub(in crate::live) fn watch_units(pad: &gst::Pad, codec: Codec, shared: &Arc<Shared>) {
    let shared = shared.clone();
    pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
        let Some(buffer) = info.buffer() else { return gst::PadProbeReturn::Ok };
        let (Some(pts), Ok(map)) = (buffer.pts(), buffer.map_readable()) else {
            return gst::PadProbeReturn::Handled;
        };
        let contents = codec.contents(&map);
        if !contents.picture {
            // Parameters alone: the decoder wants them, and they are no frame.
            tell_swallowed(rtp_of(pts.nseconds()), &shared);
            return gst::PadProbeReturn::Ok;
        }
        drop(map);
        let Some(caps) = pad.current_caps() else { return gst::PadProbeReturn::Handled };
        let rtp = rtp_of(pts.nseconds());
        if tell(buffer, caps, rtp, contents.key, &shared) {
            gst::PadProbeReturn::Ok
        } else {
            gst::PadProbeReturn::Handled
        }
    });
}

/// Keeps from the parser what it would end the stream at. Such a unit is told of here.
pub(in crate::live) fn watch_assembled(pad: &gst::Pad, codec: Codec, shared: &Arc<Shared>) {
    let shared = shared.clone();
    pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
        let Some(buffer) = info.buffer() else { return gst::PadProbeReturn::Ok };
        let sound = buffer.map_readable().is_ok_and(|map| codec.sound(&map));
        if sound {
            return gst::PadProbeReturn::Ok;
        }
        if let (Some(pts), Some(caps)) = (buffer.pts(), pad.current_caps()) {
            let rtp = rtp_of(pts.nseconds());
            let news = shared.stream().gate.as_mut().is_some_and(|gate| gate.unreadable(rtp));
            if news {
                tell_rubbish(&shared);
            }
            tell(buffer, caps, rtp, false, &shared);
        }
        gst::PadProbeReturn::Handled
    });
}

/// Tells of a unit: whether it goes on to the decoder.
fn tell(buffer: &gst::BufferRef, caps: gst::Caps, rtp: i64, key: bool, shared: &Shared) -> bool {
    tell_swallowed(rtp, shared);
    let (index, arrived, dropped) = {
        let mut stream = shared.stream();
        let arrived = stream.arrival_of(rtp).unwrap_or_else(now);
        let dropped = stream.gate.as_mut().and_then(|gate| gate.unit(rtp, key));
        (stream.next_index(), arrived, dropped)
    };
    let packet = Packet { buffer: lean(buffer), caps };
    let bytes = buffer.size();
    let unit = Unit { index, rtp, key, bytes, arrived, dropped, packet };
    shared.outlet.send(LiveEvent::Unit(unit)) && dropped.is_none()
}

/// Tells of units that came in before this one, and of which depayloader or parser made nothing.
fn tell_swallowed(rtp: i64, shared: &Shared) {
    let units: Vec<Unit> = {
        let mut stream = shared.stream();
        let swallowed = stream.account(rtp);
        let unit = |(rtp, arrived): (i64, Arrival)| Unit {
            index: stream.next_index(),
            rtp,
            key: false,
            bytes: 0,
            arrived,
            dropped: stream.gate.as_mut().map(|gate| gate.swallowed(rtp)),
            packet: Packet { buffer: gst::Buffer::new(), caps: gst::Caps::new_empty() },
        };
        swallowed.into_iter().map(unit).collect()
    };
    for unit in units {
        shared.outlet.send(LiveEvent::Unit(unit));
    }
}

/// The buffer itself, or a copy where it holds on to much more memory than it shows.
fn lean(buffer: &gst::BufferRef) -> gst::Buffer {
    let held: usize = buffer.iter_memories().map(|memory| memory.maxsize()).sum();
    if held <= buffer.size() + buffer.size() / 4 + 256 {
        return buffer.to_owned();
    }
    buffer.copy_deep().unwrap_or_else(|_| buffer.to_owned())
}
