//! A stretch of a site's stream, encoded once and played for many sites.
//!
//! Encoding costs more than moving the traffic. A tape keeps each observation without what differs
//! between sites (site, run, sequence, time), so that playing it writes a few dozen bytes and copies
//! the rest. Where a tape ends it begins again under another run: tracks do not pass the seam, and ids
//! stay unique within a run. A [`TapePlayer`] may begin anywhere in the tape, so that sites of one tape
//! are not in step.

use std::sync::Arc;

use prost::Message as _;
use prost::encoding::{int64, string, uint64};
use wayside_proto::convert::FrameProblem;
use wayside_proto::{CameraId, Content, EventTime, Observation, RunId, SignalReport, SiteId, wire};

use crate::event::{Event, Truth};
use crate::message::{Message, camera_key};

/// One message of a tape.
#[derive(Clone, Debug)]
enum Item {
    /// Seen by a camera (its place among the tape's): bytes of the message from the clock on.
    Seen {
        camera: u32,
        states: u32,
        from: usize,
        to: usize,
    },
    /// A gap: its times are relative, so it is encoded anew.
    Gap(u32, Box<Observation>),
    Signal(Box<SignalReport>),
    Truth(Box<Truth>),
}

/// A stretch of a site's stream. Instants are relative to its begin.
#[derive(Clone, Debug)]
pub struct Tape {
    cameras: Vec<CameraId>,
    items: Vec<(i64, Item)>,
    bytes: Vec<u8>,
    period_us: i64,
}

impl Tape {
    /// A tape of `period_us` microseconds. `events` are in order of event time and begin at `start`;
    /// those outside the period are left out.
    ///
    /// # Errors
    /// Where an observation breaks the contract.
    pub fn new(
        start: EventTime,
        period_us: i64,
        events: impl IntoIterator<Item = Event>,
    ) -> Result<Self, FrameProblem> {
        let mut tape = Self {
            cameras: Vec::new(),
            items: Vec::new(),
            bytes: Vec::new(),
            period_us: period_us.max(1),
        };
        let mut last_us = 0;
        for event in events {
            let us = |time: EventTime| time.0.saturating_sub(start.0);
            let (at_us, item) = match event {
                Event::Signal(mut report) => {
                    let at_us = us(report.time);
                    report.time = EventTime(at_us);
                    (at_us, Item::Signal(Box::new(report)))
                }
                Event::Observation(observation) => {
                    let at_us = us(observation.time);
                    // A gap is told after its own time, when it is over.
                    let is_gap = matches!(observation.content, Content::Gap(_));
                    let at_us = if is_gap { at_us.max(last_us) } else { at_us };
                    (at_us, tape.seen(observation, start)?)
                }
                Event::Truth(mut truth) => {
                    truth.time = EventTime(us(truth.time));
                    (last_us, Item::Truth(Box::new(truth)))
                }
            };
            if (0..tape.period_us).contains(&at_us) {
                last_us = at_us;
                tape.items.push((at_us, item));
            }
        }
        // Stable: a camera's messages keep their order.
        tape.items.sort_by_key(|(at_us, _)| *at_us);
        tape.bytes.shrink_to_fit();
        Ok(tape)
    }

    fn seen(
        &mut self,
        mut observation: Observation,
        start: EventTime,
    ) -> Result<Item, FrameProblem> {
        let known = self.cameras.iter().position(|camera| *camera == observation.camera);
        let camera = known.unwrap_or_else(|| {
            self.cameras.push(observation.camera.clone());
            self.cameras.len() - 1
        }) as u32;
        let states = match &mut observation.content {
            Content::Tracks { tracks, .. } => tracks.len() as u32,
            Content::Gap(gap) => {
                observation.time.0 = observation.time.0.saturating_sub(start.0);
                gap.from.0 = gap.from.0.saturating_sub(start.0);
                gap.to.0 = gap.to.0.saturating_sub(start.0);
                return Ok(Item::Gap(camera, Box::new(observation)));
            }
        };
        let mut message = wire::Observation::try_from(&observation)?;
        // What is 0 or empty is not written: the fields before the clock are left out.
        message.site.clear();
        message.camera.clear();
        message.run.clear();
        (message.sequence, message.time_us) = (0, 0);
        let from = self.bytes.len();
        message.encode(&mut self.bytes).map_err(|error| FrameProblem::Decode(error.to_string()))?;
        Ok(Item::Seen { camera, states, from, to: self.bytes.len() })
    }

    /// The cameras, in the order in which they were first seen.
    #[must_use]
    pub fn cameras(&self) -> &[CameraId] {
        &self.cameras
    }

    /// Length, microseconds.
    #[must_use]
    pub fn period_us(&self) -> i64 {
        self.period_us
    }

    /// Bytes in memory, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len() + self.items.len() * size_of::<(i64, Item)>()
    }
}

/// Plays a tape for one site.
#[derive(Clone, Debug)]
pub struct TapePlayer {
    tape: Arc<Tape>,
    site: SiteId,
    run: RunId,
    name: String,
    start: EventTime,
    cameras: usize,
    offset_us: i64,
    round: i64,
    next: usize,
    sequence: Vec<u64>,
    /// What groups show where the player begins.
    initial: Vec<SignalReport>,
}

