//! One partition of passages: its sections, how far it was read, what waits to be committed.

use std::collections::BTreeMap;

use wayside_bus::{Offset, Partition, Position, Record, Stored, Topic, unreadable};
use wayside_index::{Index, IndexError, Point, PointId, Query};
use wayside_proto::convert::Message;
use wayside_proto::{
    EventTime, Passage, PassageContent, PassageId, SectionId, TravelTime, Verdict,
};
use wayside_sections::{Action, Begin, Hit, Question, SectionCore, Step};

use super::map::{SectionMap, end};
use super::receipts::{Chains, index_of};
use super::{SectionTotals, VECTOR_DIMENSION};
use crate::lane::is_ahead;
use crate::letters;
use crate::options::Options;
use crate::standdowns::StandDowns;

pub(super) struct SectionLane {
    pub(super) partition: Partition,
    consumer: String,
    pub(super) cores: BTreeMap<SectionId, SectionCore>,
    pub(super) next: Offset,
    /// After a restart: what stands before this was decided by the process before.
    until: Option<Offset>,
    pub(super) outbox: Vec<(Topic, Record)>,
    /// Points that wait to be stored in the index.
    points: Vec<Point>,
    pub(super) unsaved: u64,
    pub(super) totals: SectionTotals,
    /// The latest event time of a message, and when it came by this machine's clock.
    newest: Option<(EventTime, EventTime)>,
    began: EventTime,
}

/// Silence, microseconds, after which this machine's clock says what has expired.
const SILENCE_US: i64 = 600_000_000;

/// What a lane needs to work.
pub(super) struct Tools<'a> {
    pub(super) map: &'a SectionMap,
    pub(super) index: &'a dyn Index,
    pub(super) chains: &'a Chains,
    pub(super) stand_downs: &'a StandDowns,
    pub(super) options: &'a Options,
    pub(super) now: EventTime,
}

impl SectionLane {
    /// A partition that was assigned, and from where it is to be read.
    pub(super) fn begin(
        consumer: &str,
        partition: Partition,
        position: Option<Position>,
        begin: Offset,
        now: EventTime,
    ) -> Self {
        let (next, until) = match position {
            None => (begin, None),
            // Where retention has taken what it would need, it begins anew.
            Some(Position { next, rewind }) if rewind < begin => (next.max(begin), None),
            Some(Position { next, rewind }) => (rewind, (rewind < next).then_some(next)),
        };
        Self {
            partition,
            consumer: consumer.to_owned(),
            cores: BTreeMap::new(),
            next,
            until,
            outbox: Vec::new(),
            points: Vec::new(),
            unsaved: u64::MAX,
            totals: SectionTotals::default(),
            newest: None,
            began: now,
        }
    }

    /// Takes a record. What the index refuses is tried again by the next call with the same record.
    pub(super) fn take(&mut self, stored: &Stored, tools: &Tools<'_>) -> Result<(), IndexError> {
        let again = self.until.is_some_and(|until| stored.offset < until);
        if !again {
            self.until = None;
        }
        if stored.offset >= self.next {
            self.totals.missed += stored.offset.0 - self.next.0;
            match read(stored, tools) {
                Ok(passage) => self.passage(stored.offset, passage, again, tools),
                Err(_) if again => {}
                Err(error) => {
                    self.totals.dead_letters += 1;
                    let letter = unreadable(Topic::Passages, stored, error, &self.consumer);
                    self.outbox.push(letter);
                }
            }
            self.next = stored.offset.next();
            self.unsaved = self.unsaved.saturating_add(u64::from(!again));
        }
        self.work(again, tools)
    }

    fn passage(&mut self, place: Offset, passage: Passage, again: bool, tools: &Tools<'_>) {
        let id = passage.section.clone();
        let Some(settings) = tools.map.get(&id) else {
            self.totals.other_sections += 1;
            return;
        };
        // A section that is new has nothing before its first message that it could rely on.
        let begin = if again { Begin::Rewound } else { Begin::Cold };
        let core =
            self.cores.entry(id).or_insert_with(|| SectionCore::new(settings.clone(), begin));
        self.totals.passages += 1;
        if self.newest.is_none_or(|(newest, _)| passage.time > newest) {
            self.newest = Some((passage.time, tools.now));
        }
        if core.take(place.0, passage).is_err() {
            self.totals.refused += 1;
        }
    }

