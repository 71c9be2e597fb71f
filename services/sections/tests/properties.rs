//! Whatever the order in which the ends are heard, and wherever the work is cut and taken up again, the
//! same follows; and nothing that is said makes the core stop, grow or contradict itself.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{cold, drain, drive, gap, message, settings, unit, vehicle};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use wayside_proto::{
    Abstention, EventTime, MotorVehicleClass, Passage, PassageContent, RunId, SectionEnd, Verdict,
};
use wayside_sections::{Action, Begin, HELD_MAX, Hit, SectionCore, Step};

/// Something that an end says.
#[derive(Clone, Debug)]
struct Said {
    seconds: f64,
    late_s: f64,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Vehicle { looks: [f32; 8], speed_ms: f64, truck: bool },
    Mark,
    Gap { length_s: f64 },
    Lost,
    NewRun,
}

fn said() -> impl Strategy<Value = Said> {
    // Few looks, so that there are twins, and some that look like two others.
    let looks = (0..8_usize, 0..8_usize, 0.0..0.6_f32).prop_map(|(axis, other, share)| {
        let mut looks = [0.0; 8];
        looks[other] = share;
        looks[axis] = 1.0;
        looks
    });
    let vehicle = (looks, 15.0..30.0_f64, prop::bool::weighted(0.15))
        .prop_map(|(looks, speed_ms, truck)| What::Vehicle { looks, speed_ms, truck });
    let what = prop_oneof![
        60 => vehicle,
        8 => Just(What::Mark),
        1 => (0.0..80.0_f64).prop_map(|length_s| What::Gap { length_s }),
        1 => Just(What::Lost),
        1 => Just(What::NewRun),
    ];
    (0.0..250.0_f64, 0.0..16.0_f64, what).prop_map(|(seconds, late_s, what)| Said {
        seconds,
        late_s,
        what,
    })
}

/// The messages of one end, in the order in which it says them, ending with marks.
fn messages(end: SectionEnd, mut said: Vec<Said>) -> Vec<Passage> {
    said.sort_by(|a, b| (a.seconds + a.late_s).total_cmp(&(b.seconds + b.late_s)));
    let (mut run, mut sequence) = (0, 0);
    let mut out = Vec::new();
    let mut push = |sequence: &mut u64, run: u32, seconds: f64, content| {
        let mut passage = message(end, *sequence, seconds);
        passage.run = RunId(format!("r{run}"));
        passage.content = content;
        *sequence += 1;
        out.push(passage);
    };
    push(&mut sequence, run, -150.0, PassageContent::Mark);
    for (track, said) in said.into_iter().enumerate() {
        match said.what {
            What::Vehicle { looks, speed_ms, truck } => {
                let mut passing = vehicle(track as u64, speed_ms, unit(&looks));
                if truck {
                    passing.class = MotorVehicleClass::Truck;
                }
                push(&mut sequence, run, said.seconds, PassageContent::Vehicle(passing));
            }
            What::Mark => push(&mut sequence, run, said.seconds, PassageContent::Mark),
            What::Gap { length_s } => {
                let content = gap(said.seconds - length_s, said.seconds);
                push(&mut sequence, run, said.seconds, content);
            }
            What::Lost => sequence += 1,
            What::NewRun => {
                (run, sequence) = (run + 1, 0);
                push(&mut sequence, run, said.seconds, PassageContent::Mark);
            }
        }
    }
    for step in 0..8 {
        push(&mut sequence, run, 320.0 + f64::from(step) * 30.0, PassageContent::Mark);
    }
    out
}

/// Both ends' messages, merged as `turns` says: the entry's next where it is true.
fn merge(entry: &[Passage], exit: &[Passage], turns: &[bool]) -> Vec<Passage> {
    let (mut entry, mut exit) = (entry.iter(), exit.iter());
    let mut turns = turns.iter().copied().cycle();
    let mut out = Vec::new();
    loop {
        let first = turns.next().unwrap_or(true);
        let next = if first { entry.next() } else { exit.next() };
        let next = match next {
            Some(next) => Some(next),
            None if first => exit.next(),
            None => entry.next(),
        };
        match next {
            Some(passage) => out.push(passage.clone()),
            None => return out,
        }
    }
}

