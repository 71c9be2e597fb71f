//! `Range` of a part (RFC 9110, section 14): one range of bytes, so that a player can seek in the clip.

use std::ops::Range;

/// What of a part is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it: no range, or one that a server may ignore (several ranges, another unit, nonsense).
    Whole,
    /// These bytes.
    Bytes(Range<usize>),
    /// Nothing that is there.
    Beyond,
}

/// Reads the header for a part of so many bytes.
#[must_use]
pub fn asked(header: Option<&str>, size: usize) -> Asked {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else {
        return Asked::Whole;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large for memory is a place beyond the end.
    let number = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
    match (first.trim(), last.trim()) {
        ("", suffix) if digits(suffix) => match number(suffix).min(size) {
            0 => Asked::Beyond,
            length => Asked::Bytes(size - length..size),
        },
        (first, "") if digits(first) => match number(first) {
            first if first < size => Asked::Bytes(first..size),
            _ => Asked::Beyond,
        },
        (first, last) if digits(first) && digits(last) => {
            let (first, last) = (number(first), number(last));
            if first > last {
                Asked::Whole
            } else if first >= size {
                Asked::Beyond
            } else {
                Asked::Bytes(first..last.saturating_add(1).min(size))
            }
        }
        _ => Asked::Whole,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_as_the_specification_reads_them() {
        let of = |header: &str| asked(Some(header), 100);
        assert_eq!(of("bytes=0-9"), Asked::Bytes(0..10));
        assert_eq!(of("bytes=90-"), Asked::Bytes(90..100));
        assert_eq!(of("bytes=-5"), Asked::Bytes(95..100));
        assert_eq!(of("bytes=-500"), Asked::Bytes(0..100));
        assert_eq!(of("bytes=0-99999999999999999999999"), Asked::Bytes(0..100));
        assert_eq!(of("bytes=100-"), Asked::Beyond);
        assert_eq!(of("bytes=-0"), Asked::Beyond);
        for ignored in ["bytes=5-2", "bytes=0-1,5-6", "lines=0-1", "bytes=", "bytes=a-b", "0-1"] {
            assert_eq!(of(ignored), Asked::Whole, "{ignored}");
        }
        assert_eq!(asked(None, 100), Asked::Whole);
        assert_eq!(asked(Some("bytes=0-0"), 0), Asked::Beyond);
    }

    proptest! {
        #[test]
        fn no_header_leads_out_of_the_part(header in ".{0,40}", size in 0_usize..1_000) {
            for header in [header.clone(), format!("bytes={header}")] {
                if let Asked::Bytes(range) = asked(Some(&header), size) {
                    prop_assert!(range.start < range.end && range.end <= size);
                }
            }
        }

        #[test]
        fn a_sound_range_gives_its_bytes(first in 0_usize..1_000, more in 0_usize..1_000) {
            let header = format!("bytes={first}-{}", first + more);
            let wanted = if first < 500 {
                Asked::Bytes(first..(first + more + 1).min(500))
            } else {
                Asked::Beyond
            };
            prop_assert_eq!(asked(Some(&header), 500), wanted);
        }
    }
}