impl TapePlayer {
    /// Plays `tape` for `site` from `start` on, beginning `offset_us` into the tape. Of its cameras the
    /// first `cameras` are played. Rounds after the first have their number behind the name of the run.
    #[must_use]
    pub fn new(
        tape: Arc<Tape>,
        site: SiteId,
        run: &str,
        start: EventTime,
        cameras: usize,
        offset_us: i64,
    ) -> Self {
        let offset_us = offset_us.rem_euclid(tape.period_us);
        let next = tape.items.partition_point(|(at_us, _)| *at_us < offset_us);
        let mut initial: Vec<SignalReport> = Vec::new();
        for (_, item) in tape.items.get(..next).unwrap_or_default() {
            let Item::Signal(report) = item else { continue };
            match initial.iter_mut().find(|known| known.group == report.group) {
                Some(known) => known.state = report.state,
                None => initial.push((**report).clone()),
            }
        }
        for report in &mut initial {
            report.site = site.clone();
            report.time = start;
        }
        let sequence = vec![0; tape.cameras.len()];
        let (run, name) = (RunId(run.to_owned()), run.to_owned());
        Self { tape, site, run, name, start, cameras, offset_us, round: 0, next, sequence, initial }
    }

    /// The site's id.
    #[must_use]
    pub fn site(&self) -> &SiteId {
        &self.site
    }

    /// Goes on to `until_us`, microseconds from the beginning, not included. `out` gets the messages in
    /// order of event time.
    ///
    /// # Errors
    /// Where a message breaks the contract, as with a site's name that is none.
    pub fn until(&mut self, until_us: i64, out: &mut Vec<Message>) -> Result<(), FrameProblem> {
        for report in std::mem::take(&mut self.initial) {
            out.push(Message::signal(&report)?);
        }
        loop {
            let tape = Arc::clone(&self.tape);
            let shift_us = self.round * tape.period_us - self.offset_us;
            let Some((at_us, item)) = tape.items.get(self.next) else {
                if tape.items.is_empty() || shift_us + tape.period_us >= until_us {
                    return Ok(());
                }
                self.round += 1;
                self.next = 0;
                self.run = RunId(format!("{}-{}", self.name, self.round));
                self.sequence.fill(0);
                continue;
            };
            if at_us + shift_us >= until_us {
                return Ok(());
            }
            self.next += 1;
            self.play(&tape, *at_us + shift_us, shift_us, item, out)?;
        }
    }

    fn play(
        &mut self,
        tape: &Tape,
        at_us: i64,
        shift_us: i64,
        item: &Item,
        out: &mut Vec<Message>,
    ) -> Result<(), FrameProblem> {
        let time = EventTime(self.start.0.saturating_add(at_us));
        match item {
            Item::Seen { camera, states, from, to } => {
                let tail = tape.bytes.get(*from..*to).unwrap_or_default();
                let Some((id, sequence)) = self.number(tape, *camera) else { return Ok(()) };
                let value = self.message(&id, sequence, time, tail);
                let key = camera_key(&self.site, &id);
                out.push(Message::Observation { key, time, states: Some(*states), value });
            }
            Item::Gap(camera, observation) => {
                let Some((_, sequence)) = self.number(tape, *camera) else { return Ok(()) };
                let mut observation = (**observation).clone();
                let absolute = self.start.0.saturating_add(shift_us);
                if let Content::Gap(gap) = &mut observation.content {
                    gap.from.0 = gap.from.0.saturating_add(absolute).max(self.start.0);
                    gap.to.0 = gap.to.0.saturating_add(absolute).max(self.start.0);
                }
                let time = EventTime(observation.time.0.saturating_add(absolute).max(self.start.0));
                observation.site = self.site.clone();
                observation.run = self.run.clone();
                (observation.sequence, observation.time) = (sequence, time);
                out.push(Message::observation(&observation)?);
            }
            Item::Signal(report) => {
                let mut report = (**report).clone();
                report.site = self.site.clone();
                report.time = time;
                out.push(Message::signal(&report)?);
            }
            Item::Truth(truth) => {
                let from_us = truth.time.0.saturating_add(shift_us);
                let played = tape.cameras.iter().take(self.cameras).any(|id| *id == truth.camera);
                // What began before the player did was not seen.
                if from_us >= 0 && played {
                    let mut truth = (**truth).clone();
                    truth.site = self.site.clone();
                    truth.time = EventTime(self.start.0.saturating_add(from_us));
                    out.push(Message::Truth(truth));
                }
            }
        }
        Ok(())
    }

    /// The camera and the number of its next observation; none where it is not played.
    fn number(&mut self, tape: &Tape, camera: u32) -> Option<(CameraId, u64)> {
        let index = camera as usize;
        if index >= self.cameras {
            return None;
        }
        let sequence = self.sequence.get_mut(index)?;
        let number = *sequence;
        *sequence += 1;
        Some((tape.cameras.get(index)?.clone(), number))
    }

    fn message(&self, camera: &CameraId, sequence: u64, time: EventTime, tail: &[u8]) -> Vec<u8> {
        let texts = [&self.site.0, &camera.0, &self.run.0];
        let mut bytes = tail.len();
        for (tag, text) in (1..).zip(texts) {
            bytes += string::encoded_len(tag, text);
        }
        bytes += if sequence == 0 { 0 } else { uint64::encoded_len(4, &sequence) };
        bytes += if time.0 == 0 { 0 } else { int64::encoded_len(5, &time.0) };
        let mut value = Vec::with_capacity(bytes);
        for (tag, text) in (1..).zip(texts) {
            string::encode(tag, text, &mut value);
        }
        if sequence != 0 {
            uint64::encode(4, &sequence, &mut value);
        }
        if time.0 != 0 {
            int64::encode(5, &time.0, &mut value);
        }
        value.extend_from_slice(tail);
        value
    }
}
