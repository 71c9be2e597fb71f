//! Lines of messages of signs.

use serde::Serialize;

use super::parts::json;
use crate::{SignContent, SignMessage, SignPictogram};

/// The line of a message of a sign, without a line break. A sign of life has `alive` and no `message`.
#[must_use]
pub fn sign_message_line(message: &SignMessage) -> String {
    let text = match &message.content {
        SignContent::Text(text) => Some(TextLine {
            id: text.id.to_string(),
            slot: &text.slot,
            priority: text.priority,
            not_before: text.not_before.to_string(),
            expires: text.expires.to_string(),
            lines: &text.lines,
            multi: &text.multi,
            pictogram: text.pictogram.map(SignPictogram::as_str),
        }),
        SignContent::Alive => None,
    };
    json(&MessageLine {
        site: message.site.as_str(),
        sign: message.sign.as_str(),
        source: &message.source,
        time: message.time.to_string(),
        alive: text.is_none(),
        message: text,
    })
}

#[derive(Serialize)]
struct MessageLine<'a> {
    site: &'a str,
    sign: &'a str,
    source: &'a str,
    time: String,
    alive: bool,
    message: Option<TextLine<'a>>,
}

#[derive(Serialize)]
struct TextLine<'a> {
    id: String,
    slot: &'a str,
    priority: u8,
    not_before: String,
    expires: String,
    lines: &'a [String],
    multi: &'a str,
    pictogram: Option<&'static str>,
}
