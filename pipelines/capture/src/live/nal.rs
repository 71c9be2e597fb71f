//! What a compressed picture is: H.264 (ITU-T H.264, 7.3.1) and H.265 (ITU-T H.265, 7.3.1) units,
//! and where a picture begins in RTP payloads (RFC 6184, RFC 7798, RFC 2435). Pure.
//!
//! GStreamer's parser calls every picture with an intra slice a key frame. Here only one is where
//! decoding can begin with nothing before it, or which says so itself (a recovery point).

use std::collections::BTreeSet;

/// The codecs read from live cameras.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Codec {
    /// ITU-T H.264, AVC.
    H264,
    /// ITU-T H.265, HEVC.
    H265,
    /// Motion JPEG.
    Jpeg,
}

/// What is in an access unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// A picture, not only its parameters.
    pub(crate) picture: bool,
    /// Decoding can begin here.
    pub(crate) key: bool,
}

/// Units of one picture looked at.
const NALS_MAX: usize = 4096;

/// Bytes at the beginning of a unit that tell whether it is one.
const NAL_HEAD: usize = 8;

impl Codec {
    /// From the encoding name of an RTP stream (SDP `rtpmap`).
    pub(crate) fn from_encoding(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "H264" => Some(Self::H264),
            "H265" => Some(Self::H265),
            "JPEG" => Some(Self::Jpeg),
            _ => None,
        }
    }

    pub(crate) fn caps_name(self) -> &'static str {
        match self {
            Self::H264 => "video/x-h264",
            Self::H265 => "video/x-h265",
            Self::Jpeg => "image/jpeg",
        }
    }

    pub(crate) fn from_caps_name(name: &str) -> Option<Self> {
        [Self::H264, Self::H265, Self::Jpeg].into_iter().find(|codec| codec.caps_name() == name)
    }

    /// Whether pictures are predicted from others.
    pub(crate) fn predicts(self) -> bool {
        self != Self::Jpeg
    }

    /// Looks through an access unit in byte-stream format.
    pub(crate) fn contents(self, unit: &[u8]) -> Contents {
        if self == Self::Jpeg {
            return Contents { picture: true, key: true };
        }
        let mut out = Contents::default();
        for start in starts(unit) {
            let nal = unit.get(start..).unwrap_or_default();
            match (self, self.kind(nal)) {
                (Self::H264, Some(5)) | (Self::H265, Some(16..=21)) => {
                    return Contents { picture: true, key: true };
                }
                (Self::H264, Some(6)) => out.key |= exact_recovery_point(nal),
                (Self::H264, Some(1..=4)) | (Self::H265, Some(0..=15)) => {
                    out.picture = true;
                    // Nothing that matters follows the first slice, and the rest is long.
                    break;
                }
                _ => {}
            }
        }
        out.key &= out.picture;
        out
    }

    /// The parameter sets in an access unit, each once.
    pub(crate) fn parameter_sets(self, unit: &[u8]) -> BTreeSet<Vec<u8>> {
        let mut out = BTreeSet::new();
        for start in starts(unit) {
            let nal = unit.get(start..).unwrap_or_default();
            match (self, self.kind(nal)) {
                // They come before the picture.
                (Self::H264, Some(1..=5)) | (Self::H265, Some(0..=31)) | (Self::Jpeg, _) => break,
                (Self::H264, Some(7 | 8)) | (Self::H265, Some(32..=34)) => {
                    let end = start_code(nal, 0).unwrap_or(nal.len());
                    let mut nal = nal.get(..end).unwrap_or_default();
                    while let [before @ .., 0] = nal {
                        nal = before;
                    }
                    out.insert(nal.to_vec());
                }
                _ => {}
            }
        }
        out
    }

    fn kind(self, nal: &[u8]) -> Option<u8> {
        let first = *nal.first()?;
        Some(match self {
            Self::H264 => first & 0x1f,
            _ => first >> 1 & 0x3f,
        })
    }

    /// Whether the depayloader knows what to do with this RTP payload. It ends the whole stream at
    /// one that it does not know.
    pub(super) fn readable(self, payload: &[u8]) -> bool {
        match (self, self.kind(payload)) {
            (Self::Jpeg, _) | (_, None) => true,
            (Self::H264, kind) => matches!(kind, Some(1..=24 | 28)),
            (Self::H265, kind) => matches!(kind, Some(0..=40 | 48 | 49)),
        }
    }

    /// Whether an access unit is made of units with possible headers. GStreamer's parsers end the
    /// whole stream at some that are not.
    pub(super) fn sound(self, unit: &[u8]) -> bool {
        if self == Self::Jpeg {
            return unit.starts_with(&[0xff, 0xd8]);
        }
        let mut count = 0;
        for start in starts(unit) {
            let nal = unit.get(start..).unwrap_or_default();
            let end = nal
                .len()
                .min(start_code(nal.get(..NAL_HEAD).unwrap_or(nal), 0).unwrap_or(nal.len()));
            let nal = nal.get(..end).unwrap_or_default();
            let possible = match (self, nal) {
                (Self::H264, [head, _, ..]) => {
                    let extended = matches!(head & 0x1f, 14 | 20 | 21);
                    head & 0x80 == 0 && head & 0x1f != 0 && (!extended || nal.len() > 4)
                }
                (_, [head, second, _, ..]) => head & 0x80 == 0 && second & 7 != 0,
                _ => false,
            };
            if !possible {
                return false;
            }
            count += 1;
        }
        count > 0 && start_code(unit.get(..4).unwrap_or_default(), 0).is_some()
    }

    /// Whether a picture certainly begins with this RTP payload, so that a loss before it does not
    /// touch it.
    pub(super) fn begins(self, payload: &[u8]) -> bool {
        let first = match (self, payload) {
            // Fragment offset 0.
            (Self::Jpeg, _) => return matches!(payload, [_, 0, 0, 0, ..]),
            // Aggregation packets hold whole units, each behind two bytes of length.
            (Self::H264, [head, _, _, inner @ ..]) if head & 0x1f == 24 => inner,
            (Self::H265, [head, _, _, _, inner @ ..]) if head >> 1 & 0x3f == 48 => inner,
            _ => payload,
        };
        // A delimiter, or the first of the parameter sets.
        match self {
            Self::H264 => matches!(self.kind(first), Some(7 | 9)),
            _ => matches!(self.kind(first), Some(32 | 35)),
        }
    }
}

