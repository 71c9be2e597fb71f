//! What is done to the packets and pictures on their way.
//!
//! Inside the pipeline the presentation time of everything is its RTP timestamp in another guise
//! ([`pts_of`]): no decoder or parser can mix two pictures up, and the timestamp of each is exact.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;

use super::event::{LiveEvent, LiveFrame, Packet, SenderReport, Unit};
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
    pad.add_probe(kinds, move |_, info| {
        match &mut info.data {
            Some(gst::PadProbeData::Buffer(buffer)) => packet(buffer, &packets),
            Some(gst::PadProbeData::BufferList(list)) => {
                list.make_mut().foreach_mut(|mut buffer, _| {
                    packet(&mut buffer, &packets);
                    std::ops::ControlFlow::Continue(Some(buffer))
                });
            }
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
    // Losses are seen here. The depayloader would make gaps of them in a time that is not ours.
    pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        let lost = info
            .event()
            .and_then(|event| event.structure().map(|s| s.name() == "GstRTPPacketLost"))
            .unwrap_or(false);
        if lost { gst::PadProbeReturn::Drop } else { gst::PadProbeReturn::Ok }
    });
}

fn packet(buffer: &mut gst::Buffer, shared: &Shared) {
    let Some((header, rtp, lost)) = read_packet(buffer, shared) else { return };
    let buffer = buffer.make_mut();
    buffer.set_pts(pts_of(rtp).map(gst::ClockTime::from_nseconds));
    buffer.set_dts(gst::ClockTime::NONE);
    if lost > 0 {
        shared.outlet.send(LiveEvent::PacketsLost { count: lost });
    }
    if header.marker {
        // Not for each packet: reports are rare.
        send_reports(shared);
    }
}

fn read_packet(buffer: &gst::BufferRef, shared: &Shared) -> Option<(Header, i64, u32)> {
    let map = buffer.map_readable().ok()?;
    let header = Header::parse(&map)?;
    let mut stream = shared.stream();
    let codec = stream.codec?;
    let begins = codec.begins(map.get(header.payload..).unwrap_or_default());
    let seen = stream.gate.as_mut()?.packet(&header, begins);
    stream.ssrc = Some(header.ssrc);
    let at = stream.stamps.leave(header.sequence);
    if seen.first {
        stream.unit_arrived(seen.rtp, at.map_or_else(now, arrival_at));
    }
    Some((header, seen.rtp, seen.lost))
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
            return gst::PadProbeReturn::Drop;
        };
        let contents = codec.contents(&map);
        if !contents.picture {
            // Parameters alone: the decoder wants them, and they are no frame.
            return gst::PadProbeReturn::Ok;
        }
        let bytes = map.len();
        drop(map);
        let Some(caps) = pad.current_caps() else { return gst::PadProbeReturn::Drop };
        let rtp = rtp_of(pts.nseconds());
        let (index, arrived, dropped) = {
            let mut stream = shared.stream();
            let index = stream.units;
            stream.units += 1;
            let arrived = stream.arrival_of(rtp).unwrap_or_else(now);
            let gate = stream.gate.as_mut();
            (index, arrived, gate.and_then(|gate| gate.unit(rtp, contents.key)))
        };
        let packet = Packet { buffer: lean(buffer), caps };
        let unit = Unit { index, rtp, key: contents.key, bytes, arrived, dropped, packet };
        let told = shared.outlet.send(LiveEvent::Unit(unit));
        if dropped.is_none() && told { gst::PadProbeReturn::Ok } else { gst::PadProbeReturn::Drop }
    });
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
