//! The core of webhooks against receivers that fail in every way, in simulated time.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wayside_bus::{Offset, Partition};
use wayside_proto::EventTime;
use wayside_review::webhooks::delivery::{
    Delivery, Failed, Lost, Message, Next, Offered, Outcome, Policy, Told,
};

const SECOND: i64 = 1_000_000;

/// What a receiver does with one request.
#[derive(Clone, Copy, Debug)]
enum Does {
    Takes,
    /// It takes the message, and the answer is lost: the sender has to send again.
    TakesAndIsSilent,
    /// It reads the message and answers 500.
    Fails,
    /// It accepts the connection and never answers.
    Hangs,
    AsksToWait(u32),
}

fn message(citation: u32, revision: u32) -> Message {
    Message {
        id: format!("c{citation}/{revision}"),
        citation: format!("c{citation}"),
        revision,
        body: "{}".into(),
        partition: Partition(0),
        offset: Offset(u64::from(citation) * 100 + u64::from(revision)),
    }
}

/// A receiver and everything that is known of what reached it.
struct World {
    core: Delivery,
    now: i64,
    /// When which answer comes.
    answers: BTreeMap<(i64, u64), (Message, Outcome)>,
    sends: Vec<(i64, String)>,
    /// What it took, in order, the same message once.
    took: Vec<String>,
    seen: BTreeSet<String>,
    told: Vec<Told>,
    in_flight_most: usize,
    held: Vec<Message>,
}

impl World {
    fn new(policy: Policy) -> Self {
        Self {
            core: Delivery::new("https://tickets.example/hook", policy),
            now: 0,
            answers: BTreeMap::new(),
            sends: Vec::new(),
            took: Vec::new(),
            seen: BTreeSet::new(),
            told: Vec::new(),
            in_flight_most: 0,
            held: Vec::new(),
        }
    }

    fn offer(&mut self, message: Message) {
        if self.core.offer(message.clone(), EventTime(self.now)) == Offered::Full {
            self.held.push(message);
        }
    }

    fn answer(&mut self, message: Message, does: Does) {
        let lost = |what, retry_after_s| Outcome::Failed(Failed { what, retry_after_s });
        let (after_s, taken, outcome) = match does {
            Does::Takes => (1, true, Outcome::Taken),
            Does::TakesAndIsSilent => (15, true, lost(Lost::Timeout, None)),
            Does::Fails => (1, false, lost(Lost::Status(500), None)),
            Does::Hangs => (15, false, lost(Lost::Timeout, None)),
            Does::AsksToWait(s) => (1, false, lost(Lost::Status(503), Some(s))),
        };
        if taken && self.seen.insert(message.id.clone()) {
            self.took.push(message.id.clone());
        }
        let key = (self.now + after_s * SECOND, self.sends.len() as u64);
        self.answers.insert(key, (message, outcome));
    }

    /// Runs until nothing is left to do, or until `end`.
    fn run(&mut self, end: i64, mut does: impl FnMut(usize, i64, &Message) -> Does) {
        loop {
            let wake = loop {
                match self.core.next(EventTime(self.now)) {
                    Next::Send(sending) => {
                        let message = sending.message;
                        let same =
                            |(other, _): &(Message, Outcome)| other.citation == message.citation;
                        assert!(
                            !self.answers.values().any(same),
                            "two of one citation on their way"
                        );
                        self.sends.push((self.now, message.id.clone()));
                        let how = does(self.sends.len() - 1, self.now, &message);
                        self.answer(message, how);
                        self.in_flight_most = self.in_flight_most.max(self.answers.len());
                    }
                    Next::Wait(wake) => break wake,
                    Next::Gone => return,
                }
            };
            let answered = self.answers.keys().next().map(|(time, _)| *time);
            let next = [wake.map(|time| time.0), answered].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { return };
            assert!(
                next > self.now || answered == Some(next),
                "it never asks to be asked again at once"
            );
            self.now = self.now.max(next);
            while let Some(entry) = self.answers.first_entry().filter(|e| e.key().0 <= self.now) {
                let (message, outcome) = entry.remove();
                let told = self.core.finished(&message, outcome, EventTime(self.now));
                self.told.extend(told);
                for message in std::mem::take(&mut self.held) {
                    self.offer(message);
                }
            }
        }
    }
}

/// What was taken, by citation, is in order of the revisions.
fn in_order(took: &[String]) -> bool {
    let mut last: BTreeMap<&str, u32> = BTreeMap::new();
    took.iter().all(|id| {
        let Some((citation, revision)) = id.split_once('/') else { return false };
        let Ok(revision) = revision.parse::<u32>() else { return false };
        last.insert(citation, revision).is_none_or(|before| before < revision)
    })
}

