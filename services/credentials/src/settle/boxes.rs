//! The boxes of JUMBF (ISO/IEC 19566-5), as far as salts need them.

use std::ops::Range;

/// Length and type.
pub(crate) const HEADER_BYTES: usize = 8;
const UUID_BYTES: usize = 16;

/// A superbox: a box that has a description and other boxes in it. All ranges are in the whole store.
#[derive(Clone, Debug)]
pub(crate) struct JumbfBox {
    /// What its description calls it.
    pub label: String,
    /// With its header.
    pub whole: Range<usize>,
    /// What follows its description.
    pub children: Range<usize>,
    /// The salt in its description.
    pub salt: Option<Range<usize>>,
}

/// The superboxes that lie in `range` one after the other; other boxes are left out.
pub(crate) fn superboxes(store: &[u8], range: Range<usize>) -> Result<Vec<JumbfBox>, String> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let (kind, whole) = header(store, at, range.end)?;
        if &kind == b"jumb" {
            found.push(superbox(store, whole.clone())?);
        }
        at = whole.end;
    }
    Ok(found)
}

fn header(store: &[u8], at: usize, end: usize) -> Result<([u8; 4], Range<usize>), String> {
    let odd = || format!("a box at byte {at} of the manifest does not fit");
    let bytes = store.get(at..at + HEADER_BYTES).ok_or_else(odd)?;
    let length = bytes.iter().take(4).fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte));
    let kind = [bytes[4], bytes[5], bytes[6], bytes[7]];
    if length < HEADER_BYTES || at + length > end {
        return Err(odd());
    }
    Ok((kind, at..at + length))
}

fn superbox(store: &[u8], whole: Range<usize>) -> Result<JumbfBox, String> {
    let (kind, description) = header(store, whole.start + HEADER_BYTES, whole.end)?;
    let odd =
        || format!("a description at byte {} of the manifest does not fit", description.start);
    if &kind != b"jumd" {
        return Err(odd());
    }
    let toggles_at = description.start + HEADER_BYTES + UUID_BYTES;
    let toggles = *store.get(toggles_at).ok_or_else(odd)?;
    let rest = store.get(toggles_at + 1..description.end).ok_or_else(odd)?;
    let end = rest.iter().position(|byte| *byte == 0).ok_or_else(odd)?;
    let label = String::from_utf8_lossy(&rest[..end]).into_owned();
    // Toggles: 2 a label, 4 an id of four bytes, 8 a digest of 32 bytes, 16 a private box: the salt.
    let mut at = toggles_at + 1 + end + 1;
    at += if toggles & 4 == 0 { 0 } else { 4 };
    at += if toggles & 8 == 0 { 0 } else { 32 };
    let salt = if toggles & 16 == 0 {
        None
    } else {
        let (_, private) = header(store, at, description.end)?;
        Some(private.start + HEADER_BYTES..private.end)
    };
    Ok(JumbfBox { label, children: description.end..whole.end, whole, salt })
}
