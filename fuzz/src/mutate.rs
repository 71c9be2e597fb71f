//! Damages a text file the way files get damaged: cut off, glued together, a number out of range, a
//! line twice, a byte flipped.

use std::ops::Range;

use crate::chance::Chance;

/// Longest input, bytes.
pub const INPUT_BYTES_MAX: usize = 64 * 1024;

/// What stands in for a number or a word.
const TOKENS: &[&str] = &[
    "",
    "0",
    "-0",
    "1",
    "-1",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "1e308",
    "-1e308",
    "1e-308",
    "1e400",
    "0.1e",
    "0x10",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "4294967296",
    "99999999999999999999",
    "0.30000000000000004",
    "1_000",
    "1,5",
    "true",
    "[]",
    "{}",
    "[[",
    "]]",
    "\"",
    "\"\"",
    "'",
    "\\",
    "\\u0000",
    "\u{0}",
    "\u{feff}",
    "\u{1f6a6}",
    "e\u{301}",
    "\r\n",
    "\n\n",
    "\t",
    "#",
    "=",
    ",",
    ";",
    ":",
    "red",
    "green",
    "car",
    "person",
    "2026-02-30T25:61:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "Mars/Olympus",
];

/// `input`, damaged in one to six ways; `other` lends pieces.
#[must_use]
pub fn mutate(input: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(6) {
        one(&mut bytes, other, chance);
    }
    bytes.truncate(INPUT_BYTES_MAX);
    bytes
}

fn one(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    match chance.below(12) {
        0 if !bytes.is_empty() => {
            let at = chance.below(bytes.len());
            bytes[at] ^= 1 << chance.below(8);
        }
        1 => {
            let at = chance.below(bytes.len() + 1);
            bytes.insert(at, (chance.bits() & 0xff) as u8);
        }
        2 => bytes.truncate(chance.below(bytes.len() + 1)),
        3 => {
            let span = span(bytes.len(), 64, chance);
            bytes.drain(span);
        }
        4 => {
            let piece = bytes[span(bytes.len(), 256, chance)].to_vec();
            insert(bytes, &piece, chance);
        }
        5 => {
            let piece = other[span(other.len(), 512, chance)].to_vec();
            insert(bytes, &piece, chance);
        }
        6 => {
            let line = line(bytes, chance);
            bytes.drain(line);
        }
        7 => {
            let line = line(bytes, chance);
            let copy = bytes[line.clone()].to_vec();
            bytes.splice(line.end..line.end, copy);
        }
        8 => {
            let [a, b] = [line(bytes, chance), line(bytes, chance)];
            let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
            let copy = bytes[second.clone()].to_vec();
            let target = bytes[first.clone()].to_vec();
            if first.end <= second.start {
                bytes.splice(second, target);
                bytes.splice(first, copy);
            }
        }
        _ => {
            let word = word(bytes, chance);
            bytes.splice(word, chance.pick(TOKENS).bytes());
        }
    }
}

fn insert(bytes: &mut Vec<u8>, piece: &[u8], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

fn span(length: usize, most: usize, chance: &mut Chance) -> Range<usize> {
    let start = chance.below(length);
    start..(start + chance.below(most)).min(length)
}

fn line(bytes: &[u8], chance: &mut Chance) -> Range<usize> {
    let at = chance.below(bytes.len());
    let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |found| found + 1);
    let end =
        bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |found| at + found + 1);
    start..end
}

/// A run of letters, digits, dots and signs.
fn word(bytes: &[u8], chance: &mut Chance) -> Range<usize> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_');
    let from = chance.below(bytes.len());
    let start = bytes[from..].iter().position(part).map_or(bytes.len(), |found| from + found);
    let end =
        bytes[start..].iter().position(|b| !part(b)).map_or(bytes.len(), |found| start + found);
    start..end
}

#[cfg(test)]
mod tests {
    use super::{INPUT_BYTES_MAX, mutate};
    use crate::chance::Chance;

    #[test]
    fn a_seed_decides_the_damage() {
        let damage = |seed| mutate(b"time_s,group,state\n0,N,red\n", b"x", &mut Chance::new(seed));
        assert_eq!(damage(7), damage(7));
        assert_ne!(damage(7), damage(8));
    }

    #[test]
    fn any_input_can_be_damaged() {
        let mut chance = Chance::new(1);
        for input in [&b""[..], b"\n", b"a", b"\xff\xfe\n\n\n", &[b'x'; INPUT_BYTES_MAX]] {
            for _ in 0..500 {
                assert!(mutate(input, b"", &mut chance).len() <= INPUT_BYTES_MAX);
            }
        }
    }
}
