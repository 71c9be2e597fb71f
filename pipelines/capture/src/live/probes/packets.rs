//! RTP and RTCP packets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;

use super::{for_each_buffer, header_of, tell_rubbish};
use crate::live::event::{LiveEvent, SenderReport};
use crate::live::rtcp::sender_reports;
use crate::live::rtp::{Header, pts_of, unwrap_near};
use crate::live::shared::{Shared, arrival_at, now};

/// Notes when packets come in, and holds them back while the caller is too slow.
pub(in crate::live) fn watch_entrance(pad: &gst::Pad, shared: &Arc<Shared>) {
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
pub(in crate::live) fn watch_reports(pad: &gst::Pad, shared: &Arc<Shared>) {
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
pub(in crate::live) fn watch_packets(pad: &gst::Pad, shared: &Arc<Shared>) {
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
