//! Packages of a replay's violations, from the recording itself.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use wayside_clips::{Eyes, Source};
use wayside_evidence::{
    About, Advance, Footage, FootageError, Gathered, Job, MakeOptions, Maker, SourceError, Sources,
    Store,
};
use wayside_package::observations_needed;
use wayside_proto::convert::{Frames, Message};
use wayside_proto::{
    ClipRequest, EventTime, Evidence, EvidenceResult, Observation, Outcome, RedactedClip, Verdict,
};
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;
use wayside_site::model::Footage as Kind;

use super::Sealing;
use crate::failure::Failure;

/// Observations between two entries of the index.
const EVERY: usize = 64;

/// A recording, with what a replay made of it.
pub(crate) struct Recording<'a> {
    pub(crate) site: &'a Site,
    pub(crate) site_toml: &'a str,
    /// Records of the log, then what lamps showed.
    pub(crate) signals: Vec<SignalRecord>,
    /// `observations.binpb`.
    pub(crate) observations: &'a Path,
    pub(crate) source: Source,
    pub(crate) eyes: Eyes,
    /// Name and digest of the detector.
    pub(crate) about: About,
}

/// What became of one violation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// The violation.
    pub violation: String,
    /// Its package: a path below the store; none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// Redacts out of a recording.
struct OfRecording {
    source: Source,
    eyes: Mutex<Eyes>,
}

impl Footage for OfRecording {
    fn fetch(&self, request: &ClipRequest, _: Option<&str>) -> Result<RedactedClip, FootageError> {
        let mut eyes = self.eyes.lock().unwrap_or_else(PoisonError::into_inner);
        wayside_clips::redact(&self.source, request, &mut eyes)
            .map_err(|error| FootageError::lasting(error.failure(), error.to_string()))
    }
}

/// Surroundings out of the file of observations.
struct OfFile {
    bytes: Vec<u8>,
    /// Time and place of one in [`EVERY`] observations.
    index: Vec<(EventTime, usize)>,
    site: Site,
    site_toml: String,
    signals: Vec<SignalRecord>,
}

impl OfFile {
    fn read(recording: &Recording<'_>) -> Result<Self, Failure> {
        let path = recording.observations;
        let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
        let mut index = Vec::new();
        let broken = |error: &dyn std::fmt::Display| {
            Failure::failed(format!("{} cannot be read again: {error}", path.display()))
        };
        for (number, frame) in Frames::new(&bytes).enumerate() {
            let frame = frame.map_err(|error| broken(&error))?;
            if number % EVERY == 0 {
                let observation =
                    Observation::from_bytes(frame.body).map_err(|error| broken(&error))?;
                index.push((observation.time, frame.offset));
            }
        }
        Ok(Self {
            bytes,
            index,
            site: recording.site.clone(),
            site_toml: recording.site_toml.to_owned(),
            signals: recording.signals.clone(),
        })
    }

    fn between(&self, from: EventTime, until: EventTime) -> Result<Vec<Observation>, String> {
        let before = self.index.partition_point(|(time, _)| *time <= from).saturating_sub(1);
        let begin = self.index.get(before).map_or(0, |(_, offset)| *offset);
        let rest = self.bytes.get(begin..).unwrap_or_default();
        let mut found = Vec::new();
        for frame in Frames::new(rest) {
            let frame = frame.map_err(|error| error.to_string())?;
            let observation =
                Observation::from_bytes(frame.body).map_err(|error| error.to_string())?;
            if observation.time > until {
                break;
            }
            if observation.time >= from {
                found.push(observation);
            }
        }
        Ok(found)
    }
}

impl Sources for OfFile {
    fn gather(&self, outcome: &Outcome, to: EventTime) -> Result<Gathered, SourceError> {
        let needed = observations_needed(&self.site, outcome.rule);
        let from = outcome.event_time.plus_s(-needed.before_s);
        let until = outcome.event_time.plus_s(needed.after_s).max(to);
        let observations = self.between(from, until).map_err(SourceError::Passing)?;
        let footage = self.site.file().footage_of(outcome.camera.as_str());
        Ok(Gathered {
            site_toml: self.site_toml.clone(),
            observations,
            signals: self.signals.clone(),
            is_simulated: footage == Kind::Simulated,
            is_whole: true,
        })
    }

    fn worker(&self, _: &Outcome) -> Option<String> {
        None
    }
}

/// Makes a package of each violation. The same recording, models and key give the same bytes: a package is
/// sealed at the time of its event.
pub(crate) fn record(
    recording: Recording<'_>,
    outcomes: &[Outcome],
    sealing: Sealing,
    store: Arc<Store>,
    mut tell: impl FnMut(usize),
) -> Result<Vec<Recorded>, Failure> {
    let sources = OfFile::read(&recording)?;
    let Recording { source, eyes, about, .. } = recording;
    let options = MakeOptions { window: sealing.window, age_s_max: None, ..MakeOptions::default() };
    let footage = Arc::new(OfRecording { source, eyes: Mutex::new(eyes) });
    let clock = Arc::new(|outcome: &Outcome| outcome.event_time);
    let mut maker = Maker::new(store, footage, sealing.key, sealing.trusted, about, options, clock);
    if let Some(credentials) = sealing.credentials {
        maker.with_credentials(credentials);
    }
    let violations = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Violation);
    let mut all = Vec::new();
    for outcome in violations {
        let mut job = Job::new(outcome.clone());
        let evidence = loop {
            match maker.advance(&mut job, &sources) {
                Advance::Done(evidence) => break *evidence,
                Advance::Wait { wait, .. } => std::thread::sleep(wait),
                Advance::Killed => {
                    return Err(Failure::failed("the making of packages was stopped"));
                }
            }
        };
        all.push(recorded(&evidence));
        tell(all.len());
    }
    Ok(all)
}

fn recorded(evidence: &Evidence) -> Recorded {
    let violation = evidence.violation.0.clone();
    match &evidence.result {
        EvidenceResult::Sealed(package) => {
            Recorded { violation, package: Some(package.uri.clone()), failed: None }
        }
        EvidenceResult::Failed { cause, detail } => {
            let failed = Some(format!("{}: {detail}", cause.as_str()));
            Recorded { violation, package: None, failed }
        }
    }
}
