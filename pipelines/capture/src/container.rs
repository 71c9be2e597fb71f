//! Whether a file holds all that its own headers promise.
//!
//! GStreamer's demuxers end a file that was cut off as if it had ended well. The outermost headers
//! of MP4 (ISO/IEC 14496-12, 4.2), AVI (RIFF) and Matroska (RFC 9559, RFC 8794) tell the difference
//! without reading the pictures.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// What is wrong with a file as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// An MP4 without its index (`moov`): no frame can be read.
    NoIndex,
    /// The file ends before its contents do.
    CutOff {
        /// Bytes that the headers promise.
        promised: u64,
        /// Bytes there are.
        found: u64,
    },
}

impl Damage {
    /// The cause in words.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::NoIndex => "the MP4 has no index (`moov` box)".to_owned(),
            Self::CutOff { promised, found } => {
                format!("the file ends early, after {found} of {promised} bytes")
            }
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoIndex => {
                "The recording was not finished, or the copy was cut off; fetch it again. Recorders that write fragmented MP4 or MKV keep what they have"
            }
            Self::CutOff { .. } => "The copy or the recording was cut off; fetch it again",
        }
    }
}

/// Boxes or chunks looked at before giving up (then the file counts as whole).
const HEADERS_MAX: usize = 1_000_000;

/// Looks at the headers of an MP4, AVI or Matroska file; other files count as whole.
///
/// # Errors
/// When the file cannot be read.
pub fn check_container(path: &Path) -> io::Result<Option<Damage>> {
    check(&mut io::BufReader::new(File::open(path)?))
}

pub(crate) fn check(file: &mut (impl Read + Seek)) -> io::Result<Option<Damage>> {
    let length = file.seek(SeekFrom::End(0))?;
    let head = bytes::<12>(file, 0)?;
    match &head {
        [_, _, _, _, b'f', b't', b'y', b'p', ..]
        | [_, _, _, _, b'm', b'o', b'o', b'v', ..]
        | [_, _, _, _, b'm', b'd', b'a', b't', ..]
        | [_, _, _, _, b'w', b'i', b'd', b'e', ..] => mp4(file, length),
        [b'R', b'I', b'F', b'F', ..] => riff(file, length),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => matroska(file, length),
        _ => Ok(None),
    }
}

/// Bytes at a place; zeros beyond the end.
fn bytes<const N: usize>(file: &mut (impl Read + Seek), at: u64) -> io::Result<[u8; N]> {
    let mut out = [0; N];
    file.seek(SeekFrom::Start(at))?;
    let mut filled = 0;
    while filled < N {
        match file.read(&mut out[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(out)
}

fn mp4(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<Damage>> {
    let (mut at, mut index) = (0u64, false);
    for _ in 0..HEADERS_MAX {
        // Fewer than eight bytes at the end are padding.
        if length.saturating_sub(at) < 8 {
            break;
        }
        let head = bytes::<16>(file, at)?;
        let [s0, s1, s2, s3, kind @ .., _, _, _, _, _, _, _, _] = head;
        let (short, long) = (u32::from_be_bytes([s0, s1, s2, s3]), &head[8..]);
        let size = match short {
            0 => length - at,
            1 => long.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
            size => u64::from(size),
        };
        if size < 8 || !kind.iter().all(|b| (0x20..0x7f).contains(b) || *b == 0xa9) {
            // No box: rubbish after the last one.
            break;
        }
        let end = at.saturating_add(size);
        if end > length {
            // An index that is itself cut off is no index.
            return Ok(Some(if index {
                Damage::CutOff { promised: end, found: length }
            } else {
                Damage::NoIndex
            }));
        }
        index |= &kind == b"moov";
        at = end;
    }
    Ok((!index).then_some(Damage::NoIndex))
}

fn riff(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<Damage>> {
    let mut at = 0u64;
    for _ in 0..HEADERS_MAX {
        let head = bytes::<8>(file, at)?;
        let [b'R', b'I', b'F', b'F', s0, s1, s2, s3] = head else { break };
        let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        if size == 0 {
            break;
        }
        let end = at + 8 + size;
        if end > length {
            return Ok(Some(Damage::CutOff { promised: end, found: length }));
        }
        at = end + size % 2;
        if at >= length {
            break;
        }
    }
    Ok(None)
}

fn matroska(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<Damage>> {
    const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];
    // The EBML header, then the segment with everything else in it.
    let Some((size, width)) = vint(bytes(file, 4)?) else { return Ok(None) };
    let at = (4 + width).saturating_add(size);
    if at >= length {
        return Ok(None);
    }
    if bytes::<4>(file, at)? != SEGMENT {
        return Ok(None);
    }
    let Some((size, width)) = vint(bytes(file, at + 4)?) else { return Ok(None) };
    let promised = (at + 4 + width).saturating_add(size);
    Ok((promised > length).then_some(Damage::CutOff { promised, found: length }))
}

/// A variable-length size and its own width in bytes; none when it is "unknown".
fn vint(raw: [u8; 8]) -> Option<(u64, u64)> {
    let width = raw[0].leading_zeros() as usize + 1;
    if width > 8 {
        return None;
    }
    let value = raw[..width].iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let bits = 7 * width as u32;
    let value = value & ((1 << bits) - 1);
    (value != (1 << bits) - 1).then_some((value, width as u64))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn mp4_box(kind: &[u8; 4], body: usize) -> Vec<u8> {
        let mut out = ((body + 8) as u32).to_be_bytes().to_vec();
        out.extend_from_slice(kind);
        out.resize(body + 8, 0);
        out
    }

    fn whole(bytes: &[u8]) -> Option<Damage> {
        check(&mut Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn an_mp4_with_the_index_first_or_last() {
        let (ftyp, moov, mdat) =
            (mp4_box(b"ftyp", 16), mp4_box(b"moov", 40), mp4_box(b"mdat", 100));
        let first = [ftyp.clone(), moov.clone(), mdat.clone()].concat();
        let last = [ftyp, mdat, moov].concat();
        assert_eq!(whole(&first), None);
        assert_eq!(whole(&last), None);
        let cut = whole(&first[..150]);
        assert_eq!(cut, Some(Damage::CutOff { promised: 180, found: 150 }));
        assert_eq!(whole(&last[..150]), Some(Damage::NoIndex));
        assert_eq!(whole(&first[..40]), Some(Damage::NoIndex));
    }

    #[test]
    fn an_avi_and_a_matroska_file() {
        let mut avi = b"RIFF\x40\0\0\0AVI ".to_vec();
        avi.resize(72, 0);
        assert_eq!(whole(&avi), None);
        assert_eq!(whole(&avi[..50]), Some(Damage::CutOff { promised: 72, found: 50 }));

        let mut mkv = vec![0x1a, 0x45, 0xdf, 0xa3, 0x83, 1, 2, 3, 0x18, 0x53, 0x80, 0x67, 0x40, 50];
        mkv.resize(64, 0);
        assert_eq!(whole(&mkv), None);
        assert_eq!(whole(&mkv[..40]), Some(Damage::CutOff { promised: 64, found: 40 }));
        // A size of all ones is unknown: a live recording.
        mkv[12..14].copy_from_slice(&[0x7f, 0xff]);
        assert_eq!(whole(&mkv[..40]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(
            start in 0usize..4, mut bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let heads: [&[u8]; 4] = [b"", b"\0\0\0\x08ftyp", b"RIFF", &[0x1a, 0x45, 0xdf, 0xa3]];
            bytes.splice(0..0, heads[start].iter().copied());
            let _ = whole(&bytes);
        }
    }
}
