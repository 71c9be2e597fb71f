//! What the console knows: the records of the bus, folded into memory that has a bound.
//!
//! [`State`] takes one record after the other and returns what changed; `answer` asks it. A site holds its
//! cameras (`camera`), signals of 5 minutes (`signals`), the newest events and what became of them (`events`),
//! voids by cause (`voids`), flow and occupancy of an hour (`flow`). Bounds are in `limits`; what does not fit
//! is counted ([`State::dropped`]). Taking a record again changes nothing.
//!
//! Pure: no clock (the time comes in), no disk, no network, no chance, ordered collections alone
//! (`tests/console_purity.rs` looks through it).

mod answer;
mod camera;
mod change;
mod day;
mod events;
mod flow;
mod limits;
mod signals;
mod site;
mod travel;
mod voids;

use std::collections::BTreeMap;
use std::sync::Arc;

use wayside_proto::{
    CameraHealth, CameraId, Citation, EventTime, Evidence, EvidenceResult, Observation, Outcome,
    RuleStandDown, SignalReport, SiteId, TravelTime, Verdict,
};
use wayside_site::Site;

pub use answer::EventFilter;
pub use change::Change;
pub use events::Subject;
pub(crate) use limits::EVENTS_MAX;
pub(crate) use signals::signal_histories;

use crate::shapes::{CameraTracks, EvidenceState, LiveCitation, LiveEvidence, LiveHealth};
use events::{Taken, citation_state, failure};
use site::Book;
use travel::Travel;

/// A record that the console follows.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// What a camera saw.
    Observation(Observation),
    /// What a signal group shows.
    Signal(SignalReport),
    /// How a camera is.
    Health(Box<CameraHealth>),
    /// What a rule concluded.
    Outcome(Box<Outcome>),
    /// What became of evidence.
    Evidence(Evidence),
    /// What people decided.
    Citation(Box<Citation>),
    /// A window of travel times.
    TravelTime(TravelTime),
    /// A rule stands down, or is back.
    StandDown(RuleStandDown),
}

/// When a record was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The console's clock; of a record that is older than the console, the record's own time.
    pub now: EventTime,
    /// Whether it came as it happened, so that the time it took says something.
    pub live: bool,
}

/// Everything that the console knows.
#[derive(Debug, Default)]
pub struct State {
    books: BTreeMap<SiteId, Book>,
    travel: Travel,
    /// Records of sites that are not known.
    other_sites: u64,
}

impl State {
    /// Takes a site, or another file of a known one. `logged` are reports of its signals that do not come over
    /// the bus, in order of time.
    pub fn put_site(&mut self, site: Arc<Site>, logged: Arc<Vec<SignalReport>>) {
        let id = site.id();
        match self.books.get_mut(&id) {
            Some(book) if book.is(&site, &logged) => {}
            Some(book) => book.fit(site, logged),
            None => {
                self.books.insert(id, Book::new(site, logged));
            }
        }
    }

    /// Forgets sites that are not in the list.
    pub fn keep_sites(&mut self, keep: impl Fn(&SiteId) -> bool) {
        self.books.retain(|id, _| keep(id));
    }

    fn book(&mut self, site: &SiteId) -> Option<&mut Book> {
        if !self.books.contains_key(site) {
            self.other_sites += 1;
        }
        self.books.get_mut(site)
    }

    /// Takes a record. What changed goes to `changes`; the camera whose tracks are new is returned.
    pub fn take(
        &mut self,
        heard: Heard,
        when: When,
        changes: &mut Vec<Change>,
    ) -> Option<(SiteId, CameraId)> {
        match heard {
            Heard::Observation(seen) => return self.observation(&seen, when, changes),
            Heard::Signal(report) => {
                let changed = self.book(&report.site)?.signals.take(&report);
                changes.extend(changed.map(Change::Signals));
            }
            Heard::Health(health) => self.health(*health, when, changes),
            Heard::Outcome(outcome) => self.outcome(&outcome, changes),
            Heard::Evidence(evidence) => self.evidence(&evidence, changes),
            Heard::Citation(citation) => self.citation(&citation, changes),
            Heard::TravelTime(window) => {
                if self.travel.take(&window) {
                    let section = self.section(window.section.as_str());
                    changes.push(Change::TravelTime(travel::shown(&window, section)));
                }
            }
            Heard::StandDown(told) => {
                if let Some(book) = self.book(&told.site) {
                    book.rule(told, changes);
                }
            }
        }
        None
    }

