//! Checks that several messages share.

use super::ConvertError;
use crate::{EventTime, Hash32, SignalColour};

/// Names are short; what is longer is a mistake or an attack.
const NAME_BYTES_MAX: usize = 128;
/// How much of a bad value a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

pub(super) type Checked<T = ()> = Result<T, ConvertError>;

/// The error of `field`, which has `value` instead of what is `expected`.
pub(super) fn wrong(
    field: impl Into<String>,
    value: impl ToString,
    expected: impl Into<String>,
) -> ConvertError {
    let mut value = value.to_string();
    if let Some((end, _)) = value.char_indices().nth(SHOWN_CHARS_MAX) {
        value.truncate(end);
        value.push_str("...");
    }
    ConvertError { field: field.into(), value, expected: expected.into() }
}

/// The error of a text, shown in quotes so that an empty one is seen.
pub(super) fn wrong_text(field: &str, text: &str, expected: &str) -> ConvertError {
    wrong(field, format!("{text:?}"), expected)
}

/// Sites and cameras: they become file names and topic keys.
pub(super) fn id(field: &str, text: &str) -> Checked {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.len() <= NAME_BYTES_MAX && text.chars().all(fits) {
        return Ok(());
    }
    Err(wrong_text(field, text, "an id of 1 to 128 letters, digits, `-` or `_`"))
}

/// Runs, places, lanes: any short printable text.
pub(super) fn name(field: &str, text: &str) -> Checked {
    let printable = !text.chars().any(char::is_control);
    if !text.is_empty() && text.len() <= NAME_BYTES_MAX && printable {
        return Ok(());
    }
    Err(wrong_text(field, text, "a name of 1 to 128 bytes without control characters"))
}

/// Ids of outcomes and what follows from them.
pub(super) fn digest_id(field: &str, id: &str) -> Checked {
    if id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Ok(());
    }
    Err(wrong_text(field, id, "an id of 32 digits in lower-case hex"))
}

/// A sentence for a person: it may be empty, and has no control characters but line breaks.
pub(super) fn sentence(field: &str, text: &str, bytes_max: usize) -> Checked {
    let plain = !text.chars().any(|c| c.is_control() && c != '\n');
    if text.len() <= bytes_max && plain {
        return Ok(());
    }
    Err(wrong_text(field, text, &format!("a text of at most {bytes_max} bytes")))
}

/// A SHA-256.
pub(super) fn hash(field: &str, bytes: &[u8]) -> Checked<Hash32> {
    let bytes = <[u8; 32]>::try_from(bytes)
        .map_err(|_| wrong(field, format!("{} bytes", bytes.len()), "a hash of 32 bytes"))?;
    Ok(Hash32(bytes))
}

pub(super) fn finite(field: &str, value: f64) -> Checked {
    if value.is_finite() { Ok(()) } else { Err(wrong(field, value, "a finite number")) }
}

pub(super) fn not_negative(field: &str, value: f64) -> Checked {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(wrong(field, value, "a finite number of 0 or more"))
}

/// A share or score. Sums of single-precision shares may exceed 1 by a rounding error.
pub(super) fn share(field: &str, value: f32) -> Checked {
    if (0.0..=1.0 + 8.0 * f32::EPSILON).contains(&value) {
        return Ok(());
    }
    Err(wrong(field, value, "between 0 and 1"))
}

/// A symmetric 2 by 2 covariance with diagonal `xx`, `yy`.
pub(super) fn covariance(field: &str, xx: f64, xy: f64, yy: f64) -> Checked {
    let of =
        |error: ConvertError| ConvertError { field: format!("{field}.{}", error.field), ..error };
    not_negative("xx", xx).map_err(of)?;
    not_negative("yy", yy).map_err(of)?;
    finite("xy", xy).map_err(of)
}

/// An instant that the calendar covers, so that it can be shown.
pub(super) fn time(field: &str, us: i64) -> Checked<EventTime> {
    match jiff::Timestamp::from_microsecond(us) {
        Ok(_) => Ok(EventTime(us)),
        Err(_) => {
            Err(wrong(field, us, "an instant in microseconds between the years -9999 and 9999"))
        }
    }
}

pub(super) fn colour(field: &str, text: &str) -> Checked<SignalColour> {
    SignalColour::parse(text).ok_or_else(|| wrong_text(field, text, "red, yellow or green"))
}
