//! RTCP sender reports (RFC 3550, 6.4.1) with a source description.

use crate::clip::RTP_HZ;

/// Seconds from 1900 to 1970.
const NTP_OF_UNIX_S: i128 = 2_208_988_800;

/// What a report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) ssrc: u32,
    /// NTP time, 32.32 fixed point.
    pub(super) ntp: u64,
    pub(super) rtp: u32,
    pub(super) packets: u32,
    pub(super) octets: u32,
}

/// NTP time (32.32 fixed point, modulo 2^64) of `unix_us` microseconds since 1970 and `ticks` of the
/// RTP clock after that. Rounded down to 2^-32 s.
pub(super) fn ntp(unix_us: i64, ticks: u64) -> u64 {
    let seconds = |value: i128, hz: i128| (value << 32).div_euclid(hz);
    let ntp = seconds(i128::from(unix_us), 1_000_000)
        + seconds(i128::from(ticks), i128::from(RTP_HZ))
        + (NTP_OF_UNIX_S << 32);
    // Eras of NTP wrap every 136 years, as the field does.
    ntp as u64
}

/// Ticks of the RTP clock for a time, rounded to the nearest.
pub(super) fn ticks(ns: u64) -> u64 {
    let ticks = (u128::from(ns) * u128::from(RTP_HZ) + 500_000_000) / 1_000_000_000;
    u64::try_from(ticks).unwrap_or(u64::MAX)
}

impl Report {
    /// The compound packet: sender report, then a source description with the canonical name.
    pub(super) fn packet(&self) -> Vec<u8> {
        let mut packet = vec![0x80, 200, 0, 6];
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend(self.ntp.to_be_bytes());
        packet.extend(self.rtp.to_be_bytes());
        packet.extend(self.packets.to_be_bytes());
        packet.extend(self.octets.to_be_bytes());
        let name = CNAME.as_bytes();
        // Header, source, item type and length, name, and one to four zero bytes.
        let words = (4 + 4 + 2 + name.len()) / 4 + 1;
        let end = packet.len() + words * 4;
        packet.extend([0x81, 202, 0, words as u8 - 1]);
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend([1, name.len() as u8]);
        packet.extend(name);
        packet.resize(end, 0);
        packet
    }
}

const CNAME: &str = "wayside-camera";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ntp_time_counts_from_1900() {
        // 1970-01-01 and 2026-06-01T07:00:00.5Z.
        assert_eq!(ntp(0, 0), 2_208_988_800 << 32);
        let unix_us = 1_780_297_200_500_000;
        assert_eq!(ntp(unix_us, 0), ((1_780_297_200 + 2_208_988_800) << 32) | 0x8000_0000);
        assert_eq!(ntp(unix_us, 45_000), (1_780_297_201 + 2_208_988_800) << 32);
        // An hour before 1970 is an hour less.
        assert_eq!(ntp(-3_600_000_000, 0), (2_208_988_800 - 3_600) << 32);
    }

    #[test]
    fn ticks_are_rounded_and_do_not_drift() {
        assert_eq!(ticks(0), 0);
        assert_eq!(ticks(33_366_667), 3_003);
        assert_eq!(ticks(1_000_000_000 * 86_400 * 365), 90_000 * 86_400 * 365);
    }

    #[test]
    fn a_report_is_a_compound_packet_of_whole_words() {
        let report = Report { ssrc: 0x0102_0304, ntp: 5, rtp: 6, packets: 7, octets: 8 };
        let packet = report.packet();
        assert_eq!(packet.len() % 4, 0);
        assert_eq!(packet[..8], [0x80, 200, 0, 6, 1, 2, 3, 4]);
        let words = usize::from(packet[31]);
        assert_eq!((packet[29], 28 + 4 * (words + 1)), (202, packet.len()));
        assert_eq!(packet.last(), Some(&0), "the list of items ends with a zero byte");
    }
}
