//! Judges each observation twice.

use std::collections::BTreeMap;

use wayside_proto::{CameraId, EventTime, Observation, Outcome, Verdict};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, SignalRecord};
use wayside_site::Site;

use super::topic::Window;
use crate::failure::Failure;

/// Most cameras of a site.
const CAMERAS_MAX: usize = 1_000;
/// Most events of one judgement.
const OUTCOMES_MAX: usize = 500_000;

/// One judgement under way.
struct Judgement {
    site: Site,
    signals: SignalHistory,
    engines: BTreeMap<CameraId, Engine>,
    outcomes: Vec<Outcome>,
    violations: usize,
}

/// Two judgements of the same observations under way.
pub struct Rerun {
    in_force: Judgement,
    draft: Judgement,
    window: Option<Window>,
    cameras: BTreeMap<CameraId, u64>,
    span: Option<(EventTime, EventTime)>,
}

/// What came out.
pub struct Judged {
    /// Events under the site file in force.
    pub before: Vec<Outcome>,
    /// Events under the draft.
    pub after: Vec<Outcome>,
    /// Observations by camera.
    pub cameras: BTreeMap<String, u64>,
    /// First and last instant.
    pub span: Option<(EventTime, EventTime)>,
}

impl Rerun {
    /// Both sites with the same signals. Only events within `window` count, where there is one.
    #[must_use]
    pub fn new(
        in_force: Site,
        draft: Site,
        signals: &[SignalRecord],
        window: Option<Window>,
    ) -> Self {
        Self {
            in_force: Judgement::new(in_force, signals),
            draft: Judgement::new(draft, signals),
            window,
            cameras: BTreeMap::new(),
            span: None,
        }
    }

    /// Takes the next observation; those of one camera come in order of time.
    ///
    /// # Errors
    /// Where a bound is broken.
    pub fn observe(&mut self, observation: &Observation) -> Result<(), Failure> {
        let known = self.cameras.len();
        let count = self.cameras.entry(observation.camera.clone()).or_default();
        *count += 1;
        if *count == 1 && known >= CAMERAS_MAX {
            return Err(Failure::input(format!(
                "more than {CAMERAS_MAX} cameras have observations of the site"
            )));
        }
        let time = observation.time;
        self.span =
            Some(self.span.map_or((time, time), |(from, to)| (from.min(time), to.max(time))));
        // A camera that only one of the files has is judged under that one alone; one that neither has,
        // such as `tracks` of a simulation, under both.
        let camera = observation.camera.as_str();
        let old = self.in_force.site.camera(camera).is_some();
        let new = self.draft.site.camera(camera).is_some();
        for (judgement, due) in [(&mut self.in_force, old || !new), (&mut self.draft, new || !old)]
        {
            if due {
                judgement.observe(observation, self.window)?;
            }
        }
        Ok(())
    }

    /// Violations and voids of the draft so far.
    #[must_use]
    pub fn tally(&self) -> (usize, usize) {
        (self.draft.violations, self.draft.outcomes.len() - self.draft.violations)
    }

    /// Ends both.
    ///
    /// # Errors
    /// Where a bound is broken.
    pub fn finish(self) -> Result<Judged, Failure> {
        Ok(Judged {
            before: self.in_force.finish(self.window)?,
            after: self.draft.finish(self.window)?,
            cameras: self.cameras.into_iter().map(|(id, count)| (id.0, count)).collect(),
            span: self.span,
        })
    }
}

impl Judgement {
    fn new(site: Site, signals: &[SignalRecord]) -> Self {
        let records = signals.iter().cloned();
        let signals = SignalHistory::with_records(&site.file().signals, records);
        let (engines, outcomes) = (BTreeMap::new(), Vec::new());
        Self { site, signals, engines, outcomes, violations: 0 }
    }

    fn observe(
        &mut self,
        observation: &Observation,
        window: Option<Window>,
    ) -> Result<(), Failure> {
        let site = &self.site;
        let engine =
            self.engines.entry(observation.camera.clone()).or_insert_with(|| Engine::new(site));
        let outcomes = engine.observe(observation, &self.signals);
        self.keep(outcomes, window)
    }

    fn finish(mut self, window: Option<Window>) -> Result<Vec<Outcome>, Failure> {
        for (_, mut engine) in std::mem::take(&mut self.engines) {
            let (outcomes, _) = engine.finish(&self.signals);
            self.keep(outcomes, window)?;
        }
        Ok(self.outcomes)
    }

    fn keep(&mut self, outcomes: Vec<Outcome>, window: Option<Window>) -> Result<(), Failure> {
        for outcome in outcomes {
            let counts =
                window.is_none_or(|window| (window.from..=window.to).contains(&outcome.event_time));
            if !counts {
                continue;
            }
            if self.outcomes.len() >= OUTCOMES_MAX {
                return Err(Failure::input(format!(
                    "more than {OUTCOMES_MAX} events by {}\n  hint: compare a shorter span",
                    outcome.event_time
                )));
            }
            self.violations += usize::from(outcome.verdict == Verdict::Violation);
            self.outcomes.push(outcome);
        }
        Ok(())
    }
}
