//! Decodes a file, and finds every place where it is not what its parts encode to.
//!
//! Each size stands four times: twice in the header before a part, twice in the directory. The sizes
//! that most of them agree on, and that add up to the file, give the layout; so one damaged number
//! does not make the rest unreadable. Then each region is compared with what it must be.

use std::ops::Range;

use super::refuse::{header_fault, refuse};
use super::write::{directory, header};
use super::{DIRECTORY_BYTES, ENTRY_BYTES, Each, HEADER_BYTES, u32_at};
use crate::part::{COUNT, FILE_BYTES_MAX, Part};
use crate::place::{Place, Problem};

/// The parts of a file whose layout is known.
pub(crate) struct Read<'a> {
    /// The parts.
    pub(crate) parts: Each<&'a [u8]>,
    /// Every place that is not as it must be, in the order of the file.
    pub(crate) problems: Vec<Problem>,
}

/// Reads a file; nothing is copied.
///
/// # Errors
/// Where its layout cannot be told: it is no package, was cut off, or has more or other entries.
pub(crate) fn read(bytes: &[u8]) -> Result<Read<'_>, Problem> {
    if bytes.len() > FILE_BYTES_MAX {
        let (has, max) = (bytes.len(), FILE_BYTES_MAX);
        let what = format!("it has {has} bytes; a package has at most {max}");
        return Err(Problem::new(Place::Whole, what));
    }
    let Some(sizes) = sizes(bytes) else { return Err(refuse(bytes)) };
    let regions = regions(&sizes);
    let slice = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
    let mut parts: Each<&[u8]> = [&[]; COUNT];
    for (place, range) in &regions {
        if let Place::Part(part) = place {
            parts[part.index()] = slice(range);
        }
    }
    let stated_in_directory = directory_crcs(bytes);
    let mut crcs = [0; COUNT];
    let mut problems = Vec::new();
    for (place, range) in &regions {
        match *place {
            Place::Header(part) => {
                let (index, found) = (part.index(), slice(range));
                let computed = crc32fast::hash(parts[index]);
                let stated = u32_at(found, 14).unwrap_or_default();
                // Header and directory against the bytes: the bytes are what was changed.
                let changed = stated != computed && stated == stated_in_directory[index];
                crcs[index] = if changed { stated } else { computed };
                let expected = header(part, sizes[index], crcs[index]);
                if found != expected {
                    problems.push(Problem::new(*place, header_fault(part, found, &expected)));
                }
                if changed {
                    let what = format!(
                        "its bytes were changed: their checksum is {computed:08x}, and {stated:08x} is stated"
                    );
                    problems.push(Problem::new(Place::Part(part), what));
                }
            }
            Place::Directory => {
                let (found, expected) = (slice(range), directory(&sizes, &crcs));
                if let Some(at) = found.iter().zip(&expected).position(|(a, b)| a != b) {
                    let what = format!("byte {at} of it is not what the parts before it ask for");
                    problems.push(Problem::new(*place, what));
                }
            }
            _ => {}
        }
    }
    Ok(Read { parts, problems })
}

/// Every region of a sound file, in order: together they are the file.
pub(crate) fn places(parts: &Each<&[u8]>) -> Vec<(Place, Range<usize>)> {
    regions(&parts.map(<[u8]>::len))
}

fn regions(sizes: &Each<usize>) -> Vec<(Place, Range<usize>)> {
    let mut out = Vec::with_capacity(2 * COUNT + 1);
    let mut at = 0;
    let mut push = |place, bytes| {
        out.push((place, at..at + bytes));
        at += bytes;
    };
    for part in Part::ALL {
        push(Place::Header(part), HEADER_BYTES + part.name().len());
        push(Place::Part(part), sizes[part.index()]);
    }
    push(Place::Directory, DIRECTORY_BYTES);
    out
}

/// Which of the four statements of a size is believed.
#[derive(Clone, Copy)]
enum Believe {
    Most,
    Headers,
    Directory,
}

/// The sizes of the parts, where they add up to the file.
fn sizes(bytes: &[u8]) -> Option<Each<usize>> {
    [Believe::Most, Believe::Headers, Believe::Directory]
        .into_iter()
        .find_map(|believe| walk(bytes, believe))
}

fn walk(bytes: &[u8], believe: Believe) -> Option<Each<usize>> {
    let directory_at = bytes.len().checked_sub(DIRECTORY_BYTES)?;
    let (mut at, mut entry_at) = (0_usize, directory_at);
    let mut sizes = [0; COUNT];
    for part in Part::ALL {
        let name_bytes = part.name().len();
        let stated = [
            u32_at(bytes, at.checked_add(18)?)?,
            u32_at(bytes, at.checked_add(22)?)?,
            u32_at(bytes, entry_at + 20)?,
            u32_at(bytes, entry_at + 24)?,
        ];
        let size = match believe {
            Believe::Most => most(stated),
            Believe::Headers => stated[0],
            Believe::Directory => stated[2],
        };
        let size = usize::try_from(size).ok().filter(|size| *size <= part.bytes_max())?;
        sizes[part.index()] = size;
        at = at.checked_add(HEADER_BYTES + name_bytes + size)?;
        entry_at += ENTRY_BYTES + name_bytes;
        if at > directory_at {
            return None;
        }
    }
    (at == directory_at).then_some(sizes)
}

/// The value that stands most often; the first of those that stand equally often.
fn most(stated: [u32; 4]) -> u32 {
    let votes = |value: u32| stated.iter().filter(|other| **other == value).count();
    stated.into_iter().rev().max_by_key(|value| votes(*value)).unwrap_or_default()
}

/// The checksums that the directory states.
fn directory_crcs(bytes: &[u8]) -> Each<u32> {
    let mut at = bytes.len().saturating_sub(DIRECTORY_BYTES);
    Part::ALL.map(|part| {
        let crc = u32_at(bytes, at + 16).unwrap_or_default();
        at += ENTRY_BYTES + part.name().len();
        crc
    })
}
