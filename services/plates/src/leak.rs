//! Finds a plate where none may be. For tests: over logs, topics, databases, crash reports.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::{Plate, Purpose};

/// A plate that was found: where, and in which form. Does not repeat it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// How it was written.
    pub form: &'static str,
    /// Where it begins, bytes from the start.
    pub offset: usize,
}

/// Looks for the plate: as text of any case, with spaces, hyphens, dots and middle dots in it; as
/// UTF-16; in hex; in base64, at each of its three places; reversed.
///
/// Other letters and digits beside it do not hide it. A plate of three characters is found by chance
/// in long texts: tests use one of seven or more.
#[must_use]
pub fn find_plate(bytes: &[u8], plate: &Plate) -> Option<Leak> {
    let text = plate.expose(Purpose::LeakTest).as_bytes();
    let folded = fold(bytes);
    let backwards: Vec<u8> = text.iter().rev().copied().collect();
    for (form, wanted) in [("text", text), ("reversed text", &backwards)] {
        if let Some(offset) = folded.find(wanted) {
            return Some(Leak { form, offset });
        }
    }
    for lower in [false, true] {
        let text = if lower { text.to_ascii_lowercase() } else { text.to_vec() };
        let hex: String = text.iter().map(|byte| format!("{byte:02X}")).collect();
        if let Some(offset) = folded.find(hex.as_bytes()) {
            return Some(Leak { form: "hex", offset });
        }
        for shift in 0..3 {
            if let Some(offset) = find(bytes, base64_core(&text, shift).as_bytes()) {
                return Some(Leak { form: "base64", offset });
            }
        }
    }
    None
}

/// Fails a test where the plate is in `bytes`; `what` names them.
///
/// # Panics
/// Where it is found. The message says where, and not what.
pub fn assert_no_plate(what: &str, bytes: &[u8], plate: &Plate) {
    if let Some(leak) = find_plate(bytes, plate) {
        panic!("{what}: a plate leaks as {} at byte {} of {}", leak.form, leak.offset, bytes.len());
    }
}

/// Capitals without separators, and where each came from.
struct Folded {
    text: Vec<u8>,
    offsets: Vec<usize>,
}

impl Folded {
    fn find(&self, wanted: &[u8]) -> Option<usize> {
        self.offsets.get(find(&self.text, wanted)?).copied()
    }
}

/// A zero byte counts as a separator: that is UTF-16. So do the bytes of a middle dot and of dashes.
fn fold(bytes: &[u8]) -> Folded {
    let mut folded = Folded { text: Vec::new(), offsets: Vec::new() };
    for (offset, byte) in bytes.iter().enumerate() {
        if !matches!(byte, 0 | b' ' | b'-' | b'.' | b'_' | b'\t' | 0x80..) {
            folded.text.push(byte.to_ascii_uppercase());
            folded.offsets.push(offset);
        }
    }
    folded
}

/// The characters of base64 that depend on the text alone, where it begins `shift` bytes into a group
/// of three.
fn base64_core(text: &[u8], shift: usize) -> String {
    let padded = [vec![0; shift], text.to_vec()].concat();
    let encoded = STANDARD_NO_PAD.encode(&padded);
    // A character is six bits: those that overlap the bytes before, or end in a part of a group, go.
    let first = (shift * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_owned()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() {
        return None;
    }
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn plate() -> Plate {
        Plate::parse("W-12345 X").expect("a plate")
    }

    fn form(bytes: &[u8]) -> Option<&'static str> {
        find_plate(bytes, &plate()).map(|leak| leak.form)
    }

    #[test]
    fn finds_every_way_to_write_it() {
        for text in ["plate=W12345X", "w-12345 x", "\"W\u{b7}12345\u{2013}X\"", "kW1_23-45xy"] {
            assert_eq!(form(text.as_bytes()), Some("text"), "{text}");
        }
        let wide: Vec<u8> = "a W12345X".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(form(&wide), Some("text"));
        assert_eq!(form(b"..X54321W.."), Some("reversed text"));
        assert_eq!(form(b"57 31 32 33 34 35 58"), Some("hex"));
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "!", "!!"] {
                for text in ["W12345X", "w12345x"] {
                    let encoded = STANDARD.encode(format!("{before}{text}{after}"));
                    assert_eq!(form(encoded.as_bytes()), Some("base64"), "{encoded}");
                }
            }
        }
    }

    #[test]
    fn finds_nothing_where_nothing_is() {
        assert_eq!(form(b""), None);
        assert_eq!(form(b"W12345"), None);
        assert_eq!(form(format!("{:?} {}", plate(), plate()).as_bytes()), None);
        assert_no_plate("a log", b"case 7 approved by reviewer-2", &plate());
    }

    #[test]
    #[should_panic(expected = "a log: a plate leaks as text at byte 5 of 12")]
    fn fails_without_repeating_it() {
        assert_no_plate("a log", b"case W12345X", &plate());
    }
}
