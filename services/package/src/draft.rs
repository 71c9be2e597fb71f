//! Builds and seals a package.

use sha2::{Digest, Sha256};
use wayside_proto::convert::{Message, encode_observation};
use wayside_proto::{
    ClockSource, EventTime, Hash32, Moment, Observation, Outcome, RedactedClip, RoadUserClass,
    Signal, Verdict,
};
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

use crate::derive;
use crate::json::{self, FramesFile, Instant, SignalsFile, rounded};
use crate::keys::SigningKey;
use crate::manifest::{
    CalibrationRecord, ChainLink, ClipRecord, ClockRecord, KeyRecord, Manifest, ModelRecord,
    PartRecord, ProgramRecord, QuantityRecord, RedactionEntry, SCHEMA, SignalEntry, StillRecord,
};
use crate::part::{COUNT, FILE_BYTES_MAX, Part};
use crate::select::{self, Selected};
use crate::{seal, zip};

/// Everything that a package is made of.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The violation.
    pub outcome: Outcome,
    /// The whole site file under which it was judged.
    pub site_toml: String,
    /// The camera's observations around the event, in order, as they are at hand: see
    /// [`crate::observations_needed`]. The package takes the span from which the outcome follows.
    pub observations: Vec<Observation>,
    /// Records of the signal groups, in the order in which the rules knew them.
    pub signals: Vec<SignalRecord>,
    /// The redacted pictures; content credentials may have been added to them.
    pub clip: RedactedClip,
    /// Models that saw the vehicle; those of the redaction are in `clip`.
    pub models: Vec<ModelRecord>,
    /// The program.
    pub program: ProgramRecord,
}

/// A sealed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file.
    pub sha256: Hash32,
    /// SHA-256 of its manifest.
    pub manifest_sha256: Hash32,
    /// The place of the site's next package.
    pub link: ChainLink,
    /// Whether the outcome follows from the observations inside.
    pub follows: bool,
}

