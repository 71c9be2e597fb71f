//! What a page is told.

use serde::Serialize;
use wayside_proto::{EventTime, SignPictogram};

use crate::board::Told;
use crate::state::{Lamps, Standing};
use wayside_signs::Why;

/// The longest that a page may show a message without asking again, seconds.
const LEASE_S: f64 = 10.0;

#[derive(Serialize)]
pub(super) struct Answer<'a> {
    /// The service's clock, milliseconds since 1970: a page whose own clock is elsewhere is blank.
    now_ms: i64,
    state: Standing,
    why: &'static str,
    /// How long the page may show it without hearing anything further.
    valid_ms: u64,
    /// Changes with the message.
    message: &'a str,
    lines: &'a [String],
    pictogram: Option<&'static str>,
    pages: &'a [Lamps],
}

impl<'a> Answer<'a> {
    pub(super) fn new(told: &'a Told, now: EventTime) -> Self {
        let text = told.show.as_ref().map(|show| &show.text);
        let until = told.show.as_ref().map_or(now, |show| show.until.min(now.plus_s(LEASE_S)));
        let state = match (text, told.why) {
            (Some(_), _) => Standing::Showing,
            (None, Why::Nothing | Why::Expired) => Standing::Blank,
            (None, Why::NoSource | Why::ClockBack | Why::ClockAhead) => Standing::NoSource,
        };
        Self {
            now_ms: now.0.div_euclid(1_000),
            state,
            why: told.why.as_str(),
            // Down, so that it never ends late.
            valid_ms: (until.since_s(now).max(0.0) * 1e3).floor() as u64,
            message: text.map_or("", |text| text.id.0.as_str()),
            lines: text.map_or(&[], |text| &text.lines),
            pictogram: text.and_then(|text| text.pictogram).map(SignPictogram::as_str),
            pages: &told.pages,
        }
    }

    pub(super) fn to_json(&self) -> String {
        // Keys are texts and the sink is memory: there is nothing left that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Text between tags or in quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // What fills the templates stands in braces.
            '{' => safe.push_str("&#123;"),
            c => safe.push(c),
        }
    }
    safe
}
