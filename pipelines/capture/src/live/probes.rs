//! What is done to the packets and pictures on their way.
//!
//! (A probe that takes something out says "handled" here: at a sink pad "drop" makes GStreamer 1.22
//! complain, since the binding has let go of the data already.)
//!
//! Inside the pipeline the presentation time of everything is its RTP timestamp in another guise
//! ([`pts_of`]): no decoder or parser can mix two pictures up, and the timestamp of each is exact.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;

use super::event::{Arrival, LiveEvent, LiveFrame, Packet, SenderReport, Unit};
use super::nal::Codec;
use super::rtcp::sender_reports;
use super::rtp::{Header, pts_of, rtp_of, unwrap_near};
use super::shared::{Shared, arrival_at, now};
use crate::reader::{Layout, listen_on_this_thread};

/// Notes when packets come in, and holds them back while the caller is too slow.
pub(super) fn watch_entrance(pad: &gst::Pad, shared: &Arc<Shared>) {
    let shared = shared.clone();
    let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(kinds, move |_, info| {
        let at = Instant::now();
        for_each_buffer(info, |buffer| {
            if let Some(header) = header_of(buffer) {
                shared.stream().stamps.enter(header.sequence, at);
            }
        });
        // The jitter buffer has no bound of its own.
        while shared.outlet.blocked()
            && !shared.outlet.is_halted()
            && shared.stream().stamps.is_full()
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        gst::PadProbeReturn::Ok
    });
}

/// Reads sender reports.
pub(super) fn watch_reports(pad: &gst::Pad, shared: &Arc<Shared>) {
    let shared = shared.clone();
    let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(kinds, move |_, info| {
        let arrived = now();
        let mut reports = Vec::new();
        for_each_buffer(info, |buffer| {
            if let Ok(map) = buffer.map_readable() {
                reports.extend(sender_reports(&map));
            }
        });
        {
            let mut stream = shared.stream();
            for report in reports {
                stream.keep_report(report, arrived);
            }
        }
        send_reports(&shared);
        gst::PadProbeReturn::Ok
    });
}

/// Sends the reports on the video, once its packets tell which those are.
fn send_reports(shared: &Shared) {
    let ready: Vec<SenderReport> = {
        let mut stream = shared.stream();
        let known = stream.ssrc.zip(stream.gate.as_ref().and_then(|gate| gate.last_rtp()));
        let Some((ssrc, near)) = known else { return };
        let reports = stream.early_reports.drain(..);
        reports
            .filter(|(report, _)| report.ssrc == ssrc)
            .map(|(report, arrived)| {
                let rtp = unwrap_near(near, report.rtp);
                SenderReport { ntp: report.ntp, rtp, arrived }
            })
            .collect()
    };
    for report in ready {
        shared.outlet.send(LiveEvent::Report(report));
    }
}

/// Reads the RTP headers before the depayloader.
pub(super) fn watch_packets(pad: &gst::Pad, shared: &Arc<Shared>) {
    let packets = shared.clone();
    let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(kinds, move |_, info| match &mut info.data {
        Some(gst::PadProbeData::Buffer(buffer)) => match packet(buffer, &packets) {
            true => gst::PadProbeReturn::Ok,
            false => gst::PadProbeReturn::Handled,
        },
        Some(gst::PadProbeData::BufferList(list)) => {
            list.make_mut().foreach_mut(|mut buffer, _| {
                let kept = packet(&mut buffer, &packets).then_some(buffer);
                std::ops::ControlFlow::Continue(kept)
            });
            gst::PadProbeReturn::Ok
        }
        _ => gst::PadProbeReturn::Ok,
    });
    // Losses are seen here. The depayloader would make gaps of them in a time that is not ours.
    pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        let lost = info
            .event()
            .and_then(|event| event.structure().map(|s| s.name() == "GstRTPPacketLost"))
            .unwrap_or(false);
        if lost { gst::PadProbeReturn::Handled } else { gst::PadProbeReturn::Ok }
    });
}

/// What a packet tells.
struct PacketRead {
    marker: bool,
    rtp: i64,
    lost: u32,
    readable: bool,
    /// Whether the caller must hear that it is not readable.
    news: bool,
}

/// False for a packet that must not go on.
fn packet(buffer: &mut gst::Buffer, shared: &Shared) -> bool {
    let Some(read) = read_packet(buffer, shared) else { return false };
    // What is dropped must go as it came.
    if read.readable {
        let buffer = buffer.make_mut();
        buffer.set_pts(pts_of(read.rtp).map(gst::ClockTime::from_nseconds));
        buffer.set_dts(gst::ClockTime::NONE);
    }
    if read.lost > 0 {
        shared.outlet.send(LiveEvent::PacketsLost { count: read.lost });
    }
    if read.news {
        tell_rubbish(shared);
    }
    if read.marker {
        // Not for each packet: reports are rare.
        send_reports(shared);
    }
    read.readable
}