/// Why a draft is not sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Only violations have evidence.
    #[error("violation {0} is a void: only a violation has evidence")]
    NotAViolation(String),
    /// The pictures are of another violation.
    #[error("the pictures are of violation {pictures}, and the package is of {violation}")]
    OtherPictures {
        /// Violation of the pictures.
        pictures: String,
        /// Violation of the package.
        violation: String,
    },
    /// The site file is not sound.
    #[error("the site file is not sound: {0}")]
    Site(String),
    /// The site file is of another junction.
    #[error("the site file is of `{file}`, and the violation of `{violation}`")]
    OtherSite {
        /// Junction of the site file.
        file: String,
        /// Junction of the violation.
        violation: String,
    },
    /// The offending vehicle is not in the observations.
    #[error(
        "track {track} is not in the {observations} observations of camera `{camera}`\n  hint: give the observations of its run from well before the event"
    )]
    NoTrack {
        /// The track.
        track: u64,
        /// The camera.
        camera: String,
        /// How many observations there are.
        observations: usize,
    },
    /// The stills are not the three that a package has.
    #[error(
        "the stills are [{0}], and a package has one each of before, at_line and after, in order of time"
    )]
    Stills(String),
    /// The frames of the clip have no instants, or run backwards.
    #[error("the clip's frames {0}")]
    Frames(&'static str),
    /// A part is empty.
    #[error("{0} is empty")]
    Empty(Part),
    /// A part, or the whole, is too large.
    #[error("{what} has {bytes} bytes; it may have at most {max}")]
    TooLarge {
        /// The part, or the package.
        what: String,
        /// Its size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
    /// A message cannot be written.
    #[error("{part} cannot be written: {problem}")]
    Encode {
        /// The part.
        part: Part,
        /// What is wrong.
        problem: String,
    },
}

impl Draft {
    /// Seals the package as the site's next one. The same draft, key, link and instant give the same
    /// bytes.
    ///
    /// # Errors
    /// Where the draft is not the evidence of one violation, or a part is too large.
    pub fn seal(
        &self,
        key: &SigningKey,
        link: &ChainLink,
        sealed_at: EventTime,
    ) -> Result<Sealed, DraftError> {
        let site = self.checked()?;
        let selected = select::select(&self.outcome, &site, &self.observations, &self.signals)
            .ok_or_else(|| DraftError::NoTrack {
                track: self.outcome.track.0,
                camera: self.outcome.camera.0.clone(),
                observations: self.observations.len(),
            })?;
        let kept: Vec<Observation> = selected.observations.iter().map(|&o| o.clone()).collect();
        let quantities = derive::quantities(&self.outcome, &site, &kept);
        let mut parts: [Vec<u8>; COUNT] = Default::default();
        self.write_parts(&mut parts, &selected, &kept, &quantities, &site)?;
        let listed = Part::ALL.into_iter().filter(|part| part.is_listed());
        let records = listed.map(|part| record(part, &parts[part.index()])).collect();
        let manifest = Manifest {
            parts: records,
            chain: link.clone(),
            sealed_at,
            key: KeyRecord::of(&key.verifying()),
            replay: selected.record.clone(),
            ..self.manifest(&site, quantities, &kept)
        };
        let manifest = json::pretty(&manifest).map_err(|error| encode(Part::Manifest, error))?;
        let seal = seal::sign(key, &manifest).map_err(|error| encode(Part::Seal, error))?;
        let manifest_sha256 = Hash32(Sha256::digest(&manifest).into());
        parts[Part::Manifest.index()] = manifest;
        parts[Part::Seal.index()] = seal;
        bounded(&parts)?;
        let bytes = zip::encode(&parts.each_ref().map(Vec::as_slice));
        if bytes.len() > FILE_BYTES_MAX {
            let (bytes, max) = (bytes.len(), FILE_BYTES_MAX);
            return Err(DraftError::TooLarge { what: "the package".to_owned(), bytes, max });
        }
        let sha256 = Hash32(Sha256::digest(&bytes).into());
        let link = ChainLink { number: link.number.saturating_add(1), previous: manifest_sha256 };
        let follows = selected.record.follows;
        Ok(Sealed { bytes, sha256, manifest_sha256, link, follows })
    }

    /// The site, where everything belongs together.
    fn checked(&self) -> Result<Site, DraftError> {
        let outcome = &self.outcome;
        if outcome.verdict != Verdict::Violation {
            return Err(DraftError::NotAViolation(outcome.id.0.clone()));
        }
        if self.clip.violation != outcome.id {
            let (pictures, violation) = (self.clip.violation.0.clone(), outcome.id.0.clone());
            return Err(DraftError::OtherPictures { pictures, violation });
        }
        let site = Site::parse("site.toml", &self.site_toml).map_err(|errors| {
            DraftError::Site(errors.first().map(ToString::to_string).unwrap_or_default())
        })?;
        if site.id() != outcome.site {
            let (file, violation) = (site.id().0, outcome.site.0.clone());
            return Err(DraftError::OtherSite { file, violation });
        }
        let stills = &self.clip.stills;
        let moments = stills.iter().map(|still| still.moment);
        if !moments.clone().eq(Moment::ALL) || !stills.is_sorted_by_key(|still| still.time) {
            let names: Vec<&str> = moments.map(Moment::as_str).collect();
            return Err(DraftError::Stills(names.join(", ")));
        }
        if self.clip.frames.is_empty() {
            return Err(DraftError::Frames("have no capture instants"));
        }
        if !self.clip.frames.is_sorted_by(|a, b| a < b) {
            return Err(DraftError::Frames("are not in order of time"));
        }
        Ok(site)
    }

    fn write_parts(
        &self,
        parts: &mut [Vec<u8>; COUNT],
        selected: &Selected<'_>,
        kept: &[Observation],
        quantities: &[QuantityRecord],
        site: &Site,
    ) -> Result<(), DraftError> {
        let mut set = |part: Part, bytes: Vec<u8>| parts[part.index()] = bytes;
        let line = wayside_proto::json::violation_line(&self.outcome) + "\n";
        set(Part::Outcome, line.into_bytes());
        let message = self.outcome.to_bytes();
        set(Part::OutcomePb, message.map_err(|error| encode(Part::OutcomePb, error))?);
        set(Part::Quantities, derive::page(&self.outcome, site, quantities).into_bytes());
        set(Part::Site, self.site_toml.clone().into_bytes());
        let records = selected.signals.iter().map(Into::into).collect();
        let signals = json::pretty(&SignalsFile { records });
        set(Part::Signals, signals.map_err(|error| encode(Part::Signals, error))?);
        let track = json::track(self.outcome.track, kept);
        set(Part::Track, track.map_err(|error| encode(Part::Track, error))?);
        let mut observations = Vec::new();
        for observation in kept {
            encode_observation(observation, &mut observations)
                .map_err(|error| encode(Part::Observations, error))?;
            if observations.len() > Part::Observations.bytes_max() {
                break;
            }
        }
        set(Part::Observations, observations);
        for (part, still) in
            [Part::Before, Part::AtLine, Part::After].into_iter().zip(&self.clip.stills)
        {
            set(part, still.jpeg.clone());
        }
        let frames = self.clip.frames.iter().copied().map(Instant).collect();
        let frames = json::pretty(&FramesFile { frames });
        set(Part::ClipFrames, frames.map_err(|error| encode(Part::ClipFrames, error))?);
        set(Part::Clip, self.clip.mp4.clone());
        Ok(())
    }

    /// The manifest but for parts, chain, seal and replay.
    fn manifest(
        &self,
        site: &Site,
        quantities: Vec<QuantityRecord>,
        kept: &[Observation],
    ) -> Manifest {
        let outcome = &self.outcome;
        let rule = wayside_rules::catalogue().iter().find(|rule| rule.name == outcome.rule);
        let frames = &self.clip.frames;
        let end = |time: Option<&EventTime>| time.copied().unwrap_or(outcome.event_time);
        Manifest {
            schema: SCHEMA,
            violation: outcome.id.0.clone(),
            site: outcome.site.0.clone(),
            camera: outcome.camera.0.clone(),
            run: outcome.run.0.clone(),
            track: outcome.track.0,
            class: RoadUserClass::from(outcome.class).as_str().to_owned(),
            rule: outcome.rule.to_owned(),
            rule_version: outcome.rule_version,
            rule_sentence: rule.map_or("", |rule| rule.sentence).to_owned(),
            event_time: outcome.event_time,
            place: outcome.place.clone(),
            approach: outcome.approach.clone(),
            lane: outcome.lane.clone(),
            signal: outcome.signal.as_ref().map(signal),
            quantities,
            calibration: calibration(site),
            clock: clock(outcome.event_time, kept),
            models: self.models.clone(),
            program: self.program.clone(),
            redaction: RedactionEntry::from(&self.clip.redaction),
            clip: ClipRecord {
                width_px: self.clip.width_px,
                height_px: self.clip.height_px,
                frames: frames.len() as u32,
                from: end(frames.first()),
                to: end(frames.last()),
            },
            stills: self
                .clip
                .stills
                .iter()
                .map(|still| StillRecord {
                    moment: still.moment.as_str().to_owned(),
                    time: still.time,
                })
                .collect(),
            replay: crate::manifest::ReplayRecord {
                follows: false,
                sentence: String::new(),
                from: None,
                to: None,
            },
            parts: Vec::new(),
            chain: ChainLink::first(),
            sealed_at: outcome.event_time,
            key: KeyRecord { id: String::new(), public: Hash32::default() },
        }
    }
}

fn encode(part: Part, problem: impl ToString) -> DraftError {
    DraftError::Encode { part, problem: problem.to_string() }
}

fn record(part: Part, bytes: &[u8]) -> PartRecord {
    PartRecord {
        name: part.name().to_owned(),
        size_bytes: bytes.len() as u64,
        sha256: Hash32(Sha256::digest(bytes).into()),
    }
}

fn bounded(parts: &[Vec<u8>; COUNT]) -> Result<(), DraftError> {
    for part in Part::ALL {
        let (bytes, max) = (parts[part.index()].len(), part.bytes_max());
        if bytes > max {
            return Err(DraftError::TooLarge { what: part.name().to_owned(), bytes, max });
        }
        if bytes == 0 {
            return Err(DraftError::Empty(part));
        }
    }
    Ok(())
}

fn signal(signal: &Signal) -> SignalEntry {
    SignalEntry {
        group: signal.group.clone(),
        state: signal.state.as_str().to_owned(),
        since: signal.since,
    }
}

fn calibration(site: &Site) -> Vec<CalibrationRecord> {
    let cameras = site.file().cameras.iter();
    cameras
        .filter_map(|camera| {
            let model = site.camera_model(&camera.id)?;
            Some(CalibrationRecord {
                camera: camera.id.clone(),
                points: camera.calibration.points.len() as u32,
                residual_m: rounded(model.homography().residual_m()),
                residual_m_max: rounded(camera.calibration.residual_m_max),
            })
        })
        .collect()
}

/// The clock at the last observation at or before the event; the first one where there is none.
fn clock(event: EventTime, observations: &[Observation]) -> ClockRecord {
    let before = observations.iter().take_while(|o| o.time <= event).last();
    let Some(at) = before.or(observations.first()) else {
        let sentence = "No observation says where the times come from.".to_owned();
        return ClockRecord { source: String::new(), uncertainty_us: 0, sentence };
    };
    let (source, from) = match at.clock_source {
        ClockSource::Recording => {
            ("recording", "the recording's declared start plus the timestamp in the file")
        }
        ClockSource::Rtcp => ("rtcp", "the camera's own clock, through its RTCP sender reports"),
        ClockSource::Arrival => ("arrival", "the instant at which the frame reached the worker"),
    };
    let uncertainty_us = at.clock_uncertainty_us;
    let ms = f64::from(uncertainty_us) / 1e3;
    let sentence = format!(
        "Each capture instant comes from {from}; it lies within {ms} ms of the true one with a probability of 95%."
    );
    ClockRecord { source: source.to_owned(), uncertainty_us, sentence }
}
