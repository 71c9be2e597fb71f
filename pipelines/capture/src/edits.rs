//! What the index of an MP4 (ISO/IEC 14496-12) says about its first video track: how many frames
//! are stored (8.7.3), and by the edit list (8.6.6) which part of them is shown.
//!
//! A clip that was cut without encoding it anew starts with hidden frames, from the key frame
//! before the cut. GStreamer's demuxer (1.22) counts them towards the length and so leaves out as
//! much of the end, without a word. The length that the list promises shows it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// An index larger than this is not read.
const INDEX_BYTES_MAX: u64 = 256 << 20;

/// The first video track of an MP4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Track {
    /// Frames stored; zero in a fragmented file.
    pub(crate) frames: u64,
    /// Its edit list, where it has one that shows something.
    pub(crate) edits: Option<Edits>,
}

/// What the edit list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edits {
    /// Length of what is hidden before the first shown frame, reordering delay included.
    pub(crate) hidden: Duration,
    /// Length of what is shown.
    pub(crate) shown: Duration,
}

/// The first video track; none when there is none, or this is no MP4.
pub(crate) fn read_track(path: &Path) -> io::Result<Option<Track>> {
    find_track(&mut File::open(path)?)
}

/// The same, wherever the file is.
pub(crate) fn find_track(file: &mut (impl Read + Seek)) -> io::Result<Option<Track>> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut at = 0u64;
    while at + 8 <= length {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        let read = file.read(&mut head)?;
        let Some((size, start)) = box_size(&head[..read], length - at) else { break };
        if &head[4..8] == b"moov" {
            if size > INDEX_BYTES_MAX {
                break;
            }
            let mut moov = Vec::new();
            file.seek(SeekFrom::Start(at + start))?;
            file.by_ref().take(size - start).read_to_end(&mut moov)?;
            return Ok(track(&moov));
        }
        at += size;
    }
    Ok(None)
}

/// Size of a box and of its header.
fn box_size(head: &[u8], rest: u64) -> Option<(u64, u64)> {
    let short = u32::from_be_bytes(head.get(..4)?.try_into().ok()?);
    let (size, start) = match short {
        0 => (rest, 8),
        1 => (u64::from_be_bytes(head.get(8..16)?.try_into().ok()?), 16),
        size => (u64::from(size), 8),
    };
    (size >= start && size <= rest).then_some((size, start))
}

fn track(moov: &[u8]) -> Option<Track> {
    let movie_scale = time_scale(child(moov, b"mvhd")?)?;
    for trak in children(moov).filter(|(kind, _)| kind == b"trak").map(|(_, body)| body) {
        let mdia = child(trak, b"mdia")?;
        if child(mdia, b"hdlr")?.get(8..12) != Some(b"vide") {
            continue;
        }
        let scale = time_scale(child(mdia, b"mdhd")?)?;
        let table = child(mdia, b"minf").and_then(|minf| child(minf, b"stbl"));
        let sizes = table.and_then(|stbl| child(stbl, b"stsz"));
        let list = child(trak, b"edts").and_then(|edts| child(edts, b"elst"));
        return Some(Track {
            frames: sizes.and_then(|stsz| number(stsz, 8, 4)).unwrap_or(0),
            edits: list.and_then(|list| from_list(list, movie_scale, scale)),
        });
    }
    None
}

fn from_list(list: &[u8], movie_scale: u32, media_scale: u32) -> Option<Edits> {
    let long = *list.first()? == 1;
    let width = if long { 20 } else { 12 };
    let (mut shown, mut hidden) = (0u64, None);
    for entry in list.get(8..)?.chunks_exact(width) {
        let (length, start) = if long {
            (number(entry, 0, 8)?, i64::from_be_bytes(entry.get(8..16)?.try_into().ok()?))
        } else {
            (number(entry, 0, 4)?, i32::from_be_bytes(entry.get(4..8)?.try_into().ok()?).into())
        };
        // A start of -1 is a pause before the pictures, which is not part of them.
        if let Ok(start) = u64::try_from(start) {
            hidden.get_or_insert(start);
            shown = shown.saturating_add(length);
        }
    }
    let time = |n: u64, scale: u32| {
        (scale > 0).then(|| Duration::try_from_secs_f64(n as f64 / f64::from(scale)).ok())?
    };
    Some(Edits { hidden: time(hidden?, media_scale)?, shown: time(shown, movie_scale)? })
        .filter(|edits| !edits.shown.is_zero())
}

/// The time scale in a `mvhd` or `mdhd`.
fn time_scale(head: &[u8]) -> Option<u32> {
    let at = if *head.first()? == 1 { 20 } else { 12 };
    number(head, at, 4).and_then(|n| u32::try_from(n).ok())
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    Some(bytes.get(at..at + width)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn child<'a>(body: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    children(body).find(|(kind, _)| kind == wanted).map(|(_, body)| body)
}

fn children(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (size, start) = box_size(rest, rest.len() as u64)?;
        let kind = rest.get(4..8)?.try_into().ok()?;
        let (whole, next) = rest.split_at_checked(usize::try_from(size).ok()?)?;
        rest = next;
        Some((kind, &whole[start as usize..]))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mp4_box(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut out = ((body.len() + 8) as u32).to_be_bytes().to_vec();
        out.extend_from_slice(kind);
        out.extend_from_slice(body);
        out
    }

    fn head(scale: u32) -> Vec<u8> {
        [&[0; 12][..], &scale.to_be_bytes(), &[0; 8]].concat()
    }

    fn moov() -> Vec<u8> {
        let track = |handler: &[u8; 4], start: u32| {
            let hdlr = mp4_box(b"hdlr", &[&[0; 8][..], handler].concat());
            let sizes = mp4_box(b"stsz", &[0u32, 0, 28].map(u32::to_be_bytes).concat());
            let minf = mp4_box(b"minf", &mp4_box(b"stbl", &sizes));
            let mdia = mp4_box(b"mdia", &[mp4_box(b"mdhd", &head(12_800)), hdlr, minf].concat());
            let list = [0u32, 1, 1000, start, 65536].map(u32::to_be_bytes).concat();
            let edts = mp4_box(b"edts", &mp4_box(b"elst", &list));
            mp4_box(b"trak", &[edts, mdia].concat())
        };
        [mp4_box(b"mvhd", &head(1000)), track(b"soun", 0), track(b"vide", 2560)].concat()
    }

    #[test]
    fn the_video_track_counts() {
        let want = Edits { hidden: Duration::from_millis(200), shown: Duration::from_millis(1000) };
        assert_eq!(track(&moov()), Some(Track { frames: 28, edits: Some(want) }));
    }

    proptest! {
        #[test]
        fn damaged_indexes_end_without_a_panic(
            at in 0usize..500, byte in any::<u8>(), end in 0usize..520,
        ) {
            let mut bytes = moov();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(end);
            let _ = track(&bytes);
        }
    }
}
