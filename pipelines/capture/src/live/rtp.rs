//! RTP headers (RFC 3550, 5.1) and timestamps. Pure.

/// Ticks of the RTP clock a second, for all video payloads read here.
pub(super) const RTP_HZ: u32 = 90_000;

/// Presentation times start here, so that a timestamp that runs backwards stays above zero: 141 days.
const PTS_OFFSET_TICKS: i64 = 1 << 40;

/// What the fixed part of an RTP header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) marker: bool,
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    pub(super) ssrc: u32,
    /// Where the payload begins, bytes.
    pub(super) payload: usize,
}

impl Header {
    /// None for what is no RTP packet of version 2.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<12>()?;
        let [flags, kind, s0, s1, t0, t1, t2, t3, i0, i1, i2, i3] = *head;
        if flags >> 6 != 2 {
            return None;
        }
        let mut payload = 12 + 4 * usize::from(flags & 0xf);
        if flags & 0x10 != 0 {
            let extension = rest.get(payload - 12..)?.first_chunk::<4>()?;
            let words = u16::from_be_bytes([extension[2], extension[3]]);
            payload += 4 + 4 * usize::from(words);
        }
        (payload <= bytes.len()).then_some(Self {
            marker: kind & 0x80 != 0,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([i0, i1, i2, i3]),
            payload,
        })
    }
}

/// The unwrapped timestamp next to `near` with these lower 32 bits.
pub(super) fn unwrap_near(near: i64, timestamp: u32) -> i64 {
    let step = timestamp.wrapping_sub(near as u32) as i32;
    near.saturating_add(i64::from(step))
}

/// The presentation time that stands for an unwrapped timestamp inside the pipeline, nanoseconds:
/// [`rtp_of`] gives the timestamp back exactly. None beyond the 141 days.
pub(super) fn pts_of(rtp: i64) -> Option<u64> {
    let ticks = u64::try_from(rtp.checked_add(PTS_OFFSET_TICKS)?).ok()?;
    (ticks < 1 << 43).then(|| ticks * 100_000 / 9)
}

/// The timestamp that a presentation time stands for.
pub(super) fn rtp_of(pts_ns: u64) -> i64 {
    let ticks = (u128::from(pts_ns) * 9 + 50_000) / 100_000;
    i64::try_from(ticks).unwrap_or(i64::MAX) - PTS_OFFSET_TICKS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_header_with_sources_and_extension() {
        let mut bytes = vec![0x92, 0xe0, 0x12, 0x34, 0, 1, 0, 0, 0xde, 0xad, 0xbe, 0xef];
        bytes.extend([0; 8]);
        bytes.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4, 0x67]);
        let header = Header::parse(&bytes).unwrap();
        assert_eq!(
            header,
            Header {
                marker: true,
                sequence: 0x1234,
                timestamp: 65536,
                ssrc: 0xdead_beef,
                payload: 28
            }
        );
        assert_eq!(Header::parse(&bytes[..27]), None);
        assert_eq!(Header::parse(&[0x12; 12]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Some(header) = Header::parse(&bytes) {
                prop_assert!(header.payload <= bytes.len());
            }
        }

        #[test]
        fn timestamps_survive_the_pipeline(rtp in -(1i64 << 39)..1i64 << 41) {
            prop_assert_eq!(rtp_of(pts_of(rtp).unwrap()), rtp);
        }

        #[test]
        fn steps_of_either_sign_are_followed(
            start in any::<u32>(), steps in proptest::collection::vec(any::<i32>(), 1..50),
        ) {
            let (mut wanted, mut found) = (i64::from(start), i64::from(start));
            for step in steps {
                wanted += i64::from(step);
                found = unwrap_near(found, wanted as u32);
                prop_assert_eq!(found, wanted);
            }
        }

        #[test]
        fn no_timestamp_overflows(rtp in any::<i64>(), timestamp in any::<u32>(), pts in any::<u64>()) {
            let _ = (pts_of(rtp), unwrap_near(rtp, timestamp), rtp_of(pts));
        }
    }
}
