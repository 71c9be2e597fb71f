//! The newest events of a site, and what became of them.

use std::collections::{BTreeMap, VecDeque};

use wayside_proto::{
    CameraId, Citation, CitationStatus, EventTime, Evidence, EvidenceResult, Outcome, RunId,
    SiteId, TrackId, Verdict,
};

use super::limits::{EARLY_MAX, EVENTS_MAX, NOTICES_MAX};
use crate::shapes::{
    CitationState, EventDetail, EventJson, EventKind, EventQuantity, EvidenceFailureJson,
    EvidenceState, SignalAtEvent, rounded,
};

/// Where an event stands: by time, then by id.
pub(super) type Place = (EventTime, String);

/// What an event is about, to look around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Its id.
    pub id: String,
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the camera's worker.
    pub run: RunId,
    /// The track.
    pub track: TrackId,
    /// When it happened.
    pub time: EventTime,
}

/// An event as it is kept.
#[derive(Debug)]
pub(super) struct Kept {
    subject: Option<Subject>,
    /// As it was told, less what became of it.
    event: EventJson,
    signal: Option<SignalAtEvent>,
    rule_version: Option<u32>,
    after: After,
}

/// What became of a violation.
#[derive(Debug, Default)]
struct After {
    evidence: Option<EvidenceState>,
    failure: Option<EvidenceFailureJson>,
    sealed_at: Option<EventTime>,
    citation: Option<(u32, CitationState)>,
}

/// The newest events of one site.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// By kind, so that many voids do not push the violations out.
    kept: [BTreeMap<Place, Kept>; 3],
    places: BTreeMap<String, (usize, EventTime)>,
    /// What came before its violation, oldest first.
    early: VecDeque<(String, After)>,
    /// Events that were taken and are not kept any more.
    pub(super) not_kept: u64,
    /// Evidence and citations of violations that are not known.
    pub(super) dropped: u64,
}

/// What taking an event did.
#[derive(Debug, PartialEq)]
pub(super) enum Taken {
    /// It is new.
    New,
    /// It was known.
    Known,
}

fn ring(kind: EventKind) -> usize {
    match kind {
        EventKind::Violation => 0,
        EventKind::Void => 1,
        EventKind::Notice => 2,
    }
}

impl Events {
    /// Takes an outcome.
    pub(super) fn take(&mut self, outcome: &Outcome) -> Taken {
        let early = self.early.iter().position(|(id, _)| *id == outcome.id.0);
        let early = early.and_then(|place| self.early.remove(place)).map(|(_, after)| after);
        let signal = outcome.signal.as_ref().map(|signal| SignalAtEvent {
            group: signal.group.clone(),
            state: signal.state.as_str().to_owned(),
            since: signal.since.map(|since| since.to_string()),
        });
        let subject = Subject {
            id: outcome.id.0.clone(),
            site: outcome.site.clone(),
            camera: outcome.camera.clone(),
            run: outcome.run.clone(),
            track: outcome.track,
            time: outcome.event_time,
        };
        self.keep(
            outcome.event_time,
            Kept {
                subject: Some(subject),
                event: shown(outcome),
                signal,
                rule_version: Some(outcome.rule_version),
                after: early.unwrap_or_default(),
            },
        )
    }

    /// Takes a notice.
    pub(super) fn notice(&mut self, time: EventTime, event: EventJson) -> Taken {
        self.keep(
            time,
            Kept {
                subject: None,
                event,
                signal: None,
                rule_version: None,
                after: After::default(),
            },
        )
    }

    fn keep(&mut self, time: EventTime, kept: Kept) -> Taken {
        if self.places.contains_key(&kept.event.id) {
            return Taken::Known;
        }
        let ring = ring(kept.event.kind);
        let most = if ring == 2 { NOTICES_MAX } else { EVENTS_MAX };
        let id = kept.event.id.clone();
        self.places.insert(id.clone(), (ring, time));
        if let Some(events) = self.kept.get_mut(ring) {
            events.insert((time, id), kept);
            while events.len() > most {
                if let Some(((_, gone), _)) = events.pop_first() {
                    self.places.remove(&gone);
                    self.not_kept += 1;
                }
            }
        }
        Taken::New
    }

    fn find(&mut self, id: &str) -> Option<&mut Kept> {
        let (ring, time) = *self.places.get(id)?;
        self.kept.get_mut(ring)?.get_mut(&(time, id.to_owned()))
    }

    /// What became of the violation, whether it is known already or not.
    fn after(&mut self, id: &str, put: impl FnOnce(&mut After)) {
        if let Some(kept) = self.find(id) {
            return put(&mut kept.after);
        }
        if let Some((_, after)) = self.early.iter_mut().find(|(early, _)| early == id) {
            return put(after);
        }
        let mut after = After::default();
        put(&mut after);
        self.early.push_back((id.to_owned(), after));
        if self.early.len() > EARLY_MAX {
            self.early.pop_front();
            self.dropped += 1;
        }
    }

