//! Says why a file is not a package, and where.

use super::write::directory;
use super::{HEADER_BYTES, HEADER_SIGNATURE, u16_at, u32_at};
use crate::part::{COUNT, Part, name_fault};
use crate::place::{Place, Problem};

/// Longest name that is shown.
const NAME_SHOWN_MAX: usize = 60;

/// Why the layout of the file cannot be told.
pub(super) fn refuse(bytes: &[u8]) -> Problem {
    if bytes.is_empty() {
        return Problem::new(Place::Whole, "it is empty");
    }
    if !bytes.starts_with(&HEADER_SIGNATURE[..bytes.len().min(4)]) {
        return Problem::new(Place::Whole, "it is not a ZIP file, so it is no package");
    }
    let (mut at, mut sizes, mut crcs) = (0_usize, [0; COUNT], [0; COUNT]);
    for part in Part::ALL {
        let body = match entry(bytes, at, part) {
            Ok(body) => body,
            Err(problem) => return problem,
        };
        sizes[part.index()] = body.len();
        crcs[part.index()] = crc32fast::hash(body);
        at += HEADER_BYTES + part.name().len() + body.len();
    }
    let rest = bytes.get(at..).unwrap_or_default();
    tail(rest, &directory(&sizes, &crcs))
}

/// What follows the last part, against what must.
fn tail(rest: &[u8], expected: &[u8]) -> Problem {
    if let Some(more) = rest.strip_prefix(expected) {
        let what = format!("{} bytes stand after it; nothing may", more.len());
        return Problem::new(Place::End, what);
    }
    if expected.starts_with(rest) {
        let (found, wanted) = (rest.len(), expected.len());
        let what = format!("the file ends inside it, after {found} of its {wanted} bytes");
        return Problem::new(Place::Directory, what);
    }
    if rest.starts_with(HEADER_SIGNATURE) {
        let name = name_of(rest, 0);
        let what = match std::str::from_utf8(&name).ok().and_then(Part::parse) {
            Some(part) => format!("a second {part} stands where it should begin"),
            None => format!("an entry more, {}, stands where it should begin", shown(&name)),
        };
        return Problem::new(Place::Directory, what);
    }
    let at = rest.iter().zip(expected).position(|(a, b)| a != b).unwrap_or_default();
    let more = if rest.len() == expected.len() {
        String::new()
    } else {
        format!(", and it has {} bytes in place of {}", rest.len(), expected.len())
    };
    Problem::new(Place::Directory, format!("byte {at} of it is not what the parts ask for{more}"))
}

/// The bytes of the part whose header stands at `at`.
fn entry(bytes: &[u8], at: usize, part: Part) -> Result<&[u8], Problem> {
    let header = Place::Header(part);
    let wanted = HEADER_BYTES + part.name().len();
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.len() < HEADER_BYTES {
        let what = format!("the file ends inside it, after {} of its {wanted} bytes", rest.len());
        return Err(Problem::new(header, what));
    }
    if let Some(fault) = fault(rest, part) {
        return Err(Problem::new(header, fault));
    }
    let size = u32_at(rest, 18).unwrap_or_default() as usize;
    if size > part.bytes_max() {
        let max = part.bytes_max();
        let what = format!("it is said to have {size} bytes; it may have at most {max}");
        return Err(Problem::new(Place::Part(part), what));
    }
    let body = rest.get(wanted..).unwrap_or_default();
    body.get(..size).ok_or_else(|| {
        let what = format!("the file ends inside it, after {} of its {size} bytes", body.len());
        Problem::new(Place::Part(part), what)
    })
}

/// What a header that is not as it must be says.
pub(super) fn header_fault(part: Part, found: &[u8], expected: &[u8]) -> String {
    if let Some(fault) = fault(found, part) {
        return fault;
    }
    let at = found.iter().zip(expected).position(|(a, b)| a != b).unwrap_or_default();
    let field = match at {
        0..4 => "signature",
        4..6 => "version",
        10..14 => "time",
        14..18 => "checksum",
        18..26 => "size",
        _ => "header",
    };
    format!("byte {at} of it ({field}) is not what the part asks for")
}

/// What is wrong with the header before `part` at the start of `rest`, by itself.
fn fault(rest: &[u8], part: Part) -> Option<String> {
    if !rest.starts_with(HEADER_SIGNATURE) {
        return Some(if rest.starts_with(super::ENTRY_SIGNATURE) {
            format!("the directory begins where it should stand: {part} is missing")
        } else {
            "its signature is not there".to_owned()
        });
    }
    let two = |at| u16_at(rest, at).unwrap_or_default();
    let four = |at| u32_at(rest, at).unwrap_or_default();
    let name = name_of(rest, 0);
    if name != part.name().as_bytes() {
        return Some(other_name(part, &name));
    }
    if two(4) >= 45 || four(18) == u32::MAX || four(22) == u32::MAX {
        return Some("it is a ZIP64 header; a package needs none".to_owned());
    }
    if two(6) & 1 != 0 {
        return Some("the part is said to be encrypted; a package hides nothing".to_owned());
    }
    if two(8) != 0 {
        let method = two(8);
        return Some(format!(
            "the part is said to be compressed (method {method}); parts are stored"
        ));
    }
    if two(28) != 0 {
        return Some(format!("it has {} bytes of extra fields; there may be none", two(28)));
    }
    if two(6) != 0 {
        return Some(format!("its flags are {:04x}; they must be 0", two(6)));
    }
    if four(18) != four(22) {
        let (a, b) = (four(18), four(22));
        return Some(format!("its two sizes, {a} and {b}, differ"));
    }
    None
}

fn other_name(part: Part, name: &[u8]) -> String {
    let shown = shown(name);
    if let Some(fault) = name_fault(name) {
        return format!("it names {shown}: {fault}");
    }
    let known = std::str::from_utf8(name).ok().and_then(Part::parse);
    match known {
        Some(other) if other < part => format!("it names {shown}, which is there already"),
        Some(_) => format!("it names {shown}; {part} must stand here"),
        None => format!("it names {shown}, which is no part of a package"),
    }
}

fn name_of(bytes: &[u8], at: usize) -> Vec<u8> {
    let length = usize::from(u16_at(bytes, at + 26).unwrap_or_default());
    let rest = bytes.get(at + HEADER_BYTES..).unwrap_or_default();
    rest.get(..length.min(rest.len())).unwrap_or_default().to_vec()
}

fn shown(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let cut: String = text.chars().take(NAME_SHOWN_MAX).collect();
    let dots = if cut.len() < text.len() { "..." } else { "" };
    format!("`{}{dots}`", cut.escape_debug())
}
