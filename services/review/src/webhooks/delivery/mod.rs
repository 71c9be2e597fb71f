//! What to send next to one endpoint, given what came of the sends before and the time.
//!
//! Pure: no clock, no network, no chance. [`Delivery::offer`] takes messages, [`Delivery::next`] says
//! what to send now or when to ask again, [`Delivery::finished`] takes what came of it.
//!
//! What it promises, held by `tests/delivery.rs`: a message is sent until the endpoint has taken it (or
//! it is given up and told); messages of one citation go one after the other, in order of their
//! revisions; of different citations none waits for another; an endpoint that takes nothing is asked
//! with one message at a time. A message may be sent twice, where its answer was lost: its id is the
//! same, and the receiver drops it.

mod circuit;
mod message;
mod policy;

use std::collections::{BTreeMap, BTreeSet};

use wayside_proto::EventTime;

use circuit::Circuit;
pub use message::{Failed, Lost, Message, Next, Offered, Outcome, Sending, State, Told};
pub use policy::Policy;

/// The messages of one citation that have not arrived, by revision.
#[derive(Debug)]
struct Lane {
    waiting: BTreeMap<u32, Message>,
    /// Its place among the lanes: the order in which they came.
    place: u64,
    /// Failures of the first message in a row.
    failures: u32,
    /// When the first message was tried first.
    tried: Option<EventTime>,
    /// Not before then.
    due: EventTime,
    in_flight: bool,
}

/// One endpoint's deliveries.
#[derive(Debug)]
pub struct Delivery {
    endpoint: String,
    policy: Policy,
    lanes: BTreeMap<String, Lane>,
    /// Lanes that have nothing on its way: when due, their place, their citation.
    due: BTreeSet<(EventTime, u64, String)>,
    places: u64,
    held: usize,
    in_flight: usize,
    circuit: Circuit,
    /// When the endpoint took a message last.
    took: Option<EventTime>,
    delivered: u64,
    failed: u64,
    given_up: u64,
    gone: bool,
}

