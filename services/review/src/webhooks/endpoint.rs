//! One endpoint's thread: reads citations off the bus, asks the core what to send, hands it to senders,
//! and stores the position when messages have arrived.
//!
//! The group of an endpoint is named by its address. Nothing else is stored: after a crash messages
//! that arrived beyond the position are sent again, under the same ids.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender as ChannelSender, bounded};
use sha2::{Digest, Sha256};
use wayside_bus::{Bus, BusError, Consumer, Event, Record, Stored, Topic, unreadable};
use wayside_http::Clock;
use wayside_proto::convert::Message as _;
use wayside_proto::{Citation, EventTime, cloudevents};

use super::delivery::{Delivery, Message, Next, Outcome, Policy, Sending, Told};
use super::send::Sender;
use super::states::Shared;
use crate::bus::Marks;

/// How long new citations are waited for while nothing is on its way.
const IDLE_WAIT: Duration = Duration::from_millis(200);
/// How long answers are waited for before the bus is looked at again.
const ANSWER_WAIT: Duration = Duration::from_millis(20);
/// How often positions are stored.
const STORE_EVERY: Duration = Duration::from_secs(1);
/// Records of one read.
const READ_RECORDS_MAX: usize = 500;
/// Bytes of one read.
const READ_BYTES_MAX: usize = 8 << 20;
/// How long the end waits for answers that are on their way.
const END_WAIT: Duration = Duration::from_secs(2);
/// How long to rest after the bus failed.
const FAULT_WAIT: Duration = Duration::from_secs(1);

type Answer = (Message, Outcome);

/// What the thread has.
pub(super) struct Worker {
    pub(super) bus: Arc<dyn Bus>,
    pub(super) sender: Sender,
    pub(super) shown: String,
    pub(super) policy: Policy,
    pub(super) clock: Clock,
    pub(super) shared: Arc<Shared>,
    pub(super) stop: Arc<AtomicBool>,
}

/// Name of the group of the endpoint with this address.
pub(super) fn group(url: &str) -> String {
    let digest = Sha256::digest(url.as_bytes());
    let hex: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("webhook-{hex}")
}

struct Run {
    worker: Worker,
    group: String,
    core: Delivery,
    marks: Marks,
    consumer: Option<Box<dyn Consumer>>,
    letters: Vec<(Topic, Record)>,
    jobs: ChannelSender<Sending>,
    answers: Receiver<Answer>,
    stored: Instant,
}

impl Worker {
    /// Runs until it is told to stop. Faults of the bus are told and tried again.
    pub(super) fn run(self, url: &str) {
        let policy = self.policy.sound();
        let (jobs, taken) = bounded::<Sending>(policy.in_flight_max);
        let (answered, answers) = bounded::<Answer>(policy.in_flight_max);
        for _ in 0..policy.in_flight_max {
            let (taken, answered) = (taken.clone(), answered.clone());
            let (sender, clock) = (self.sender.clone(), self.clock.clone());
            // A sender that hangs in a send ends with its time-out, after the thread here has gone.
            let spawned =
                std::thread::Builder::new().name("webhook-send".to_owned()).spawn(move || {
                    while let Ok(sending) = taken.recv() {
                        let outcome = sender.send(&sending.message, clock.now());
                        if answered.send((sending.message, outcome)).is_err() {
                            return;
                        }
                    }
                });
            if let Err(error) = spawned {
                tracing::error!("the webhook {} has no thread to send with: {error}", self.shown);
            }
        }
        let core = Delivery::new(url, policy);
        let (group, stop) = (group(url), Arc::clone(&self.stop));
        let mut run = Run {
            worker: self,
            group,
            core,
            marks: Marks::default(),
            consumer: None,
            letters: Vec::new(),
            jobs,
            answers,
            stored: Instant::now(),
        };
        while !stop.load(Ordering::Relaxed) {
            if let Err(error) = run.step() {
                tracing::error!("the webhook {}: {error}", run.worker.shown);
                run.consumer = None;
                run.sleep(FAULT_WAIT);
            }
        }
        run.end();
    }
}

impl Run {
    fn step(&mut self) -> Result<(), BusError> {
        self.send_due();
        if self.core.state().in_flight > 0 {
            self.take_answers(ANSWER_WAIT);
            self.read(Duration::ZERO)?;
        } else {
            self.read(IDLE_WAIT)?;
        }
        if self.stored.elapsed() >= STORE_EVERY || self.core.state().held == 0 {
            self.store()?;
        }
        self.worker.shared.set(self.core.state());
        Ok(())
    }

    fn send_due(&mut self) {
        while let Next::Send(sending) = self.core.next(self.worker.clock.now()) {
            // There is a place for each message that may be on its way.
            if self.jobs.try_send(sending).is_err() {
                tracing::error!("the webhook {} has lost its senders", self.worker.shown);
                return;
            }
        }
    }