/// Whether this SEI holds a recovery point at this very picture (H.264, D.1.8) as its first message.
/// Further messages are looked at as far as their sizes are told without escapes.
fn exact_recovery_point(nal: &[u8]) -> bool {
    let mut rest = nal.get(1..).unwrap_or_default();
    while let [kind, size, body @ ..] = rest {
        if *kind == 6 {
            // recovery_frame_cnt is ue(v): a leading one bit is 0.
            return body.first().is_some_and(|first| first & 0x80 != 0);
        }
        match body.get(usize::from(*size)..) {
            Some(next) if *kind != 0xff && *size != 0xff => rest = next,
            _ => return false,
        }
    }
    false
}

/// Where the units begin, behind their start codes.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        from = start_code(bytes, from)? + 3;
        Some(from)
    })
    .take(NALS_MAX)
}

fn start_code(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(3).position(|w| w == [0, 0, 1]).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(nals: &[&[u8]]) -> Vec<u8> {
        nals.iter().flat_map(|nal| [&[0, 0, 0, 1][..], nal].concat()).collect()
    }

    #[test]
    fn keys_of_h264() {
        let of = |nals: &[&[u8]]| Codec::H264.contents(&unit(nals));
        let idr = of(&[&[9, 0x10], &[0x67, 1], &[0x68, 2], &[0x65, 3]]);
        assert_eq!(idr, Contents { picture: true, key: true });
        assert_eq!(of(&[&[0x41, 9]]), Contents { picture: true, key: false });
        assert_eq!(of(&[&[0x67, 1], &[0x68, 2]]), Contents { picture: false, key: false });
        // User data, then a recovery point at once; one four frames on; none at all.
        assert!(of(&[&[6, 5, 2, 7, 7, 6, 1, 0xc4, 0x80], &[0x41, 9]]).key);
        assert!(!of(&[&[6, 6, 1, 0x29, 0x80], &[0x41, 9]]).key);
        assert!(!of(&[&[6, 1, 1, 0x80], &[0x41, 9]]).key);
    }

    #[test]
    fn keys_of_h265_and_jpeg() {
        let of = |kind: u8| Codec::H265.contents(&unit(&[&[kind << 1, 1, 7]]));
        assert!(of(19).key && of(21).key && !of(1).key && of(1).picture && !of(33).picture);
        assert!(Codec::Jpeg.contents(&[]).key);
    }

    #[test]
    fn parameter_sets_are_told_apart() {
        let one = unit(&[&[0x67, 1], &[0x68, 2], &[0x65, 3]]);
        let two = unit(&[&[0x67, 1], &[0x68, 2], &[0x65, 4, 4]]);
        let other = unit(&[&[0x67, 1, 2], &[0x68], &[0x65, 3]]);
        let of = |unit: &[u8]| Codec::H264.parameter_sets(unit);
        assert_eq!(of(&one), [vec![0x67, 1], vec![0x68, 2]].into());
        assert_eq!(of(&one), of(&two));
        assert_ne!(of(&one), of(&other));
    }

    #[test]
    fn rubbish_is_told_from_units() {
        let sound = |nals: &[&[u8]]| Codec::H264.sound(&unit(nals));
        assert!(sound(&[&[9, 0x10], &[0x67, 1], &[0x65, 3]]));
        assert!(!sound(&[&[9, 0x10], &[0x80, 1]]) && !sound(&[&[0x65]]) && !sound(&[&[0x40, 1]]));
        assert!(!sound(&[&[0x74, 1, 1]]) && !Codec::H264.sound(&[0x65; 30]) && !sound(&[]));
        assert!(Codec::H265.sound(&unit(&[&[64, 1, 9], &[38, 1, 9]])));
        assert!(!Codec::H265.sound(&unit(&[&[64, 0, 9]])));
    }

    #[test]
    fn beginnings() {
        assert!(Codec::H264.begins(&[0x67, 1]) && Codec::H264.begins(&[0x78, 0, 9, 0x67]));
        assert!(!Codec::H264.begins(&[0x65, 1]) && !Codec::H264.begins(&[28, 0x85]));
        assert!(Codec::H265.begins(&[64, 1]) && Codec::H265.begins(&[96, 1, 0, 9, 64, 1]));
        assert!(!Codec::H265.begins(&[38, 1]) && !Codec::H265.begins(&[]));
        assert!(Codec::Jpeg.begins(&[0, 0, 0, 0, 1]) && !Codec::Jpeg.begins(&[0, 0, 4, 0, 1]));
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(
            bytes in proptest::collection::vec(prop_oneof![Just(0u8), Just(1u8), any::<u8>()], 0..120),
        ) {
            for codec in [Codec::H264, Codec::H265, Codec::Jpeg] {
                let _ = (codec.contents(&bytes), codec.begins(&bytes));
                let sets = codec.parameter_sets(&bytes);
                let size: usize = sets.iter().map(Vec::len).sum();
                prop_assert!(size <= bytes.len());
                let _ = (codec.readable(&bytes), codec.sound(&bytes));
            }
        }
    }
}
