//! The text of a number plate.

use std::fmt;

use crate::{Pii, Purpose};

/// A plate has at least this many letters and digits.
pub const PLATE_LENGTH_MIN: usize = 2;
/// A plate has at most this many letters and digits.
pub const PLATE_LENGTH_MAX: usize = 12;
/// Longer inputs are not looked at: separators included, no plate is this long.
const INPUT_CHARS_MAX: usize = 64;

/// The text of a number plate: 2 to 12 of `A` to `Z` and `0` to `9`, without separators.
///
/// It shows as `[redacted]` and cannot be compared, hashed or ordered: there is no search by plate.
#[derive(Clone)]
pub struct Plate(Pii<String>);

/// Why a text is no plate. Never repeats the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlateError {
    /// Too few or too many letters and digits.
    #[error(
        "a plate has {PLATE_LENGTH_MIN} to {PLATE_LENGTH_MAX} letters and digits, this one has {found}"
    )]
    Length {
        /// How many there are, counted up to the longest that is looked at.
        found: usize,
    },
    /// Something that is neither a letter A to Z, a digit, nor a separator.
    #[error(
        "character {place} of the plate is none of A to Z, 0 to 9, hyphen and space\n  \
         hint: write it as the register does, letters without marks"
    )]
    Character {
        /// Which character, counted from 1.
        place: usize,
    },
}

impl Plate {
    /// Reads a plate as people write it: small letters count as capitals; spaces, hyphens, dashes,
    /// dots and the middle dot are left out.
    ///
    /// # Errors
    /// Where something else is in it, or where it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, PlateError> {
        // Whole from the start: a text that grows leaves its earlier copies in memory.
        let mut kept = Pii::new(String::with_capacity(INPUT_CHARS_MAX));
        let mut count = 0;
        for (index, c) in text.chars().take(INPUT_CHARS_MAX).enumerate() {
            match c {
                'A'..='Z' | 'a'..='z' | '0'..='9' => {
                    kept.value_mut().push(c.to_ascii_uppercase());
                    count += 1;
                }
                '-' | '.' | '\u{b7}' | '\u{2022}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
                c if c.is_whitespace() => {}
                _ => return Err(PlateError::Character { place: index + 1 }),
            }
        }
        let whole = text.chars().nth(INPUT_CHARS_MAX).is_none();
        if whole && (PLATE_LENGTH_MIN..=PLATE_LENGTH_MAX).contains(&count) {
            Ok(Self(kept))
        } else {
            Err(PlateError::Length { found: if whole { count } else { INPUT_CHARS_MAX } })
        }
    }

    /// The text in the clear.
    #[must_use]
    pub fn expose(&self, purpose: Purpose) -> &str {
        self.0.expose(purpose)
    }
}

impl fmt::Debug for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plate([redacted])")
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, PlateError> {
        Plate::parse(text).map(|plate| plate.expose(Purpose::LeakTest).to_owned())
    }

    #[test]
    fn folds_what_people_write() {
        for (text, plate) in [
            ("W-12345 X", "W12345X"),
            (" m\u{2011}ab 1234e ", "MAB1234E"),
            ("1-abc-234", "1ABC234"),
            ("AB\u{b7}12", "AB12"),
        ] {
            assert_eq!(read(text), Ok(plate.to_owned()));
        }
    }

    #[test]
    fn an_error_says_where_and_never_what() {
        assert_eq!(read("T\u{dc}-AB 12"), Err(PlateError::Character { place: 2 }));
        assert_eq!(read("W"), Err(PlateError::Length { found: 1 }));
        assert_eq!(read("- -"), Err(PlateError::Length { found: 0 }));
        assert_eq!(read("ABCDEFGHIJKLM"), Err(PlateError::Length { found: 13 }));
        assert_eq!(read(&"A".repeat(100_000)), Err(PlateError::Length { found: 64 }));
        let said = Plate::parse("SECRET*1").expect_err("a star").to_string();
        assert!(!said.contains("SECRET"), "{said}");
        insta::assert_snapshot!(said, @r"
        character 7 of the plate is none of A to Z, 0 to 9, hyphen and space
          hint: write it as the register does, letters without marks
        ");
    }
}
