//! CloudEvents 1.0 in structured mode, for webhooks and whoever else reads them.
//!
//! [`CloudEvent`] is the envelope, `make` puts outcomes, citations, travel times, receipts and health into it, and
//! `check` holds it to the specification's rules. `data` is the line that `json` writes, byte for byte.
//! Ids follow from the message alone: the same message sent twice is the same event, as the
//! specification asks, and a receiver may drop the second.
//!
//! Deliberately absent: passages (an appearance embedding leaves the system in no form), binary mode and
//! batches.

mod check;
mod evidence;
mod make;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use check::CloudEventError;
pub use evidence::{evidence, stand_down};
pub use make::{citation, health, outcome, receipt, travel_time};

/// The media type of the envelope, for the header of a webhook.
pub const CONTENT_TYPE: &str = "application/cloudevents+json; charset=UTF-8";
/// Version of the specification.
const SPECVERSION: &str = "1.0";
/// Bytes that an event may have.
pub const EVENT_BYTES_MAX: usize = 1024 * 1024;

/// An event in its envelope.
#[derive(Clone, Debug, Serialize)]
pub struct CloudEvent {
    specversion: String,
    /// Unique within `source`.
    pub id: String,
    /// Where it happened, a URI reference such as `/sites/junction/cameras/north`.
    pub source: String,
    /// What it is, for example `wayside.violation.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about within the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it happened, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    datacontenttype: String,
    /// The schema of `data`, a URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataschema: Option<String>,
    data: Box<RawValue>,
}

impl CloudEvent {
    /// The event as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Keys are texts and the sink is memory: there is nothing left that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The data: one JSON object, byte for byte as it was written.
    #[must_use]
    pub fn data(&self) -> &str {
        self.data.get()
    }

    /// The event in a JSON object. Attributes that are not known here are skipped.
    ///
    /// # Errors
    /// Where it is no JSON, or breaks a rule of the specification.
    pub fn parse(text: &str) -> Result<Self, CloudEventError> {
        if text.len() > EVENT_BYTES_MAX {
            return Err(CloudEventError::TooLong { bytes: text.len() });
        }
        let raw: Raw = serde_json::from_str(text)
            .map_err(|error| CloudEventError::Json { problem: error.to_string() })?;
        let event = Self {
            specversion: needed("specversion", raw.specversion)?,
            id: needed("id", raw.id)?,
            source: needed("source", raw.source)?,
            kind: needed("type", raw.kind)?,
            subject: raw.subject,
            time: raw.time,
            // JSON is what data is where nothing is said.
            datacontenttype: raw.datacontenttype.unwrap_or_else(|| "application/json".to_owned()),
            dataschema: raw.dataschema,
            data: needed("data", raw.data)?,
        };
        check::check(&event)?;
        Ok(event)
    }
}

fn needed<T>(attribute: &'static str, value: Option<T>) -> Result<T, CloudEventError> {
    value.ok_or(CloudEventError::Missing { attribute })
}

#[derive(Deserialize)]
#[serde(expecting = "one JSON object")]
struct Raw {
    specversion: Option<String>,
    id: Option<String>,
    source: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    subject: Option<String>,
    time: Option<String>,
    datacontenttype: Option<String>,
    dataschema: Option<String>,
    data: Option<Box<RawValue>>,
}
