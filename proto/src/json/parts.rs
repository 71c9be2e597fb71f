//! What several lines share.

use serde::Serialize;

use crate::Gap;

/// The text of a line.
pub(super) fn json<T: Serialize>(line: &T) -> String {
    // Keys are texts and the sink is memory: there is nothing left that could fail.
    serde_json::to_string(line).unwrap_or_default()
}

/// To six decimals, and without a negative zero.
pub(super) fn rounded(value: f64) -> f64 {
    let scaled = value * 1e6;
    // Beyond 2^53 a number has no decimals left to round.
    if scaled.abs() < 9e15 { scaled.round() / 1e6 + 0.0 } else { value }
}

/// As [`rounded`], of a single-precision number: 0.1 and not 0.10000000149, which it never meant.
pub(super) fn rounded_f32(value: f32) -> f64 {
    rounded(value.to_string().parse().unwrap_or_else(|_| f64::from(value)))
}

/// A gap.
#[derive(Serialize)]
pub(super) struct GapLine {
    from: String,
    to: String,
    cause: &'static str,
    frames: u32,
}

impl From<&Gap> for GapLine {
    fn from(gap: &Gap) -> Self {
        Self {
            from: gap.from.to_string(),
            to: gap.to.to_string(),
            cause: gap.cause.as_str(),
            frames: gap.frames,
        }
    }
}

/// Bytes in lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        text
    })
}
