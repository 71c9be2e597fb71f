//! The core of sections over a city's passages finds who was too fast.

#![allow(clippy::disallowed_macros)] // What was found is worth reading.

use std::collections::BTreeMap;

use wayside_city::{City, CityOptions, Message, Truth};
use wayside_proto::convert::Message as _;
use wayside_proto::{Abstention, EventTime, Outcome, Passage, SectionEnd, Verdict};
use wayside_sections::{Action, Begin, SectionCore, Settings, Step};
use wayside_site::Site;

fn city() -> City {
    let options = CityOptions { seed: 11, cameras: 32, offenders: 0.2, ..CityOptions::default() };
    City::new(options).expect("options")
}

fn messages(city: &City, section: u32, seconds: i64) -> (Vec<Passage>, Vec<Truth>) {
    let mut out = Vec::new();
    let mut stream = city.section(section);
    for second in 1..=seconds {
        stream.until(second * 1_000_000, &mut out).expect("messages");
    }
    let (mut passages, mut truths) = (Vec::new(), Vec::new());
    for message in out {
        match message {
            Message::Passage { key, time, value } => {
                let passage = Passage::from_bytes(&value).expect("a passage");
                assert_eq!((key.as_str(), time), (passage.section.as_str(), passage.time));
                passages.push(passage);
            }
            Message::Truth(truth) => truths.push(truth),
            other => panic!("{other:?}"),
        }
    }
    (passages, truths)
}

#[test]
fn ends_number_what_they_say_and_marks_hold() {
    let (passages, _) = messages(&city(), 0, 600);
    assert_eq!(passages, messages(&city(), 0, 600).0, "the same seed gives the same");
    for end in SectionEnd::ALL {
        let of_end = || passages.iter().filter(move |passage| passage.end == end);
        assert!(of_end().zip(0..).all(|(passage, number)| passage.sequence == number));
        let mut marked = EventTime(i64::MIN);
        for passage in of_end() {
            assert!(passage.time > marked, "{passage:?} comes after the mark of {marked}");
            if passage.vehicle().is_none() {
                marked = passage.time;
            }
        }
        assert!(of_end().filter(|passage| passage.vehicle().is_some()).count() > 50);
    }
}

#[test]
fn who_is_too_fast_is_found_and_nobody_else() {
    let city = city();
    let (mut certain, mut found, mut falsely, mut matched) = (0, 0, 0, 0);
    let mut abstained: BTreeMap<Abstention, u32> = BTreeMap::new();
    for section in 0..city.sections() {
        let text = city.site_file(2 * section + 1);
        let site = Site::parse("exit.toml", &text).unwrap_or_else(|e| panic!("{e:#?}\n{text}"));
        let plan = city.section(section).plan().clone();
        let settings = Settings::of(&site, plan.id.as_str()).expect("the section ends here");
        assert_eq!(settings.length_m, plan.length_m);
        let (passages, truths) = messages(&city, section, 1_800);
        let last = passages.last().map(|passage| passage.time).expect("passages");
        let settled = last.plus_s(-plan.travel_time_s_max - 20.0);
        let mut core = SectionCore::new(settings, Begin::Cold);
        let mut outcomes: Vec<Outcome> = Vec::new();
        for (place, passage) in (0..).zip(passages) {
            core.take(place, passage).expect("a message");
            while let Some(step) = core.poll() {
                match step {
                    Step::Ask(question) => {
                        let hits = core.exact_hits(&question);
                        core.answer(&hits);
                    }
                    Step::Do(Action::Concluded(outcome)) => outcomes.push(*outcome),
                    Step::Do(Action::Matched(_)) => matched += 1,
                    Step::Do(Action::Abstained(why)) => {
                        *abstained.entry(why.cause).or_default() += 1;
                    }
                    Step::Do(Action::Store(..) | Action::Timed(_)) => {}
                }
            }
        }
        let fits = |truth: &Truth, outcome: &Outcome| {
            truth.track == outcome.track
                && truth.time == outcome.event_time
                && truth.site == outcome.site
                && truth.class == outcome.class
        };
        outcomes.retain(|outcome| outcome.verdict == Verdict::Violation);
        for truth in truths.iter().filter(|truth| truth.certain && truth.time < settled) {
            certain += 1;
            found += u32::from(outcomes.iter().any(|outcome| fits(truth, outcome)));
        }
        for outcome in &outcomes {
            let Some(truth) = truths.iter().find(|truth| fits(truth, outcome)) else {
                falsely += 1;
                println!("false {outcome:?}");
                continue;
            };
            let speed = &outcome.quantities[0];
            assert!((speed.value - truth.value).abs() * 3.6 < 3.0, "{speed:?} {}", truth.value);
        }
    }
    println!("{certain} certain, {found} found, {falsely} false; {matched} matched, {abstained:?}");
    assert!(certain > 100 && falsely == 0);
    // Those who look like others are left alone.
    assert!(found * 100 > certain * 75, "{found} of {certain}");
}