    fn observation(
        &mut self,
        seen: &Observation,
        when: When,
        changes: &mut Vec<Change>,
    ) -> Option<(SiteId, CameraId)> {
        let book = self.book(&seen.site)?;
        book.flow.observe(seen);
        let Some(camera) = book.cameras.get_mut(&seen.camera) else {
            book.other_cameras += 1;
            return None;
        };
        let newer = camera.observe(seen, when.now, when.live);
        if when.live && camera.refresh(when.now, false) {
            let camera = camera.summary(seen.camera.as_str());
            changes.push(Change::Health(LiveHealth { site: seen.site.0.clone(), camera }));
        }
        newer.then(|| (seen.site.clone(), seen.camera.clone()))
    }

    fn health(&mut self, health: CameraHealth, when: When, changes: &mut Vec<Change>) {
        let Some(book) = self.book(&health.site) else { return };
        let Some(camera) = book.cameras.get_mut(&health.camera) else {
            book.other_cameras += 1;
            return;
        };
        let before = camera.take(health.clone(), when.now);
        // What is late says nothing of now.
        if before.as_ref().is_some_and(|before| before.time > health.time) {
            return;
        }
        if camera.refresh(when.now, true) {
            let camera = camera.summary(health.camera.as_str());
            changes.push(Change::Health(LiveHealth { site: health.site.0.clone(), camera }));
        }
        book.conditions(&health, before.as_ref(), changes);
    }

    fn outcome(&mut self, outcome: &Outcome, changes: &mut Vec<Change>) {
        let Some(book) = self.book(&outcome.site) else { return };
        if book.events.take(outcome) == Taken::Known {
            return;
        }
        match &outcome.verdict {
            Verdict::Violation => book.violations.add(outcome.event_time),
            Verdict::Void { cause, .. } => {
                book.voided.add(outcome.event_time);
                book.voids.add(outcome, *cause);
            }
        }
        changes.push(Change::Event(Box::new(events::shown(outcome))));
    }

    fn evidence(&mut self, evidence: &Evidence, changes: &mut Vec<Change>) {
        let Some(book) = self.book(&evidence.site) else { return };
        book.events.evidence(evidence);
        let state = match evidence.result {
            EvidenceResult::Sealed(_) => EvidenceState::Sealed,
            EvidenceResult::Failed { .. } => EvidenceState::Failed,
        };
        changes.push(Change::Evidence(LiveEvidence {
            event: evidence.violation.0.clone(),
            site: evidence.site.0.clone(),
            camera: evidence.camera.0.clone(),
            state,
            failure: failure(&evidence.result),
        }));
    }

    fn citation(&mut self, citation: &Citation, changes: &mut Vec<Change>) {
        let Some(book) = self.book(&citation.site) else { return };
        book.events.citation(citation);
        changes.push(Change::Citation(LiveCitation {
            event: citation.violation.0.clone(),
            citation: citation.id.0.clone(),
            site: citation.site.0.clone(),
            camera: citation.camera.0.clone(),
            rule: citation.rule.to_owned(),
            state: citation_state(citation.status),
            time: citation.decision.decided_at.to_string(),
        }));
    }

    /// Time goes on: who has not been heard of is lost, and what was logged comes to pass.
    pub fn tick(&mut self, now: EventTime, changes: &mut Vec<Change>) {
        for (id, book) in &mut self.books {
            book.tick(now, changes);
            for (name, camera) in &mut book.cameras {
                if camera.refresh(now, false) {
                    let camera = camera.summary(name.as_str());
                    changes.push(Change::Health(LiveHealth { site: id.0.clone(), camera }));
                }
            }
        }
    }

    /// What a camera saw last.
    #[must_use]
    pub fn tracks(&self, site: &SiteId, camera: &CameraId) -> Option<CameraTracks> {
        self.books.get(site)?.cameras.get(camera)?.tracks(site.as_str(), camera.as_str())
    }

    /// The sites that are known, in order of id.
    pub fn sites(&self) -> impl Iterator<Item = &SiteId> {
        self.books.keys()
    }

    /// Capture instant of the newest frame of a site, or of all.
    #[must_use]
    pub fn newest(&self, site: Option<&SiteId>) -> Option<EventTime> {
        let books = self.books.iter().filter(|(id, _)| site.is_none_or(|site| site == *id));
        books.flat_map(|(_, book)| book.cameras.values()).filter_map(|camera| camera.newest()).max()
    }

    /// Things that did not fit, or belong to nothing that is known.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        let of = |book: &Book| {
            book.other_cameras + book.events.dropped + book.voids.dropped + book.flow.dropped
        };
        self.books.values().map(of).sum::<u64>() + self.travel.dropped + self.other_sites
    }
}
