//! Sender reports in RTCP packets (RFC 3550, 6.4.1). Pure.

use wayside_proto::EventTime;

/// Packets of one compound looked at.
const PACKETS_MAX: usize = 32;

/// Packet type of a sender report.
const SENDER_REPORT: u8 = 200;

/// Seconds from 1900 (NTP era 0) and from 2036 (era 1) to 1970.
const ERA_0_S: i64 = 2_208_988_800;
const ERA_1_S: i64 = ERA_0_S - (1 << 32);

/// A sender report as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) ssrc: u32,
    pub(super) ntp: EventTime,
    /// The lower 32 bits.
    pub(super) rtp: u32,
}

/// The sender reports in a compound packet; stops at the first thing that is no RTCP. A report
/// without a time (NTP zero: the sender has no clock) is left out.
pub(super) fn sender_reports(mut bytes: &[u8]) -> Vec<Report> {
    let mut out = Vec::new();
    for _ in 0..PACKETS_MAX {
        let Some((&[flags, kind, l0, l1], _)) = bytes.split_first_chunk::<4>() else { break };
        let length = 4 * (usize::from(u16::from_be_bytes([l0, l1])) + 1);
        if flags >> 6 != 2 {
            break;
        }
        let Some((packet, rest)) = bytes.split_at_checked(length) else { break };
        if kind == SENDER_REPORT {
            out.extend(report(packet));
        }
        bytes = rest;
    }
    out
}

fn report(packet: &[u8]) -> Option<Report> {
    let word = |n: usize| {
        packet.get(4 * n..4 * n + 4)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
    };
    let (seconds, fraction) = (word(2)?, word(3)?);
    let ntp = unix_of(seconds, fraction)?;
    Some(Report { ssrc: word(1)?, ntp, rtp: word(4)? })
}

/// NTP time (RFC 5905, 6) as microseconds since 1970. The upper half of the seconds is era 0 (1968
/// to 2036), the lower half era 1 (2036 to 2104), as RFC 4330, 3 has it. None for zero.
fn unix_of(seconds: u32, fraction: u32) -> Option<EventTime> {
    if seconds == 0 && fraction == 0 {
        return None;
    }
    let era = if seconds & 0x8000_0000 != 0 { ERA_0_S } else { ERA_1_S };
    let micros = (u64::from(fraction) * 1_000_000 + (1 << 31)) >> 32;
    Some(EventTime((i64::from(seconds) - era) * 1_000_000 + micros as i64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet(kind: u8, words: &[u32]) -> Vec<u8> {
        let mut out = vec![0x80, kind, 0, words.len() as u8];
        out.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        out
    }

    #[test]
    fn a_compound_packet() {
        // 2026-06-01T07:00:12.5Z.
        let ntp = (1_780_297_212i64 + ERA_0_S) as u32;
        let sr = packet(200, &[7, ntp, 1 << 31, 0xffff_fff0, 10, 1000]);
        let sdes = packet(202, &[7, 0]);
        let both = [sr.clone(), sdes.clone()].concat();
        let want = Report {
            ssrc: 7,
            ntp: EventTime::parse("2026-06-01T07:00:12.5Z").unwrap(),
            rtp: 0xffff_fff0,
        };
        assert_eq!(sender_reports(&both), [want]);
        assert_eq!(sender_reports(&[sdes, sr.clone()].concat()), [want]);
        assert_eq!(sender_reports(&sr[..20]), []);
        assert_eq!(sender_reports(&packet(200, &[7, 0, 0, 5, 0, 0])), []);
        assert_eq!(sender_reports(&packet(200, &[7, ntp])), []);
    }

    #[test]
    fn both_eras() {
        assert_eq!(unix_of(0xffff_ffff, 0), Some(EventTime((0xffff_ffff - ERA_0_S) * 1_000_000)));
        let next = EventTime::parse("2036-02-07T06:28:16Z").unwrap();
        assert_eq!(unix_of(0, 1 << 12), Some(EventTime(next.0 + 1)));
        assert_eq!(unix_of(1, 0), Some(EventTime(next.0 + 1_000_000)));
        assert_eq!(unix_of(1, u32::MAX), Some(EventTime(next.0 + 2_000_000)));
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(
            start in 0usize..2, mut bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let heads: [&[u8]; 2] = [b"", &[0x80, 200, 0, 6]];
            bytes.splice(0..0, heads[start].iter().copied());
            prop_assert!(sender_reports(&bytes).len() <= PACKETS_MAX);
        }
    }
}
