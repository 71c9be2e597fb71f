//! `wayside.v1.SignMessage`.

use super::ConvertError;
use super::check::{self, Checked, wrong, wrong_text};
use crate::{
    SignContent, SignId, SignMessage, SignMessageId, SignPictogram, SignText, SiteId, wire,
};

/// The longest that a message of a sign may hold, seconds.
pub const SIGN_MESSAGE_LIFE_S_MAX: f64 = 3_600.0;
/// Lines of a message.
pub const SIGN_LINES_MAX: usize = 8;
/// Characters of a line.
pub const SIGN_LINE_CHARS_MAX: usize = 64;
/// Bytes of the markup.
pub const SIGN_MULTI_BYTES_MAX: usize = 1_024;

impl TryFrom<&SignMessage> for wire::SignMessage {
    type Error = ConvertError;

    fn try_from(message: &SignMessage) -> Checked<Self> {
        let content = match &message.content {
            SignContent::Text(text) => wire::sign_message::Content::Text(text.into()),
            SignContent::Alive => wire::sign_message::Content::Alive(wire::SignAlive {}),
        };
        let wire = Self {
            site: message.site.0.clone(),
            sign: message.sign.0.clone(),
            source: message.source.clone(),
            time_us: message.time.0,
            content: Some(content),
        };
        SignMessage::try_from(wire.clone())?;
        Ok(wire)
    }
}

impl TryFrom<wire::SignMessage> for SignMessage {
    type Error = ConvertError;

    fn try_from(message: wire::SignMessage) -> Checked<Self> {
        check::id("site", &message.site)?;
        check::id("sign", &message.sign)?;
        check::name("source", &message.source)?;
        let time = check::time("time_us", message.time_us)?;
        let content = match message.content {
            Some(wire::sign_message::Content::Text(text)) => SignContent::Text(read(text)?),
            Some(wire::sign_message::Content::Alive(_)) => SignContent::Alive,
            None => return Err(wrong("content", "absent", "a text or a sign of life")),
        };
        Ok(Self {
            site: SiteId(message.site),
            sign: SignId(message.sign),
            source: message.source,
            time,
            content,
        })
    }
}

impl From<&SignText> for wire::SignText {
    fn from(text: &SignText) -> Self {
        Self {
            id: text.id.0.clone(),
            slot: text.slot.clone(),
            priority: u32::from(text.priority),
            not_before_us: text.not_before.0,
            expires_us: text.expires.0,
            lines: text.lines.clone(),
            multi: text.multi.clone(),
            pictogram: pictogram_number(text.pictogram).into(),
        }
    }
}

fn read(text: wire::SignText) -> Checked<SignText> {
    check::digest_id("text.id", &text.id)?;
    check::name("text.slot", &text.slot)?;
    let priority = u8::try_from(text.priority).ok().filter(|priority| *priority > 0);
    let priority =
        priority.ok_or_else(|| wrong("text.priority", text.priority, "a number from 1 to 255"))?;
    let not_before = check::time("text.not_before_us", text.not_before_us)?;
    let expires = check::time("text.expires_us", text.expires_us)?;
    let life_s = expires.since_s(not_before);
    if expires <= not_before || life_s > SIGN_MESSAGE_LIFE_S_MAX {
        let expected =
            format!("an instant after not_before, by at most {SIGN_MESSAGE_LIFE_S_MAX} s");
        return Err(wrong("text.expires_us", text.expires_us, expected));
    }
    let pictogram = pictogram(text.pictogram)?;
    lines(&text.lines)?;
    if text.lines.is_empty() && pictogram.is_none() {
        return Err(wrong("text.lines", "none", "a line, or a pictogram"));
    }
    let plain = text.multi.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !plain || text.multi.len() > SIGN_MULTI_BYTES_MAX {
        let expected = format!("at most {SIGN_MULTI_BYTES_MAX} printable ASCII characters");
        return Err(wrong_text("text.multi", &text.multi, &expected));
    }
    Ok(SignText {
        id: SignMessageId(text.id),
        slot: text.slot,
        priority,
        not_before,
        expires,
        lines: text.lines,
        multi: text.multi,
        pictogram,
    })
}

fn lines(lines: &[String]) -> Checked {
    if lines.len() > SIGN_LINES_MAX {
        return Err(wrong("text.lines", lines.len(), format!("at most {SIGN_LINES_MAX} lines")));
    }
    for line in lines {
        let fits = line.chars().count() <= SIGN_LINE_CHARS_MAX;
        if line.trim().is_empty() || !fits || line.chars().any(char::is_control) {
            let expected =
                format!("1 to {SIGN_LINE_CHARS_MAX} characters, none of them a control character");
            return Err(wrong_text("text.lines", line, &expected));
        }
    }
    Ok(())
}

fn pictogram_number(pictogram: Option<SignPictogram>) -> wire::SignPictogram {
    match pictogram {
        None => wire::SignPictogram::Unspecified,
        Some(SignPictogram::PedestrianCrossing) => wire::SignPictogram::PedestrianCrossing,
        Some(SignPictogram::RedLight) => wire::SignPictogram::RedLight,
        Some(SignPictogram::WrongWay) => wire::SignPictogram::WrongWay,
        Some(SignPictogram::Queue) => wire::SignPictogram::Queue,
        Some(SignPictogram::Clock) => wire::SignPictogram::Clock,
    }
}

fn pictogram(number: i32) -> Checked<Option<SignPictogram>> {
    Ok(match wire::SignPictogram::try_from(number) {
        Ok(wire::SignPictogram::Unspecified) => None,
        Ok(wire::SignPictogram::PedestrianCrossing) => Some(SignPictogram::PedestrianCrossing),
        Ok(wire::SignPictogram::RedLight) => Some(SignPictogram::RedLight),
        Ok(wire::SignPictogram::WrongWay) => Some(SignPictogram::WrongWay),
        Ok(wire::SignPictogram::Queue) => Some(SignPictogram::Queue),
        Ok(wire::SignPictogram::Clock) => Some(SignPictogram::Clock),
        Err(_) => return Err(wrong("text.pictogram", number, "a pictogram, 0 to 5")),
    })
}
