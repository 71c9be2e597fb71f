//! What a file is by its first bytes. Decoders know many formats; some are texts that name other files and addresses,
//! which nobody may have this machine read. So only these are handed on.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Bytes at the beginning that are looked at.
const HEAD_BYTES: u64 = 16;

/// A format that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG or PNG.
    Picture,
    /// MP4, MOV, MKV, WebM or AVI.
    Recording,
}

/// The format of a file; none where it is none of them, or cannot be read.
#[must_use]
pub fn of(path: &Path) -> Option<Format> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
    of_head(&head)
}

/// The same of its first bytes.
#[must_use]
pub fn of_head(head: &[u8]) -> Option<Format> {
    let picture = head.starts_with(&[0xff, 0xd8, 0xff]) || head.starts_with(b"\x89PNG\r\n\x1a\n");
    let matroska = head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]);
    let avi = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ");
    // ISO 14496-12 and QuickTime: boxes, the type of the first behind its length.
    let boxes = [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"];
    let iso = head.get(4..8).is_some_and(|kind| boxes.iter().any(|known| kind == *known));
    if picture {
        Some(Format::Picture)
    } else if matroska || avi || iso {
        Some(Format::Recording)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_recordings_are_known() {
        assert_eq!(of_head(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(Format::Picture));
        assert_eq!(of_head(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(Format::Picture));
        for recording in
            [&b"\0\0\0\x20ftypisom"[..], b"\x1a\x45\xdf\xa3\x9f", b"RIFF\0\0\0\0AVI LIST"]
        {
            assert_eq!(of_head(recording), Some(Format::Recording), "{recording:?}");
        }
    }

    #[test]
    fn texts_that_name_other_places_are_not() {
        let others = [
            &b"#EXTM3U\nhttp://10.0.0.1/"[..],
            b"<svg xmlns=\"http:",
            b"<?xml version=\"1.",
            b"v=0\no=- 0 0 IN IP4",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"ffconcat version ",
            b"",
            b"\0\0\0",
        ];
        for other in others {
            assert_eq!(of_head(other), None, "{other:?}");
        }
    }
}