fn told(messages: &[Passage]) -> Vec<String> {
    let mut told: Vec<String> =
        drive(&mut cold(), 0, messages).iter().map(|action| format!("{action:?}")).collect();
    told.sort();
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_order_of_the_ends_does_not_matter(
        entry in vec(said(), 0..25),
        exit in vec(said(), 0..25),
        turns in vec(any::<bool>(), 1..60),
    ) {
        let entry = messages(SectionEnd::Entry, entry);
        let exit = messages(SectionEnd::Exit, exit);
        let mut by_time = [entry.clone(), exit.clone()].concat();
        // Each end's own order stays: a stable sort by the end's latest time so far.
        let mut latest = [EventTime(i64::MIN); 2];
        let mut keyed: Vec<(EventTime, Passage)> = by_time
            .drain(..)
            .map(|passage| {
                let end = &mut latest[usize::from(passage.end == SectionEnd::Exit)];
                *end = (*end).max(passage.time);
                (*end, passage)
            })
            .collect();
        keyed.sort_by_key(|(time, _)| *time);
        let by_time: Vec<Passage> = keyed.into_iter().map(|(_, passage)| passage).collect();
        prop_assert_eq!(told(&by_time), told(&merge(&entry, &exit, &turns)));
    }

    #[test]
    fn a_restart_changes_nothing(
        entry in vec(said(), 0..25),
        exit in vec(said(), 0..25),
        turns in vec(any::<bool>(), 1..60),
        cuts in vec(0.0..1.0_f64, 1..4),
    ) {
        let entry = messages(SectionEnd::Entry, entry);
        let exit = messages(SectionEnd::Exit, exit);
        let stream = merge(&entry, &exit, &turns);
        let undisturbed = drive(&mut cold(), 0, &stream);
        let mut cuts: Vec<usize> =
            cuts.iter().map(|cut| (cut * stream.len() as f64) as usize).collect();
        cuts.sort_unstable();
        let mut core = cold();
        let (mut told, mut next) = (Vec::new(), 0);
        for cut in cuts {
            told.extend(drive(&mut core, next as u64, &stream[next..cut]));
            next = cut;
            let Some(rewind) = core.needs().map(|place| place as usize) else { continue };
            prop_assert!(rewind <= next);
            // Before both ends have spoken everything is needed, also that nothing came before.
            let begin = if rewind == 0 { Begin::Cold } else { Begin::Rewound };
            core = SectionCore::new(settings(), begin);
            drive(&mut core, rewind as u64, &stream[rewind..next]);
        }
        told.extend(drive(&mut core, next as u64, &stream[next..]));
        prop_assert_eq!(told, undisturbed);
    }

    #[test]
    fn every_vehicle_is_decided_once_and_no_entry_twice(
        entry in vec(said(), 0..40),
        exit in vec(said(), 0..40),
    ) {
        let (entry, exit) = (messages(SectionEnd::Entry, entry), messages(SectionEnd::Exit, exit));
        let mut core = cold();
        let mut told = drive(&mut core, 0, &merge(&entry, &exit, &[true, false]));
        core.finish();
        told.extend(drain(&mut core));
        let (mut entries, mut exits) = (BTreeSet::new(), BTreeSet::new());
        let (mut left, mut timed) = (0, 0);
        for action in &told {
            match action {
                Action::Matched(found) => {
                    prop_assert!(entries.insert(found.entry) && exits.insert(found.exit));
                    prop_assert!(found.similarity >= 0.75);
                    prop_assert!(found.margin.is_none_or(|margin| margin >= 0.1));
                    let speed = found.mean_speed_ms;
                    prop_assert!(speed.low < speed.value && speed.value < speed.high);
                }
                Action::Abstained(abstained) => prop_assert!(exits.insert(abstained.exit)),
                Action::Timed(time) => {
                    let others: u32 = time.abstained.iter().map(|(_, count)| count).sum();
                    prop_assert_eq!(time.left, time.matched + others);
                    prop_assert_eq!(time.travel_time_s.is_some(), time.matched >= 3);
                    left += u64::from(time.left);
                    timed += u64::from(time.entered);
                }
                Action::Concluded(outcome) => {
                    prop_assert!(!exits.is_empty() && outcome.rule == "section_speed");
                }
                Action::Store(..) => {}
            }
        }
        prop_assert_eq!([timed, left], core.counts().vehicles);
        prop_assert_eq!(exits.len() as u64, core.counts().vehicles[1]);
    }

    #[test]
    fn an_index_that_forgets_or_invents_leads_to_no_match(
        keep in vec(any::<bool>(), 6),
        strangers in vec(any::<[u8; 16]>(), 0..4),
    ) {
        let mut core = cold();
        let looks = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let mut stream = vec![message(SectionEnd::Entry, 0, -200.0), message(SectionEnd::Exit, 0, -200.0)];
        for (number, looks) in looks.iter().enumerate() {
            for (end, seconds) in [(SectionEnd::Entry, 10.0), (SectionEnd::Exit, 60.0)] {
                let mut passage = message(end, number as u64 + 1, seconds + number as f64);
                let passing = vehicle(number as u64, 20.0, unit(looks));
                passage.content = PassageContent::Vehicle(passing);
                stream.push(passage);
            }
        }
        stream.push(message(SectionEnd::Entry, 4, 400.0));
        stream.push(message(SectionEnd::Exit, 4, 400.0));
        let mut matched = 0;
        for (place, passage) in stream.into_iter().enumerate() {
            prop_assert_eq!(core.take(place as u64, passage), Ok(()));
            while let Some(step) = core.poll() {
                match step {
                    Step::Ask(question) => {
                        let found = core.exact_hits(&question);
                        prop_assert_eq!(found.len(), 3);
                        let hits = found.iter().zip(keep.iter().cycle());
                        let mut hits: Vec<Hit> =
                            hits.filter(|(_, keep)| **keep).map(|(hit, _)| *hit).collect();
                        hits.extend(strangers.iter().map(|id| Hit { id: wayside_proto::PassageId(*id) }));
                        core.answer(&hits);
                    }
                    Step::Do(Action::Matched(_)) => matched += 1,
                    Step::Do(Action::Abstained(abstained)) => {
                        prop_assert_eq!(abstained.cause, Abstention::Index);
                    }
                    Step::Do(_) => {}
                }
            }
        }
        prop_assert_eq!(matched, if keep[..3].iter().all(|keep| *keep) { 3 } else { 0 });
    }

    #[test]
    fn any_message_at_all_is_survived(
        stream in vec((any::<bool>(), any::<u8>(), any::<i64>(), any::<i32>(), 0..4_u8, any::<u8>()), 0..60),
    ) {
        let mut core = cold();
        for (place, (entry, sequence, time, near, kind, clock)) in stream.into_iter().enumerate() {
            let end = if entry { SectionEnd::Entry } else { SectionEnd::Exit };
            let mut passage = message(end, u64::from(sequence), 0.0);
            passage.time = match kind {
                0 => EventTime(time),
                _ => EventTime(i64::from(near)),
            };
            passage.expires = EventTime(passage.time.0.saturating_add(1 + i64::from(clock) * 9_000_000));
            passage.clock_uncertainty_us = u32::MAX >> (clock % 32);
            passage.content = match kind {
                1 => PassageContent::Mark,
                2 => gap(0.0, f64::from(near)),
                _ => PassageContent::Vehicle(vehicle(u64::from(clock), 20.0, vec![0.0; usize::from(clock % 3)])),
            };
            let _ = core.take(place as u64, passage);
            drain(&mut core);
            core.expire(EventTime(i64::from(near)));
            drain(&mut core);
            prop_assert!(core.needs().is_none_or(|needs| needs <= place as u64));
        }
        core.finish();
        drain(&mut core);
        core.finish();
        drain(&mut core);
    }
}