impl Delivery {
    /// An endpoint that nothing is known of. Its name spreads its waits.
    #[must_use]
    pub fn new(endpoint: &str, policy: Policy) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            policy: policy.sound(),
            lanes: BTreeMap::new(),
            due: BTreeSet::new(),
            places: 0,
            held: 0,
            in_flight: 0,
            circuit: Circuit::new(),
            took: None,
            delivered: 0,
            failed: 0,
            given_up: 0,
            gone: false,
        }
    }

    /// Messages that may still be offered.
    #[must_use]
    pub fn room(&self) -> usize {
        self.policy.held_max.saturating_sub(self.held)
    }

    /// How the endpoint is.
    #[must_use]
    pub fn state(&self) -> State {
        State {
            held: self.held,
            in_flight: self.in_flight,
            delivered: self.delivered,
            failed: self.failed,
            given_up: self.given_up,
            open: !matches!(self.circuit, Circuit::Closed { .. }),
            gone: self.gone,
            took: self.took,
        }
    }

    /// Takes a message to be delivered.
    pub fn offer(&mut self, message: Message, now: EventTime) -> Offered {
        if self.room() == 0 {
            return Offered::Full;
        }
        let citation = message.citation.clone();
        let place = self.places;
        let lane = self.lanes.entry(citation.clone()).or_insert_with(|| Lane {
            waiting: BTreeMap::new(),
            place,
            failures: 0,
            tried: None,
            due: now,
            in_flight: false,
        });
        if lane.waiting.contains_key(&message.revision) {
            return Offered::Known;
        }
        if lane.waiting.is_empty() {
            self.places += 1;
            self.due.insert((lane.due, lane.place, citation));
        }
        lane.waiting.insert(message.revision, message);
        self.held += 1;
        Offered::Taken
    }

    /// What to do now. Asked again and again until it says to wait.
    pub fn next(&mut self, now: EventTime) -> Next {
        if self.gone {
            return Next::Gone;
        }
        if self.in_flight >= self.policy.in_flight_max {
            return Next::Wait(None);
        }
        match self.circuit {
            Circuit::Closed { .. } => match self.due.first() {
                Some((due, _, citation)) if *due <= now => {
                    let citation = citation.clone();
                    self.send(&citation, now)
                }
                first => Next::Wait(first.map(|(due, _, _)| *due)),
            },
            Circuit::Open { until, .. } if until > now => {
                Next::Wait((!self.due.is_empty()).then_some(until))
            }
            Circuit::Open { opened, .. } => match self.probe() {
                Some(citation) => {
                    self.circuit = Circuit::Probing { opened };
                    self.send(&citation, now)
                }
                None => Next::Wait(None),
            },
            Circuit::Probing { .. } => Next::Wait(None),
        }
    }

    /// The citation that an endpoint is probed with: what failed least, so that one message that
    /// cannot be taken does not keep the circuit open for all.
    fn probe(&self) -> Option<String> {
        let waiting = self.due.iter().filter_map(|(_, place, citation)| {
            Some((self.lanes.get(citation)?.failures, *place, citation))
        });
        waiting.min().map(|(_, _, citation)| citation.clone())
    }

    fn send(&mut self, citation: &str, now: EventTime) -> Next {
        let Some(lane) = self.lanes.get_mut(citation) else { return Next::Wait(None) };
        let Some(message) = lane.waiting.values().next().cloned() else { return Next::Wait(None) };
        self.due.remove(&(lane.due, lane.place, citation.to_owned()));
        lane.in_flight = true;
        lane.tried.get_or_insert(now);
        self.in_flight += 1;
        Next::Send(Sending { message, attempt: lane.failures.saturating_add(1) })
    }

    /// Takes what came of a send. An answer that nobody waits for is skipped.
    pub fn finished(&mut self, sent: &Message, outcome: Outcome, now: EventTime) -> Vec<Told> {
        let Some(lane) = self.lanes.get_mut(&sent.citation).filter(|lane| lane.in_flight) else {
            return Vec::new();
        };
        if !lane.waiting.contains_key(&sent.revision) {
            return Vec::new();
        }
        lane.in_flight = false;
        self.in_flight -= 1;
        match outcome {
            Outcome::Taken => {
                self.took = Some(now);
                self.delivered += 1;
                let mut told = vec![Told::Delivered(self.drop_message(sent, now))];
                if self.circuit.succeeded() {
                    self.hurry(now);
                    told.push(Told::Back);
                }
                told
            }
            Outcome::Gone => {
                self.gone = true;
                self.due.insert((lane.due, lane.place, sent.citation.clone()));
                vec![Told::Gone]
            }
            Outcome::Failed(failed) => self.failed(sent, failed, now),
        }
    }

    fn failed(&mut self, sent: &Message, failed: Failed, now: EventTime) -> Vec<Told> {
        self.failed += 1;
        let opened = self.circuit.failed(&self.policy, &self.endpoint, now);
        let (took, policy) = (self.took, self.policy);
        let Some(lane) = self.lanes.get_mut(&sent.citation) else { return Vec::new() };
        lane.failures = lane.failures.saturating_add(1);
        let tried = lane.tried.unwrap_or(now);
        let long = now.since_s(tried) >= f64::from(policy.give_up_s);
        // Where the endpoint takes nothing, the fault is not the message's, and it stays.
        if long && took.is_some_and(|took| took >= tried) {
            let failures = lane.failures;
            self.given_up += 1;
            let message = self.drop_message(sent, now);
            return vec![Told::GivenUp { message, failures, last: failed.what }];
        }
        let what = format!("{}\n{}", self.endpoint, sent.id);
        let wait = policy.wait_us(lane.failures, failed.retry_after_s, &what);
        lane.due = EventTime(now.0.saturating_add(wait));
        self.due.insert((lane.due, lane.place, sent.citation.clone()));
        let mut told = vec![Told::Failed { failures: lane.failures, what: failed.what }];
        if opened {
            told.push(Told::Open);
        }
        told
    }

    /// The message is done with; what follows it is due now.
    fn drop_message(&mut self, sent: &Message, now: EventTime) -> Message {
        if let Some(lane) = self.lanes.get_mut(&sent.citation) {
            self.held -= usize::from(lane.waiting.remove(&sent.revision).is_some());
            lane.failures = 0;
            lane.tried = None;
            lane.due = now;
            if lane.waiting.is_empty() {
                self.lanes.remove(&sent.citation);
            } else {
                self.due.insert((now, lane.place, sent.citation.clone()));
            }
        }
        sent.clone()
    }

    /// The endpoint is back: what waited because of it goes now, and not in an hour.
    fn hurry(&mut self, now: EventTime) {
        for (_, place, citation) in std::mem::take(&mut self.due) {
            if let Some(lane) = self.lanes.get_mut(&citation) {
                lane.due = lane.due.min(now);
                self.due.insert((lane.due, place, citation));
            }
        }
    }

    /// Forgets the messages that `keep` does not name: their partition is another process's now.
    pub fn retain(&mut self, keep: impl Fn(&Message) -> bool) {
        for (citation, lane) in &mut self.lanes {
            let before = lane.waiting.len();
            let first = lane.in_flight.then(|| lane.waiting.keys().next().copied()).flatten();
            lane.waiting.retain(|revision, message| Some(*revision) == first || keep(message));
            self.held -= before - lane.waiting.len();
            if lane.waiting.is_empty() {
                self.due.remove(&(lane.due, lane.place, citation.clone()));
            }
        }
        self.lanes.retain(|_, lane| !lane.waiting.is_empty());
    }
}
