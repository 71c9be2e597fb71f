//! What a client gets, and when.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_proto::EventTime;

use super::report::{Report, ntp, ticks};
use crate::clip::Clip;
use crate::faults::Weather;

/// Time between sender reports.
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// Bytes of an RTP header.
const HEADER_BYTES: usize = 12;

/// When a stream began, and what its first frame's time is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// The instant at which the first frame is due.
    pub(crate) began: Instant,
    /// Capture time of the first frame.
    pub(crate) start: EventTime,
}

/// A packet to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Packet {
    /// RTP.
    Rtp(Vec<u8>),
    /// RTCP.
    Rtcp(Vec<u8>),
}

/// The stream of one client, from the clip's first frame on.
#[derive(Debug)]
pub(crate) struct Player {
    clip: Arc<Clip>,
    timing: Timing,
    reports: bool,
    ssrc: u32,
    /// RTP timestamp of the first frame.
    first_rtp: u32,
    /// Sequence number of the next packet.
    sequence: u16,
    /// Packets made so far, sent or lost.
    made: u64,
    round: u64,
    next_unit: usize,
    next_report: Instant,
    sent: u32,
    sent_octets: u32,
}

impl Player {
    /// A stream whose identifiers come out of `chance`.
    pub(crate) fn new(clip: Arc<Clip>, timing: Timing, reports: bool, chance: u64) -> Self {
        Self {
            clip,
            reports,
            ssrc: (chance >> 32) as u32,
            first_rtp: chance as u32,
            sequence: (chance >> 16) as u16,
            made: 0,
            round: 0,
            next_unit: 0,
            next_report: timing.began,
            timing,
            sent: 0,
            sent_octets: 0,
        }
    }

    /// The stream begins at this time and no other.
    pub(crate) fn begin(&mut self, timing: Timing) {
        (self.timing, self.next_report) = (timing, timing.began);
    }

    /// Sequence number and RTP timestamp of the first packet, for `RTP-Info`.
    pub(crate) fn first(&self) -> (u16, u32) {
        (self.sequence, self.first_rtp)
    }

    /// The synchronisation source.
    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// When there is something to send.
    pub(crate) fn due(&self) -> Instant {
        let unit = self.unit_due();
        if self.reports { unit.min(self.next_report) } else { unit }
    }

    fn unit_due(&self) -> Instant {
        let within = self.clip.units.get(self.next_unit).map_or(0, |unit| unit.due_ns);
        self.timing.began + Duration::from_nanos(self.round_ns().saturating_add(within))
    }

    fn round_ns(&self) -> u64 {
        self.round.saturating_mul(self.clip.period_ns)
    }

    /// The next report or frame that is due at `now`, as packets in the order of sending.
    pub(crate) fn next(&mut self, now: Instant, weather: &Weather) -> Option<Vec<Packet>> {
        // The first report goes out before the first frame, so that no frame is without a time.
        if self.reports && now >= self.next_report {
            self.next_report += REPORT_EVERY;
            if self.next_report <= now {
                self.next_report = now + REPORT_EVERY;
            }
            return Some(vec![Packet::Rtcp(self.report(now, weather.jump_us))]);
        }
        if now < self.unit_due() {
            return None;
        }
        let packets = self.unit(weather);
        self.next_unit += 1;
        if self.next_unit >= self.clip.units.len() {
            (self.next_unit, self.round) = (0, self.round + 1);
        }
        Some(packets)
    }

    /// A report on the present instant: the RTP time of now, and the capture time that belongs to it.
    fn report(&self, now: Instant, jump_us: i64) -> Vec<u8> {
        let since = now.saturating_duration_since(self.timing.began);
        let ticks = ticks(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX));
        Report {
            ssrc: self.ssrc,
            ntp: ntp(self.timing.start.0.saturating_add(jump_us), ticks),
            rtp: self.first_rtp.wrapping_add(ticks as u32),
            packets: self.sent,
            octets: self.sent_octets,
        }
        .packet()
    }

    fn unit(&mut self, weather: &Weather) -> Vec<Packet> {
        let clip = Arc::clone(&self.clip);
        let Some(unit) = clip.units.get(self.next_unit) else { return Vec::new() };
        let time = ticks(self.round_ns().saturating_add(unit.pts_ns)) as u32;
        let timestamp = self.first_rtp.wrapping_add(time);
        let mut packets = Vec::new();
        for (payload, marker) in clip.packets(unit) {
            let sequence = self.sequence;
            self.sequence = sequence.wrapping_add(1);
            self.made += 1;
            if weather.loses(self.made) {
                continue;
            }
            let mut packet = Vec::with_capacity(HEADER_BYTES + payload.len());
            packet.extend([0x80, clip.media.payload_type | if marker { 0x80 } else { 0 }]);
            packet.extend(sequence.to_be_bytes());
            packet.extend(timestamp.to_be_bytes());
            packet.extend(self.ssrc.to_be_bytes());
            packet.extend_from_slice(payload);
            weather.spoil(self.made, packet.get_mut(HEADER_BYTES..).unwrap_or_default());
            self.sent = self.sent.wrapping_add(1);
            self.sent_octets = self.sent_octets.wrapping_add(payload.len() as u32);
            packets.push(Packet::Rtp(packet));
        }
        packets
    }
}