/// What the properties above hold of must happen in what they are tried on.
#[test]
fn the_traffic_of_these_tests_has_everything() {
    let mut runner = TestRunner::deterministic();
    let ends = (vec(said(), 0..25), vec(said(), 0..25));
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..512 {
        let (entry, exit) = ends.new_tree(&mut runner).expect("traffic").current();
        let (entry, exit) = (messages(SectionEnd::Entry, entry), messages(SectionEnd::Exit, exit));
        for action in drive(&mut cold(), 0, &merge(&entry, &exit, &[true, false])) {
            let what = match action {
                Action::Matched(_) => "matched".to_owned(),
                Action::Abstained(abstained) => abstained.cause.as_str().to_owned(),
                Action::Concluded(outcome) => match outcome.verdict {
                    Verdict::Violation => "violation".to_owned(),
                    Verdict::Void { cause, .. } => cause.as_str().to_owned(),
                },
                Action::Timed(time) if time.travel_time_s.is_some() => "median".to_owned(),
                Action::Timed(_) | Action::Store(..) => continue,
            };
            *seen.entry(what).or_default() += 1;
        }
    }
    let wanted = ["matched", "no_candidate", "ambiguous", "not_mutual", "gap", "class"];
    for what in wanted.into_iter().chain(["speeds_disagree", "violation"]) {
        assert!(seen.get(what).is_some_and(|count| *count >= 5), "{what}: {seen:?}");
    }
}

#[test]
fn what_is_held_is_bounded_and_expires() {
    let mut core = cold();
    let mut place = 0;
    let mut take = |core: &mut SectionCore, end, sequence, seconds: f64| {
        let mut passage = message(end, sequence, seconds);
        passage.content = PassageContent::Vehicle(vehicle(sequence, 20.0, unit(&[1.0, 0.5])));
        place += 1;
        core.take(place, passage)
    };
    let mut refused = 0;
    for sequence in 0..HELD_MAX as u64 + 500 {
        refused += u64::from(
            take(&mut core, SectionEnd::Entry, sequence, sequence as f64 * 0.01).is_err(),
        );
        while core.poll().is_some() {}
    }
    assert_eq!((core.held(), refused), ([HELD_MAX, 0], 500));
    // The end falls silent; the worker's clock goes on.
    core.expire(common::at(600.0 + 100.0));
    assert_eq!(core.held(), [HELD_MAX - 10_001, 0]);
    core.expire(common::at(2_000.0));
    assert_eq!(core.held(), [0, 0]);
}

#[test]
fn a_rewind_reaches_back_no_longer_than_it_has_to() {
    let mut core = cold();
    let mut stream = Vec::new();
    for tick in 0..2_000_u64 {
        for end in SectionEnd::ALL {
            stream.push(message(end, tick, tick as f64 * 5.0));
        }
    }
    drive(&mut core, 0, &stream);
    let needs = core.needs().expect("both ends spoke");
    // 120 s of travel, twice 10 s of lateness, a mark every 5 s by both ends, and one mark before.
    let back = stream.len() as u64 - needs;
    assert!((50..=66).contains(&back), "{back} messages");
}