fn behaviour() -> impl Strategy<Value = Does> {
    prop_oneof![
        3 => Just(Does::Takes),
        2 => Just(Does::TakesAndIsSilent),
        3 => Just(Does::Fails),
        2 => Just(Does::Hangs),
        1 => (0_u32..10_000).prop_map(Does::AsksToWait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the receiver does for a while: each message arrives once in effect, in order.
    #[test]
    fn every_message_arrives_in_order(
        revisions in prop::collection::vec(1_u32..4, 1..40),
        script in prop::collection::vec(behaviour(), 0..200),
        held_max in 16_usize..64,
    ) {
        let policy = Policy { held_max, ..Policy::default() };
        let mut world = World::new(policy);
        let mut all = BTreeSet::new();
        for revision in 1..=3 {
            for (citation, most) in (0_u32..).zip(&revisions) {
                if revision <= *most {
                    all.insert(message(citation, revision).id);
                    world.offer(message(citation, revision));
                }
            }
        }
        world.run(i64::MAX, |n, _, _| script.get(n).copied().unwrap_or(Does::Takes));
        prop_assert!(in_order(&world.took), "{:?}", world.took);
        prop_assert_eq!(&world.seen, &all);
        prop_assert!(world.in_flight_most <= policy.in_flight_max);
        let state = world.core.state();
        prop_assert_eq!((state.held, state.in_flight, state.given_up), (0, 0, 0));
        prop_assert!(!state.open);
        prop_assert!(world.sends.len() <= all.len() + script.len());
    }

    /// The same story gives the same sends at the same times.
    #[test]
    fn nothing_is_left_to_chance(script in prop::collection::vec(behaviour(), 0..60)) {
        let sends = || {
            let mut world = World::new(Policy::default());
            (0..10).for_each(|citation| world.offer(message(citation, 1)));
            world.run(i64::MAX, |n, _, _| script.get(n).copied().unwrap_or(Does::Takes));
            world.sends
        };
        prop_assert_eq!(sends(), sends());
    }
}

#[test]
fn an_hour_away_costs_few_tries_and_everything_arrives_soon_after() {
    let mut world = World::new(Policy::default());
    for citation in 0..1_000 {
        world.offer(message(citation, 1));
        world.offer(message(citation, 2));
    }
    let back = 3_600 * SECOND;
    world.run(i64::MAX, |_, now, _| if now < back { Does::Hangs } else { Does::Takes });
    let tries = world.sends.iter().filter(|(time, _)| *time < back).count();
    assert!(tries < 60, "{tries} tries of a receiver that is down");
    assert_eq!(world.took.len(), 2_000);
    assert!(in_order(&world.took));
    let first = world.sends.iter().map(|(time, _)| *time).find(|time| *time >= back);
    assert!(first.expect("a send") < back + 300 * SECOND);
    // 2,000 messages, 4 at once, a second each: they do not wait for their own hours.
    assert!(world.now < back + (300 + 600) * SECOND, "done after {} s", world.now / SECOND);
    let opened = world.told.iter().filter(|told| matches!(told, Told::Open)).count();
    let closed = world.told.iter().filter(|told| matches!(told, Told::Back)).count();
    assert_eq!((opened, closed), (1, 1));
}

#[test]
fn one_message_that_cannot_be_taken_holds_up_its_citation_alone_and_is_given_up_in_the_end() {
    let policy = Policy { give_up_s: 86_400, ..Policy::default() };
    let mut world = World::new(policy);
    world.offer(message(7, 1));
    world.offer(message(7, 2));
    let does = |_: usize, _: i64, message: &Message| {
        if message.id == "c7/1" { Does::Fails } else { Does::Takes }
    };
    for hour in 0..30 {
        world.offer(message(100 + hour, 1));
        world.run(world.now + 3_600 * SECOND, does);
        world.now = i64::from(hour + 1) * 3_600 * SECOND;
        // The others never wait for it longer than the circuit's longest.
        assert!(world.seen.contains(&format!("c{}/1", 100 + hour)));
    }
    world.run(i64::MAX, does);
    let given_up: Vec<_> = world
        .told
        .iter()
        .filter_map(|told| match told {
            Told::GivenUp { message, last, .. } => Some((message.id.clone(), *last)),
            _ => None,
        })
        .collect();
    assert_eq!(given_up, [("c7/1".to_owned(), Lost::Status(500))]);
    assert!(world.seen.contains("c7/2"), "what follows it goes on");
    let tries = world.sends.iter().filter(|(_, id)| id == "c7/1").count();
    assert!((20..150).contains(&tries), "{tries} tries in a day");
}

#[test]
fn an_endpoint_that_is_down_for_ever_loses_nothing() {
    let policy = Policy { give_up_s: 3_600, ..Policy::default() };
    let mut world = World::new(policy);
    (0..50).for_each(|citation| world.offer(message(citation, 1)));
    world.run(7 * 86_400 * SECOND, |_, _, _| Does::Hangs);
    let state = world.core.state();
    assert_eq!((state.held, state.given_up, state.open), (50, 0, true));
    assert!(world.sends.len() < 7 * 24 * 30, "{} tries in a week", world.sends.len());
}

#[test]
fn an_endpoint_that_is_gone_is_left_alone() {
    let mut world = World::new(Policy::default());
    (0..3).for_each(|citation| world.offer(message(citation, 1)));
    let Next::Send(sending) = world.core.next(EventTime(0)) else { panic!("a send") };
    let told = world.core.finished(&sending.message, Outcome::Gone, EventTime(SECOND));
    assert_eq!(told, [Told::Gone]);
    assert_eq!(world.core.next(EventTime(i64::MAX)), Next::Gone);
    assert!(world.core.state().gone);
}

#[test]
fn what_is_anothers_now_is_forgotten() {
    let mut world = World::new(Policy::default());
    for citation in 0..10 {
        let mut of = message(citation, 1);
        of.partition = Partition(citation % 2);
        world.offer(of);
    }
    world.core.retain(|message| message.partition == Partition(0));
    assert_eq!(world.core.state().held, 5);
    world.run(i64::MAX, |_, _, _| Does::Takes);
    assert_eq!(world.took, ["c0/1", "c2/1", "c4/1", "c6/1", "c8/1"]);
}