fn read_packet(buffer: &gst::BufferRef, shared: &Shared) -> Option<PacketRead> {
    let map = buffer.map_readable().ok()?;
    let header = Header::parse(&map)?;
    let mut stream = shared.stream();
    let codec = stream.codec?;
    let payload = map.get(header.payload..).unwrap_or_default();
    let readable = codec.readable(payload);
    let gate = stream.gate.as_mut()?;
    let seen = gate.packet(&header, codec.begins(payload));
    let news = !readable && gate.unreadable(seen.rtp);
    stream.ssrc = Some(header.ssrc);
    let at = stream.stamps.leave(header.sequence);
    if seen.first {
        stream.unit_arrived(seen.rtp, at.map_or_else(now, arrival_at));
    }
    Some(PacketRead { marker: header.marker, rtp: seen.rtp, lost: seen.lost, readable, news })
}

/// The time inside the pipeline has no start and no end.
pub(super) fn open_segment(pad: &gst::Pad) {
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
pub(super) fn watch_units(pad: &gst::Pad, codec: Codec, shared: &Arc<Shared>) {
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
pub(super) fn watch_assembled(pad: &gst::Pad, codec: Codec, shared: &Arc<Shared>) {
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

fn tell_rubbish(shared: &Shared) {
    let text = "the stream does not hold what it promises".to_owned();
    shared.outlet.send(LiveEvent::Damage { text });
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

/// Writes down what goes into the decoder.
pub(super) fn watch_decoder(pad: &gst::Pad, codec: Codec, shared: &Arc<Shared>) {
    let shared = shared.clone();
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        let Some(buffer) = info.buffer() else { return gst::PadProbeReturn::Ok };
        listen_on_this_thread(&shared);
        let contents = buffer.map_readable().map(|map| codec.contents(&map)).unwrap_or_default();
        if let Some(pts) = buffer.pts().filter(|_| contents.picture) {
            if let Some(gate) = shared.stream().gate.as_mut() {
                gate.taken();
            }
            shared.ledger().entered(pts.nseconds(), contents.key);
        }
        gst::PadProbeReturn::Ok
    });
}

/// Hands decoded pictures to the caller.
pub(super) fn deliver(sink: &gst_app::AppSink, shared: &Arc<Shared>) {
    let (frames, end) = (shared.clone(), shared.clone());
    let mut layout: Option<(gst::Caps, Layout)> = None;
    let callbacks = gst_app::AppSinkCallbacks::builder()
        .new_sample(move |sink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let told = frame(&sample, &mut layout, &frames)
                .is_none_or(|frame| frames.outlet.send(LiveEvent::Frame(frame)));
            if told { Ok(gst::FlowSuccess::Ok) } else { Err(gst::FlowError::Flushing) }
        })
        .eos(move |_| {
            let rest = end.ledger().finish();
            if let Some(loss) = rest {
                damage(&end, loss.frames, loss.cause.as_deref());
            }
        })
        .build();
    sink.set_callbacks(callbacks);
}

fn frame(
    sample: &gst::Sample,
    layout: &mut Option<(gst::Caps, Layout)>,
    shared: &Shared,
) -> Option<LiveFrame> {
    let decoded = Instant::now();
    let (buffer, caps) = (sample.buffer()?, sample.caps()?);
    let pts = buffer.pts()?.nseconds();
    let corrupt = buffer.flags().intersects(gst::BufferFlags::CORRUPTED | gst::BufferFlags::GAP);
    let (usable, loss) = shared.ledger().left(pts, corrupt);
    if let Some(loss) = loss {
        damage(shared, loss.frames, loss.cause.as_deref());
    }
    if !usable {
        return None;
    }
    let rtp = rtp_of(pts);
    let arrived = {
        let mut stream = shared.stream();
        stream.frames += 1;
        stream.arrival_of(rtp)
    };
    let Some(arrived) = arrived else {
        damage(shared, 1, Some("the decoder gave a picture a time of its own"));
        return None;
    };
    if layout.as_ref().is_none_or(|(known, _)| known.as_ref() != caps) {
        *layout = Layout::new(caps).map(|layout| (caps.to_owned(), layout));
    }
    let picture = match layout {
        Some((_, layout)) => layout.picture(buffer),
        None => Err(format!("pictures of this format are not supported ({caps})")),
    };
    match picture {
        Ok(picture) => Some(LiveFrame { rtp, picture, decoded, arrived }),
        Err(cause) => {
            damage(shared, 1, Some(&cause));
            None
        }
    }
}

fn damage(shared: &Shared, frames: u64, cause: Option<&str>) {
    let cause = cause.unwrap_or("the decoder gave no picture");
    let text = match frames {
        1 => format!("1 picture is left out: {cause}"),
        n => format!("{n} pictures are left out: {cause}"),
    };
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