    /// Does what the cores ask for.
    pub(super) fn work(&mut self, again: bool, tools: &Tools<'_>) -> Result<(), IndexError> {
        let mut cores = std::mem::take(&mut self.cores);
        let mut done = Ok(());
        for core in cores.values_mut() {
            while let Some(step) = core.poll() {
                match step {
                    Step::Do(action) => self.act(action, again, tools),
                    Step::Ask(question) => match self.ask(&question, tools) {
                        Ok(hits) => core.answer(&hits),
                        // The question stays until it is answered.
                        Err(error) => {
                            done = Err(error);
                            break;
                        }
                    },
                }
            }
        }
        self.cores = cores;
        done
    }

    fn ask(&mut self, question: &Question, tools: &Tools<'_>) -> Result<Vec<Hit>, IndexError> {
        self.flush(tools.index)?;
        let query = Query {
            section: question.section.0.clone(),
            end: end(question.end),
            from: question.from.0,
            to: question.to.0.saturating_add(1),
            classes: None,
            vector: question.vector.clone(),
            limit: question.limit,
        };
        let hits = tools.index.search(&query)?;
        self.totals.lookups += 1;
        Ok(hits.into_iter().map(|hit| Hit { id: PassageId(hit.id.0.to_be_bytes()) }).collect())
    }

    /// Stores the points that wait.
    pub(super) fn flush(&mut self, index: &dyn Index) -> Result<(), IndexError> {
        if !self.points.is_empty() {
            index.upsert(&self.points)?;
            self.totals.stored += self.points.len() as u64;
            self.points.clear();
        }
        Ok(())
    }

    fn act(&mut self, action: Action, again: bool, tools: &Tools<'_>) {
        match action {
            Action::Store(id, passage) => self.store(id, *passage, tools.chains),
            Action::Matched(_) if !again => self.totals.matched += 1,
            Action::Abstained(_) if !again => self.totals.abstained += 1,
            Action::Concluded(mut outcome) if !again => {
                tools.stand_downs.apply(&mut outcome);
                match outcome.verdict {
                    Verdict::Violation => self.totals.violations += 1,
                    Verdict::Void { .. } => self.totals.voids += 1,
                }
                self.outbox.push(letters::outcome(&outcome, &self.consumer));
            }
            Action::Timed(time) if !again => self.outbox.extend(timed(&time)),
            _ => {}
        }
    }

    fn store(&mut self, id: PassageId, passage: Passage, chains: &Chains) {
        let PassageContent::Vehicle(vehicle) = passage.content else { return };
        // What was receipted as deleted does not come back.
        let gone = chains.limit(&index_of(passage.section.as_str()));
        if gone.is_some_and(|limit| passage.expires < limit) {
            return;
        }
        self.points.push(Point {
            id: PointId(u128::from_be_bytes(id.0)),
            key: format!("{}/{}/{}", passage.site, passage.camera, vehicle.track),
            section: passage.section.0,
            end: end(passage.end),
            time: passage.time.0,
            class: vehicle.class,
            expires: passage.expires.0,
            vector: vehicle.embedding,
        });
    }

    /// What time it is where the passages come from: that of the newest one, and what has gone by since.
    /// Recorded passages are judged long after they happened, so this machine's clock alone says
    /// nothing; it holds where nothing has come for minutes.
    pub(super) fn event_now(&self, now: EventTime) -> Option<EventTime> {
        match self.newest {
            Some((newest, came)) => Some(EventTime(newest.0 + (now.0 - came.0).max(0)).min(now)),
            None => (now.0 - self.began.0 > SILENCE_US).then_some(now),
        }
    }

    /// Next record, and the first that a restart would need.
    pub(super) fn position(&self) -> Position {
        let needs = self.cores.values().filter_map(SectionCore::needs).min();
        Position { next: self.next, rewind: needs.map_or(self.next, Offset).min(self.next) }
    }

    /// Whether it reads again what another process has decided.
    pub(super) fn is_catching_up(&self) -> bool {
        self.until.is_some_and(|until| self.next < until)
    }
}

fn read(stored: &Stored, tools: &Tools<'_>) -> Result<Passage, String> {
    let passage = Passage::from_bytes(&stored.value).map_err(|error| error.to_string())?;
    if is_ahead(passage.time, tools.now, tools.options) {
        return Err(letters::ahead(passage.time, tools.options));
    }
    match &passage.content {
        PassageContent::Vehicle(vehicle) if vehicle.embedding.len() != VECTOR_DIMENSION => {
            Err(format!(
                "its embedding has {} numbers; vectors of this installation have {VECTOR_DIMENSION}",
                vehicle.embedding.len()
            ))
        }
        _ => Ok(passage),
    }
}

fn timed(time: &TravelTime) -> Option<(Topic, Record)> {
    let value = time.to_bytes().ok()?;
    let (key, id) = (time.section.0.clone(), format!("{}/{}", time.section, time.time.0));
    Some((Topic::TravelTimes, Record { key, time: time.time.0, id: Some(id), value }))
}
