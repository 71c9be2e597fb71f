//! `wayside.v1.DeadLetter`.
//!
//! Key and time are told as the bus had them, also where they are nonsense: that may be the error.

use super::ConvertError;
use super::check::{Checked, name, wrong, wrong_text};
use crate::{DeadLetter, EventTime, wire};

/// Bytes of a record that its dead letter repeats.
pub const DEAD_LETTER_VALUE_BYTES_MAX: usize = 64 * 1024;
/// Bytes of the sentence that says what is wrong.
pub const DEAD_LETTER_ERROR_BYTES_MAX: usize = 2_048;
/// Bytes of a key or an id.
const TEXT_BYTES_MAX: usize = 512;

impl TryFrom<&DeadLetter> for wire::DeadLetter {
    type Error = ConvertError;

    fn try_from(letter: &DeadLetter) -> Checked<Self> {
        let kept = if letter.is_perishable() {
            0
        } else {
            letter.value.len().min(DEAD_LETTER_VALUE_BYTES_MAX)
        };
        let end = letter.error.floor_char_boundary(DEAD_LETTER_ERROR_BYTES_MAX);
        let message = Self {
            topic: letter.topic.clone(),
            offset: letter.offset,
            key: letter.key.clone(),
            time_us: letter.time.0,
            id: letter.id.clone().unwrap_or_default(),
            value: letter.value.get(..kept).unwrap_or_default().to_vec(),
            value_bytes: letter.value_bytes.max(letter.value.len() as u64),
            error: letter.error.get(..end).unwrap_or_default().to_owned(),
            consumer: letter.consumer.clone(),
            partition: letter.partition,
            requeued: letter.requeued,
        };
        DeadLetter::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::DeadLetter> for DeadLetter {
    type Error = ConvertError;

    fn try_from(message: wire::DeadLetter) -> Checked<Self> {
        name("topic", &message.topic)?;
        name("consumer", &message.consumer)?;
        for (field, text) in [("key", &message.key), ("id", &message.id)] {
            if text.len() > TEXT_BYTES_MAX {
                let expected = format!("a text of at most {TEXT_BYTES_MAX} bytes");
                return Err(wrong_text(field, text, &expected));
            }
        }
        if message.error.is_empty() || message.error.len() > DEAD_LETTER_ERROR_BYTES_MAX {
            let expected = format!("a sentence of 1 to {DEAD_LETTER_ERROR_BYTES_MAX} bytes");
            return Err(wrong_text("error", &message.error, &expected));
        }
        if message.value.len() > DEAD_LETTER_VALUE_BYTES_MAX {
            let found = format!("{} bytes", message.value.len());
            let expected = format!("at most {DEAD_LETTER_VALUE_BYTES_MAX} bytes");
            return Err(wrong("value", found, expected));
        }
        if message.value_bytes < message.value.len() as u64 {
            let expected = format!("at least the {} bytes that are there", message.value.len());
            return Err(wrong("value_bytes", message.value_bytes, expected));
        }
        Ok(Self {
            topic: message.topic,
            offset: message.offset,
            key: message.key,
            time: EventTime(message.time_us),
            id: (!message.id.is_empty()).then_some(message.id),
            value: message.value,
            value_bytes: message.value_bytes,
            error: message.error,
            consumer: message.consumer,
            partition: message.partition,
            requeued: message.requeued,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::Message;

    fn letter(bytes: usize, error: &str) -> DeadLetter {
        DeadLetter {
            topic: "wayside.observations.v1".to_owned(),
            partition: 3,
            offset: 7,
            key: "north".to_owned(),
            time: EventTime(i64::MAX),
            id: Some("x".to_owned()),
            value: vec![3; bytes],
            value_bytes: bytes as u64,
            error: error.to_owned(),
            consumer: "enforcement".to_owned(),
            requeued: false,
        }
    }

    #[test]
    fn a_letter_of_a_passage_has_no_embedding() {
        let passage =
            DeadLetter { topic: "wayside.passages.v1".to_owned(), ..letter(900, "no message") };
        let back = DeadLetter::from_bytes(&passage.to_bytes().expect("a letter"));
        let back = back.expect("a letter");
        assert_eq!((back.value.len(), back.value_bytes), (0, 900));
    }

    #[test]
    fn letters_come_back_and_long_ones_are_cut() {
        let (short, long) = (letter(10, "no message"), letter(70_000, &"ä".repeat(2_000)));
        let back = [&short, &long].map(|letter| {
            DeadLetter::from_bytes(&letter.to_bytes().expect("a letter")).expect("a letter")
        });
        assert_eq!(back[0], short);
        assert_eq!((back[1].value.len(), back[1].value_bytes), (64 * 1024, 70_000));
        assert_eq!(back[1].error, "ä".repeat(1_024));
    }

    #[test]
    fn a_letter_that_says_nothing_is_refused() {
        let error = letter(1, "").to_bytes().expect_err("no error in it");
        assert_eq!(error.to_string(), "error: \"\" is not a sentence of 1 to 2048 bytes");
    }
}
