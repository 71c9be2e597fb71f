//! Rules that people found wrong too often accuse nobody: at that camera, from the instant that the bus
//! says on, and only there. What was judged before stays judged.

mod common;

use std::collections::BTreeMap;

use common::{
    NOW, Stream, all, enforcer, open, outcomes, publish, run_to_end, scenarios, step, stream,
};
use tempfile::TempDir;
use wayside_bus::{Log, Record, Topic};
use wayside_enforcement::Options;
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, DeadLetter, EventTime, Outcome, RuleStandDown, SiteId, Verdict, VoidCause,
};

fn long_stream() -> Stream {
    let chosen: Vec<_> = scenarios().into_iter().step_by(2).collect();
    stream(&chosen, 3.0)
}

fn change(camera: &str, rule: &'static str, since: EventTime, stood_down: bool) -> RuleStandDown {
    RuleStandDown {
        site: SiteId::from("road"),
        camera: CameraId::from(camera),
        rule,
        stood_down,
        since,
        why: "People found 7 of 60 violations wrong.".to_owned(),
        decided: 60,
        errors: 7,
    }
}

fn say(log: &Log, change: &RuleStandDown) {
    let value = change.to_bytes().expect("a message");
    let key = format!("{}/{}", change.site, change.camera);
    let record = Record { key, time: change.since.0, id: None, value };
    log.append(Topic::StandDowns, vec![record]).expect("stored");
}

/// What is judged of a stream, with what `before` says first, interrupted so often.
fn judged(
    stream: &Stream,
    before: impl Fn(&Log),
    interruptions: usize,
) -> BTreeMap<String, Outcome> {
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    before(&log);
    publish(&log, &stream.observations);
    let options = Options { records_max: 97, commit_records: 1, ..Options::default() };
    for _ in 0..interruptions {
        let mut enforcer = enforcer(stream, &log, &options);
        (0..3).for_each(|_| {
            step(&mut enforcer);
        });
    }
    let mut last = enforcer(stream, &log, &options);
    run_to_end(&mut last);
    last.finish(NOW).expect("finished");
    decoded(&log)
}

fn decoded(log: &Log) -> BTreeMap<String, Outcome> {
    let decode = |(id, bytes): (String, Vec<u8>)| (id, Outcome::from_bytes(&bytes).expect("one"));
    outcomes(log).into_iter().map(decode).collect()
}

fn is_stood_down(outcome: &Outcome) -> bool {
    matches!(outcome.verdict, Verdict::Void { cause: VoidCause::RuleStoodDown, .. })
}

/// The rule that accuses most often at a camera, and the median of its times there.
fn most_often(plain: &BTreeMap<String, Outcome>, camera: &str) -> (&'static str, EventTime) {
    let mut times: BTreeMap<&'static str, Vec<EventTime>> = BTreeMap::new();
    let accused = |o: &&Outcome| o.verdict == Verdict::Violation && o.camera.as_str() == camera;
    for outcome in plain.values().filter(accused) {
        times.entry(outcome.rule).or_default().push(outcome.event_time);
    }
    let (rule, mut times) = times.into_iter().max_by_key(|(_, t)| t.len()).expect("violations");
    times.sort();
    assert!(times.len() >= 4, "{rule}: {times:?}");
    (rule, times[times.len() / 2])
}

#[test]
fn a_violation_of_a_rule_that_stands_down_is_a_void_from_its_instant_on() {
    let stream = long_stream();
    let plain = judged(&stream, |_| {}, 0);
    let (rule, since) = most_often(&plain, "east");
    let down = change("east", rule, since, true);
    for interruptions in [0, 5] {
        let found = judged(&stream, |log| say(log, &down), interruptions);
        assert_eq!(found.keys().collect::<Vec<_>>(), plain.keys().collect::<Vec<_>>());
        let (mut changed, mut kept) = (0, 0);
        for (id, before) in &plain {
            let now = &found[id];
            let stands = before.rule == rule && before.camera.as_str() == "east";
            if stands && before.event_time >= since && before.verdict == Verdict::Violation {
                assert!(is_stood_down(now), "{now:?}");
                let same = Outcome { verdict: Verdict::Violation, ..now.clone() };
                assert_eq!(&same, before, "only the verdict differs");
                changed += 1;
            } else {
                assert_eq!(now, before);
                kept += usize::from(stands && before.verdict == Verdict::Violation);
            }
        }
        assert!(changed >= 2 && kept >= 2, "{changed} changed, {kept} kept");
    }
}

#[test]
fn a_rule_that_is_back_accuses_again() {
    let stream = long_stream();
    let plain = judged(&stream, |_| {}, 0);
    let (rule, middle) = most_often(&plain, "west");
    let begin = EventTime(0);
    let both = |log: &Log| {
        say(log, &change("west", rule, begin, true));
        say(log, &change("west", rule, middle, false));
    };
    let found = judged(&stream, both, 3);
    for (id, before) in &plain {
        let of_rule = before.rule == rule && before.camera.as_str() == "west";
        let down = of_rule && before.event_time < middle && before.verdict == Verdict::Violation;
        assert_eq!(is_stood_down(&found[id]), down, "{id}");
    }
    assert!(found.values().any(is_stood_down));
}

#[test]
fn a_stand_down_that_comes_later_takes_nothing_back() {
    let stream = long_stream();
    let plain = judged(&stream, |_| {}, 0);
    let (rule, since) = most_often(&plain, "east");
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, &stream.observations);
    let options = Options { records_max: 97, commit_records: 1, ..Options::default() };
    let mut first = enforcer(&stream, &log, &options);
    run_to_end(&mut first);
    first.finish(NOW).expect("finished");
    drop(first);
    let before = outcomes(&log);
    // Everything was judged; a restart judges the last of it again, with what it knows now.
    say(&log, &change("east", rule, since, true));
    let mut second = enforcer(&stream, &log, &options);
    run_to_end(&mut second);
    second.finish(NOW).expect("finished");
    assert!(outcomes(&log) == before);
}

#[test]
fn a_stand_down_that_cannot_be_read_becomes_one_dead_letter() {
    let stream = long_stream();
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    let record = Record { key: "road/east".to_owned(), time: 1, id: None, value: vec![9; 9] };
    log.append(Topic::StandDowns, vec![record]).expect("stored");
    publish(&log, &stream.observations);
    for _ in 0..2 {
        run_to_end(&mut enforcer(&stream, &log, &Options::default()));
    }
    let letters = all(&log, Topic::DeadLetter);
    let [letter] = letters.as_slice() else { panic!("{} letters", letters.len()) };
    let letter = DeadLetter::from_bytes(&letter.value).expect("a letter");
    assert_eq!(
        (letter.topic.as_str(), letter.key.as_str()),
        ("wayside.standdowns.v1", "road/east")
    );
    assert!(decoded(&log).values().any(|outcome| outcome.verdict == Verdict::Violation));
}
