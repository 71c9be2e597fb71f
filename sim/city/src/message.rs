//! What a site publishes, as bytes.

use wayside_proto::convert::{FrameProblem, Message as _};
use wayside_proto::{CameraId, Content, EventTime, Observation, Passage, SignalReport, SiteId};

use crate::event::{Event, Truth};

/// A message as it stands on the bus, or something that is true and is published nowhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// An observation.
    Observation {
        /// `site/camera`.
        key: String,
        /// Event time.
        time: EventTime,
        /// Track states in it; none where it is a gap.
        states: Option<u32>,
        /// The message, as it stands in a record of the bus.
        value: Vec<u8>,
    },
    /// A signal report.
    Signal {
        /// The site.
        key: String,
        /// Event time.
        time: EventTime,
        /// The message, as it stands in a record of the bus.
        value: Vec<u8>,
    },
    /// What an end of a section has to say.
    Passage {
        /// The section.
        key: String,
        /// Event time.
        time: EventTime,
        /// The message, as it stands in a record of the bus.
        value: Vec<u8>,
    },
    /// A rule was broken.
    Truth(Truth),
}

/// The key of a camera's records: its id is unique only within its site.
pub(crate) fn camera_key(site: &SiteId, camera: &CameraId) -> String {
    format!("{site}/{camera}")
}

impl Message {
    /// An event as a message.
    ///
    /// # Errors
    /// Where it breaks the contract.
    pub fn new(event: Event) -> Result<Self, FrameProblem> {
        match event {
            Event::Observation(observation) => Self::observation(&observation),
            Event::Signal(report) => Self::signal(&report),
            Event::Truth(truth) => Ok(Self::Truth(truth)),
        }
    }

    pub(crate) fn observation(observation: &Observation) -> Result<Self, FrameProblem> {
        Ok(Self::Observation {
            key: camera_key(&observation.site, &observation.camera),
            time: observation.time,
            states: match &observation.content {
                Content::Tracks { tracks, .. } => Some(tracks.len() as u32),
                Content::Gap(_) => None,
            },
            value: observation.to_bytes()?,
        })
    }

    pub(crate) fn signal(report: &SignalReport) -> Result<Self, FrameProblem> {
        let value = report.to_bytes()?;
        Ok(Self::Signal { key: report.site.0.clone(), time: report.time, value })
    }

    pub(crate) fn passage(passage: &Passage) -> Result<Self, FrameProblem> {
        let value = passage.to_bytes()?;
        Ok(Self::Passage { key: passage.section.0.clone(), time: passage.time, value })
    }
}
