//! Encodes parts.

use super::{
    DATE, DIRECTORY_BYTES, END_SIGNATURE, ENTRY_SIGNATURE, Each, HEADER_BYTES, HEADER_SIGNATURE,
    VERSION,
};
use crate::part::{COUNT, Part};

/// The file of these parts. Each is within its bound.
pub(crate) fn encode(parts: &Each<&[u8]>) -> Vec<u8> {
    let crcs = parts.map(crc32fast::hash);
    let sizes = parts.map(<[u8]>::len);
    let heads: usize = Part::ALL.iter().map(|part| HEADER_BYTES + part.name().len()).sum();
    let mut out = Vec::with_capacity(heads + sizes.iter().sum::<usize>() + DIRECTORY_BYTES);
    for part in Part::ALL {
        out.extend(header(part, sizes[part.index()], crcs[part.index()]));
        out.extend_from_slice(parts[part.index()]);
    }
    out.extend(directory(&sizes, &crcs));
    out
}

/// The header before a part, with its name.
pub(super) fn header(part: Part, size: usize, crc: u32) -> Vec<u8> {
    let mut out = HEADER_SIGNATURE.to_vec();
    common(&mut out, part, size, crc);
    out.extend_from_slice(part.name().as_bytes());
    out
}

/// From version to extra length: the same in header and directory.
fn common(out: &mut Vec<u8>, part: Part, size: usize, crc: u32) {
    // Bounds keep every size far below 2^32.
    let size = (size as u32).to_le_bytes();
    out.extend(VERSION.to_le_bytes());
    // Flags, method, time.
    out.extend([0; 6]);
    out.extend(DATE.to_le_bytes());
    out.extend(crc.to_le_bytes());
    out.extend(size);
    out.extend(size);
    out.extend((part.name().len() as u16).to_le_bytes());
    out.extend([0; 2]);
}

/// The directory and the end record.
pub(super) fn directory(sizes: &Each<usize>, crcs: &Each<u32>) -> Vec<u8> {
    let mut out = Vec::with_capacity(DIRECTORY_BYTES);
    let mut offset = 0;
    for part in Part::ALL {
        let (size, crc) = (sizes[part.index()], crcs[part.index()]);
        out.extend_from_slice(ENTRY_SIGNATURE);
        out.extend(VERSION.to_le_bytes());
        common(&mut out, part, size, crc);
        // Comment length, disk, attributes inside and outside.
        out.extend([0; 10]);
        out.extend((offset as u32).to_le_bytes());
        out.extend_from_slice(part.name().as_bytes());
        offset += HEADER_BYTES + part.name().len() + size;
    }
    let bytes = out.len() as u32;
    out.extend_from_slice(END_SIGNATURE);
    // This disk, and the disk of the directory.
    out.extend([0; 4]);
    out.extend((COUNT as u16).to_le_bytes());
    out.extend((COUNT as u16).to_le_bytes());
    out.extend(bytes.to_le_bytes());
    out.extend((offset as u32).to_le_bytes());
    out.extend([0; 2]);
    out
}
