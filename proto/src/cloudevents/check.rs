//! What the specification asks of an event (CloudEvents 1.0.2, sections 2 and 3).

use super::{CloudEvent, SPECVERSION};
use crate::EventTime;

/// Why an object is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloudEventError {
    /// It is larger than an event may be.
    #[error("it has {bytes} bytes, more than the {} of an event", super::EVENT_BYTES_MAX)]
    TooLong {
        /// Bytes that are there.
        bytes: usize,
    },
    /// It is no JSON object, or a value has the wrong type.
    #[error("it is no event in JSON: {problem}")]
    Json {
        /// What the parser says.
        problem: String,
    },
    /// A required attribute is not there.
    #[error("the attribute `{attribute}` is missing")]
    Missing {
        /// Its name.
        attribute: &'static str,
    },
    /// An attribute has a value that it cannot have.
    #[error("the attribute `{attribute}`: {value:?} is not {expected}")]
    Wrong {
        /// Its name.
        attribute: &'static str,
        /// What it says.
        value: String,
        /// What it should say.
        expected: &'static str,
    },
}

pub(super) fn check(event: &CloudEvent) -> Result<(), CloudEventError> {
    let rule = |attribute, value: &str, holds: bool, expected| {
        if holds {
            return Ok(());
        }
        let value = value.chars().take(80).collect();
        Err(CloudEventError::Wrong { attribute, value, expected })
    };
    let version = &event.specversion;
    rule("specversion", version, version == SPECVERSION, "1.0")?;
    rule(
        "id",
        &event.id,
        text(&event.id),
        "a text of at least one character, and none to control a terminal",
    )?;
    let source = &event.source;
    rule("source", source, uri_reference(source), "a URI reference")?;
    rule(
        "type",
        &event.kind,
        text(&event.kind),
        "a text of at least one character, and none to control a terminal",
    )?;
    if let Some(subject) = &event.subject {
        rule(
            "subject",
            subject,
            text(subject),
            "a text of at least one character, and none to control a terminal",
        )?;
    }
    if let Some(time) = &event.time {
        rule("time", time, EventTime::parse(time).is_ok(), "an RFC 3339 instant")?;
    }
    let media = &event.datacontenttype;
    rule("datacontenttype", media, is_json(media), "a media type of JSON")?;
    if let Some(schema) = &event.dataschema {
        let absolute = schema.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
                && !rest.is_empty()
        });
        rule("dataschema", schema, absolute && uri_reference(schema), "an absolute URI")?;
    }
    Ok(())
}

/// Not empty, and without control characters, which the specification keeps out of texts.
fn text(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// The characters of RFC 3986, with percent signs before two digits in hex.
fn uri_reference(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let encoded = text.split('%').skip(1).all(|rest| {
        let mut digits = rest.chars();
        digits.next().is_some_and(|c| c.is_ascii_hexdigit())
            && digits.next().is_some_and(|c| c.is_ascii_hexdigit())
    });
    !text.is_empty() && text.chars().all(allowed) && encoded
}

fn is_json(media: &str) -> bool {
    let kind = media.split(';').next().unwrap_or_default().trim();
    kind.split_once('/').is_some_and(|(_, sub)| sub == "json" || sub.ends_with("+json"))
}