    fn take_answers(&mut self, wait: Duration) {
        let Ok(first) = self.answers.recv_timeout(wait) else { return };
        let mut all = vec![first];
        all.extend(self.answers.try_iter());
        for (message, outcome) in all {
            for told in self.core.finished(&message, outcome, self.worker.clock.now()) {
                self.tell(&message, told);
            }
        }
    }

    fn tell(&mut self, message: &Message, told: Told) {
        let (shown, id) = (&self.worker.shown, &message.id);
        match told {
            Told::Delivered(message) => self.marks.arrived(message.partition, message.offset),
            Told::Failed { failures, what } => {
                tracing::warn!("the webhook {shown} has not taken {id} (try {failures}): {what}");
            }
            Told::GivenUp { message, failures, last } => {
                tracing::error!(
                    "the webhook {shown} takes others and never took {id}: given up after {failures} tries; {last}\n  \
                     hint: its receiver can still read the citation through the API"
                );
                self.marks.arrived(message.partition, message.offset);
            }
            Told::Open => {
                tracing::error!("the webhook {shown} takes nothing: asked seldom from here on")
            }
            Told::Back => tracing::info!("the webhook {shown} is back"),
            Told::Gone => tracing::error!(
                "the webhook {shown} answered 410, it is gone: nothing is sent to it until the next start\n  \
                 hint: take it out of the arguments, or bring it back; its citations wait on the bus"
            ),
        }
    }

    /// Reads while there is room. An endpoint whose room is full leaves its group, which it could not
    /// stay in without reading, and comes back when half of the room is free.
    fn read(&mut self, wait: Duration) -> Result<(), BusError> {
        let (room, held) = (self.core.room(), self.core.state().held);
        if self.core.state().gone || (room == 0 && self.consumer.is_some()) {
            self.store()?;
            self.consumer = None;
        }
        if self.core.state().gone || (self.consumer.is_none() && room < held) {
            self.sleep(wait);
            return Ok(());
        }
        if self.consumer.is_none() {
            self.consumer = Some(self.worker.bus.consume(&self.group, Topic::Citations)?);
        }
        let Some(consumer) = &mut self.consumer else { return Ok(()) };
        let events = consumer.poll(READ_RECORDS_MAX.min(room), READ_BYTES_MAX, wait)?;
        for event in events {
            self.take(event)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event) -> Result<(), BusError> {
        match event {
            Event::Assigned { partition, position, begin, .. } => {
                let from = self.marks.assigned(partition, position.map_or(begin, |p| p.next));
                if let Some(consumer) = &mut self.consumer {
                    consumer.start(partition, from.max(begin))?;
                }
            }
            Event::Revoked { partition } => {
                self.marks.revoked(partition);
                let marks = &self.marks;
                self.core.retain(|message| marks.has(message.partition));
            }
            Event::Records { records, .. } => {
                let now = self.worker.clock.now();
                for stored in records {
                    self.offer(&stored, now);
                }
            }
        }
        Ok(())
    }

    fn offer(&mut self, stored: &Stored, now: EventTime) {
        match Citation::from_bytes(&stored.value) {
            Ok(citation) => {
                let event = cloudevents::citation(&citation);
                let message = Message {
                    id: event.id.clone(),
                    citation: citation.id.0,
                    revision: citation.revision,
                    body: event.to_json().into(),
                    partition: stored.partition,
                    offset: stored.offset,
                };
                self.marks.read(stored.partition, stored.offset, true);
                // No more is read than there is room for; what is waiting already is a second copy.
                if self.core.offer(message, now) != super::delivery::Offered::Taken {
                    self.marks.arrived(stored.partition, stored.offset);
                }
            }
            Err(error) => {
                self.marks.read(stored.partition, stored.offset, false);
                let letter = unreadable(Topic::Citations, stored, error.to_string(), &self.group);
                self.letters.push(letter);
            }
        }
    }

    fn store(&mut self) -> Result<(), BusError> {
        self.stored = Instant::now();
        let positions = self.marks.moved();
        let Some(consumer) = &mut self.consumer else { return Ok(()) };
        if positions.is_empty() && self.letters.is_empty() {
            return Ok(());
        }
        consumer.commit(&positions, self.letters.clone())?;
        self.letters.clear();
        self.marks.stored(&positions);
        Ok(())
    }

    fn end(mut self) {
        let until = Instant::now() + END_WAIT;
        while self.core.state().in_flight > 0 && Instant::now() < until {
            self.take_answers(ANSWER_WAIT);
        }
        if let Err(error) = self.store() {
            tracing::warn!(
                "the webhook {} has not stored its position: {error}",
                self.worker.shown
            );
        }
        self.worker.shared.set(self.core.state());
    }

    fn sleep(&self, most: Duration) {
        let until = Instant::now() + most;
        while Instant::now() < until && !self.worker.stop.load(Ordering::Relaxed) {
            std::thread::sleep(ANSWER_WAIT.min(most));
        }
    }
}
