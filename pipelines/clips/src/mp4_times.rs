//! Takes the clock out of an MP4: its headers say when the file was made, so that two of the same pictures
//! would differ (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2).

/// Sets the times at which movie, tracks and media were created and modified to zero, which means unknown.
/// False where the bytes have no such headers.
pub(crate) fn forget(mp4: &mut [u8]) -> bool {
    let mut found = 0;
    within(mp4, 0, &mut found);
    found >= 3
}

/// Boxes inside of boxes that lead to the headers.
const DEPTH_MAX: usize = 4;

fn within(mut bytes: &mut [u8], depth: usize, found: &mut usize) {
    while bytes.len() >= 8 {
        let mut word = [0; 4];
        word.copy_from_slice(&bytes[..4]);
        let size = match u32::from_be_bytes(word) as usize {
            0 => bytes.len(),
            // A size of 64 bits is for pictures, not for headers; past it nothing is looked for.
            1 => match bytes.get(8..16).and_then(|size| <[u8; 8]>::try_from(size).ok()) {
                Some(size) => usize::try_from(u64::from_be_bytes(size)).unwrap_or(usize::MAX),
                None => return,
            },
            size => size,
        };
        if size < 8 || size > bytes.len() {
            return;
        }
        let (this, rest) = bytes.split_at_mut(size);
        let (head, body) = this.split_at_mut(8);
        match &head[4..] {
            b"moov" | b"trak" | b"mdia" if depth < DEPTH_MAX => within(body, depth + 1, found),
            b"mvhd" | b"tkhd" | b"mdhd" => {
                let length = if body.first() == Some(&1) { 16 } else { 8 };
                if let Some(times) = body.get_mut(4..4 + length) {
                    times.fill(0);
                    *found += 1;
                }
            }
            _ => {}
        }
        bytes = rest;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mp4_box(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&((body.len() + 8) as u32).to_be_bytes(), &kind[..], body].concat()
    }

    #[test]
    fn the_times_are_gone_and_nothing_else() {
        let head = |version: u8| [&[version, 0, 0, 0][..], &[7; 24]].concat();
        let file = |version: u8| {
            let media = mp4_box(b"mdia", &mp4_box(b"mdhd", &head(version)));
            let track = mp4_box(b"trak", &[mp4_box(b"tkhd", &head(version)), media].concat());
            let movie = mp4_box(b"moov", &[mp4_box(b"mvhd", &head(version)), track].concat());
            [mp4_box(b"ftyp", b"isom"), movie, mp4_box(b"mdat", b"mvhd")].concat()
        };
        for (version, gone) in [(0, 3 * 8), (1, 3 * 16)] {
            let before = file(version);
            let mut after = before.clone();
            assert!(forget(&mut after));
            let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
            assert_eq!((changed, after.len()), (gone, before.len()));
        }
        assert!(!forget(&mut b"no such file".to_vec()));
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            bytes.splice(0..0, *b"\0\0\0\x60moov");
            forget(&mut bytes);
        }
    }
}