    /// Takes what became of evidence.
    pub(super) fn evidence(&mut self, evidence: &Evidence) {
        self.after(evidence.violation.0.as_str(), |after| match &evidence.result {
            EvidenceResult::Sealed(package) => {
                after.evidence = Some(EvidenceState::Sealed);
                after.sealed_at = Some(package.sealed_at);
                after.failure = None;
            }
            EvidenceResult::Failed { .. } => {
                after.evidence = Some(EvidenceState::Failed);
                after.failure = failure(&evidence.result);
            }
        });
    }

    /// Takes what people decided.
    pub(super) fn citation(&mut self, citation: &Citation) {
        let state = citation_state(citation.status);
        self.after(citation.violation.0.as_str(), |after| {
            if after.citation.is_none_or(|(revision, _)| revision <= citation.revision) {
                after.citation = Some((citation.revision, state));
            }
        });
    }

    /// Events before a place, newest first, of the kinds that are wanted.
    pub(super) fn newest_before<'a>(
        &'a self,
        before: Option<&'a Place>,
        wanted: impl Fn(EventKind) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a Place, &'a Kept)> + 'a {
        let kinds = [EventKind::Violation, EventKind::Void, EventKind::Notice];
        let mut rings: Vec<_> = kinds
            .into_iter()
            .filter(|kind| wanted(*kind))
            .filter_map(|kind| self.kept.get(ring(kind)))
            .map(|events| match before {
                Some(before) => events.range(..before.clone()).rev().peekable(),
                None => events.range(..).rev().peekable(),
            })
            .collect();
        std::iter::from_fn(move || {
            let next = rings
                .iter_mut()
                .enumerate()
                .filter_map(|(index, ring)| ring.peek().map(|(place, _)| (*place, index)))
                .max()?;
            rings.get_mut(next.1)?.next()
        })
    }

    /// What an event is about; none of a notice.
    pub(super) fn subject(&self, id: &str) -> Option<&Subject> {
        let (ring, time) = *self.places.get(id)?;
        self.kept.get(ring)?.get(&(time, id.to_owned()))?.subject.as_ref()
    }

    /// An event with what is known around it.
    pub(super) fn detail(&self, id: &str) -> Option<EventDetail> {
        let (ring, time) = *self.places.get(id)?;
        let kept = self.kept.get(ring)?.get(&(time, id.to_owned()))?;
        let event = kept.shown();
        Some(EventDetail {
            quantities: event.quantities.clone(),
            signal: kept.signal.clone(),
            evidence: event.evidence,
            failure: kept.after.failure.clone(),
            sealed_at: kept.after.sealed_at.map(|time| time.to_string()),
            rule_version: kept.rule_version,
            event,
        })
    }
}

impl Kept {
    /// The event, with what became of it.
    pub(super) fn shown(&self) -> EventJson {
        let mut event = self.event.clone();
        if event.kind == EventKind::Violation {
            event.evidence = Some(self.after.evidence.unwrap_or(EvidenceState::Pending));
            event.citation = self.after.citation.map(|(_, state)| state);
        }
        event
    }

    /// As it was taken.
    pub(super) fn event(&self) -> &EventJson {
        &self.event
    }
}

/// What a citation says.
pub(super) fn citation_state(status: CitationStatus) -> CitationState {
    match status {
        CitationStatus::Issued => CitationState::Issued,
        CitationStatus::Voided => CitationState::Voided,
    }
}

/// Why there is no evidence.
pub(super) fn failure(result: &EvidenceResult) -> Option<EvidenceFailureJson> {
    let EvidenceResult::Failed { cause, detail } = result else { return None };
    Some(EvidenceFailureJson { cause: cause.as_str().to_owned(), detail: detail.clone() })
}

/// An outcome as an event.
pub(super) fn shown(outcome: &Outcome) -> EventJson {
    let (kind, cause, detail) = match &outcome.verdict {
        Verdict::Violation => (EventKind::Violation, None, None),
        Verdict::Void { cause, detail } => {
            (EventKind::Void, Some(cause.as_str().to_owned()), Some(detail.clone()))
        }
    };
    let number = |value: f64| rounded(value, 1e6);
    let quantities = outcome.quantities.iter().map(|quantity| EventQuantity {
        name: quantity.name.to_owned(),
        value: number(quantity.value),
        low: quantity.low.map(number),
        high: quantity.high.map(number),
        unit: quantity.unit.as_str().to_owned(),
    });
    let class = wayside_proto::RoadUserClass::from(outcome.class);
    EventJson {
        id: outcome.id.0.clone(),
        kind,
        rule: outcome.rule.to_owned(),
        site: outcome.site.0.clone(),
        camera: outcome.camera.0.clone(),
        time: outcome.event_time.to_string(),
        vehicle_class: Some(class.as_str().to_owned()),
        track: Some(outcome.track.0),
        lane: outcome.lane.clone(),
        place: (!outcome.place.is_empty()).then(|| outcome.place.clone()),
        approach: outcome.approach.clone(),
        cause,
        detail,
        quantities: quantities.collect(),
        evidence: (kind == EventKind::Violation).then_some(EvidenceState::Pending),
        citation: None,
    }
}
