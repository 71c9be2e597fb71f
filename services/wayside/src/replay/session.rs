//! What every replay does with an observation, wherever it comes from: keep it, judge it, and
//! remember what the report shows.

use wayside_proto::convert::encode_delimited;
use wayside_proto::{
    Content, EventTime, Gap, Observation, Outcome, Passage, Verdict, convert, json, wire,
};
use wayside_rules::signals::SignalHistory;
use wayside_rules::{Counts, Engine};
use wayside_site::Site;

use super::cards::Past;
use super::outputs::{COUNTS, OBSERVATIONS, OutputFile, OutputFolder, PASSAGES, VIOLATIONS, VOIDS};
use super::paths::Paths;
use super::stills::StillRing;
use crate::failure::Failure;

/// Most gaps that the report lists.
const GAPS_MAX: usize = 10_000;

/// A replay under way.
pub struct Session {
    engine: Engine,
    signals: SignalHistory,
    observations: OutputFile,
    /// Where the camera sees the end of a section; with the vehicles so far.
    passages: Option<(OutputFile, u64)>,
    buffer: Vec<u8>,
    /// Violations and voids so far, in order of decision.
    pub outcomes: Vec<Outcome>,
    /// Ways of the tracks.
    pub paths: Paths,
    /// Frames that were looked at.
    pub frames: u64,
    /// Those of them that were skipped because nothing moved.
    pub frames_still: u64,
    /// First and last instant.
    pub span: Option<(EventTime, EventTime)>,
    gaps: Vec<Gap>,
    counts: Counts,
}

/// What is known when a replay has ended.
pub struct Judged {
    /// All outcomes, in order of event time.
    pub outcomes: Vec<Outcome>,
    /// Counts.
    pub counts: Counts,
    /// Signals, including what lamps showed.
    pub signals: SignalHistory,
    /// Ways of the tracks.
    pub paths: Paths,
    /// Frames that were looked at.
    pub frames: u64,
    /// Those of them that were skipped because nothing moved.
    pub frames_still: u64,
    /// First and last instant.
    pub span: Option<(EventTime, EventTime)>,
    /// Spans that were not looked at.
    pub gaps: Vec<Gap>,
    /// Vehicles that passed the end of a section, and the SHA-256 of what was said; none where the
    /// camera sees no end.
    pub passages: Option<(u64, String)>,
    /// SHA-256 of the observations.
    pub observations_sha256: String,
    /// SHA-256 of the violations.
    pub violations_sha256: String,
    /// SHA-256 of the voids.
    pub voids_sha256: String,
}

impl Session {
    /// A session that writes to `folder`.
    pub fn start(
        site: &Site,
        signals: SignalHistory,
        folder: &OutputFolder,
    ) -> Result<Self, Failure> {
        Ok(Self {
            engine: Engine::new(site),
            signals,
            observations: folder.start(OBSERVATIONS)?,
            passages: None,
            buffer: Vec::new(),
            outcomes: Vec::new(),
            paths: Paths::default(),
            frames: 0,
            frames_still: 0,
            span: None,
            gaps: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// Keeps what ends of sections say.
    pub fn keep_passages(&mut self, folder: &OutputFolder) -> Result<(), Failure> {
        self.passages = Some((folder.start(PASSAGES)?, 0));
        Ok(())
    }

    /// Keeps what the ends of sections said.
    pub fn passages(&mut self, said: &[Passage]) -> Result<(), Failure> {
        let Some((file, vehicles)) = &mut self.passages else { return Ok(()) };
        for passage in said {
            let broken = |error: &dyn std::fmt::Display| {
                let (section, time) = (&passage.section, passage.time);
                Failure::failed(format!(
                    "a passage of section {section} at {time} cannot be kept: {error}"
                ))
            };
            self.buffer.clear();
            let message = wire::Passage::try_from(passage).map_err(|error| broken(&error))?;
            encode_delimited(&message, &mut self.buffer).map_err(|error| broken(&error))?;
            file.append(&self.buffer)?;
            *vehicles += u64::from(passage.vehicle().is_some());
        }
        Ok(())
    }

    /// The signals as known so far.
    pub fn signals(&mut self) -> &mut SignalHistory {
        &mut self.signals
    }

    /// What stills are cut from.
    pub fn past<'a>(&'a self, ring: &'a StillRing) -> Past<'a> {
        Past { ring, paths: &self.paths, signals: &self.signals }
    }

    /// Keeps an observation and judges it. Returns how many outcomes there were before it.
    pub fn observe(&mut self, observation: &Observation) -> Result<usize, Failure> {
        self.buffer.clear();
        convert::encode_observation(observation, &mut self.buffer).map_err(|error| {
            Failure::input(format!(
                "observation {} at {} cannot be kept: {error}",
                observation.sequence, observation.time
            ))
        })?;
        self.observations.append(&self.buffer)?;
        match &observation.content {
            Content::Tracks { tracks, skipped_still } => {
                self.frames += 1;
                self.frames_still += u64::from(*skipped_still);
                self.paths.add(observation.time, tracks);
            }
            Content::Gap(gap) if self.gaps.len() < GAPS_MAX => self.gaps.push(*gap),
            Content::Gap(_) => {}
        }
        let first = self.span.map_or(observation.time, |(first, _)| first);
        self.span = Some((first, observation.time));
        let before = self.outcomes.len();
        self.outcomes.extend(self.engine.observe(observation, &self.signals));
        Ok(before)
    }

    /// Violations and voids so far.
    pub fn tally(&self) -> (usize, usize) {
        let violations =
            self.outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Violation).count();
        (violations, self.outcomes.len() - violations)
    }

    /// Decides what is still open at the end of the recording.
    pub fn close(&mut self) -> &[Outcome] {
        let before = self.outcomes.len();
        let (last, counts) = self.engine.finish(&self.signals);
        self.outcomes.extend(last);
        self.counts = counts;
        &self.outcomes[before..]
    }

    /// Writes what was found.
    pub fn finish(mut self, folder: &OutputFolder) -> Result<Judged, Failure> {
        self.outcomes
            .sort_by(|a, b| (a.event_time, a.rule, &a.id).cmp(&(b.event_time, b.rule, &b.id)));
        let lines = |violation: bool, line: fn(&Outcome) -> String| {
            let chosen = self
                .outcomes
                .iter()
                .filter(|outcome| (outcome.verdict == Verdict::Violation) == violation);
            chosen.map(|outcome| line(outcome) + "\n").collect::<String>()
        };
        let violations_sha256 =
            folder.write(VIOLATIONS, lines(true, json::violation_line).as_bytes())?;
        let voids_sha256 = folder.write(VOIDS, lines(false, json::void_line).as_bytes())?;
        let counts_json = serde_json::to_vec_pretty(&self.counts)
            .map_err(|error| Failure::failed(format!("the counts cannot be written: {error}")))?;
        folder.write(COUNTS, &counts_json)?;
        let passages = match self.passages {
            Some((file, vehicles)) => Some((vehicles, file.finish()?)),
            None => None,
        };
        Ok(Judged {
            passages,
            observations_sha256: self.observations.finish()?,
            violations_sha256,
            voids_sha256,
            outcomes: self.outcomes,
            counts: self.counts,
            signals: self.signals,
            paths: self.paths,
            frames: self.frames,
            frames_still: self.frames_still,
            span: self.span,
            gaps: self.gaps,
        })
    }
}
