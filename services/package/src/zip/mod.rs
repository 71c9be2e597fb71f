//! The container: a ZIP file of one strict form.
//!
//! Every entry is stored, never compressed. Version, flags, time and attributes are fixed, there are no
//! extra fields and no comments, and the entries are the parts in their order. So the parts alone
//! decide every byte of the file, and a file that differs anywhere from what its parts encode to is
//! refused. Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.

mod read;
mod refuse;
mod write;

pub(crate) use read::{Read, places, read};
pub(crate) use write::encode;

use crate::part::{COUNT, Part};

/// Bytes of a local header without the name.
const HEADER_BYTES: usize = 30;
/// Bytes of a directory entry without the name.
const ENTRY_BYTES: usize = 46;
/// Bytes of the end record.
const END_BYTES: usize = 22;

const HEADER_SIGNATURE: &[u8] = b"PK\x03\x04";
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
const END_SIGNATURE: &[u8] = b"PK\x05\x06";

/// Version 1.0: stored files.
const VERSION: u16 = 10;
/// 1980-01-01, the first day of this calendar.
const DATE: u16 = 0x0021;

/// One value for each part.
type Each<T> = [T; COUNT];

/// Bytes of the directory and the end record: the names are fixed, so these are too.
const DIRECTORY_BYTES: usize = {
    let mut bytes = END_BYTES;
    let mut index = 0;
    while index < COUNT {
        bytes += ENTRY_BYTES + Part::ALL[index].name().len();
        index += 1;
    }
    bytes
};

/// A number of 4 bytes at `at`, the lowest first; none beyond the end.
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// A number of 2 bytes at `at`, the lowest first; none beyond the end.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}
