use wayside_proto::{
    CameraId, EventTime, MotorVehicleClass, Outcome, OutcomeId, Quantity, RunId, Signal,
    SignalColour, SiteId, TrackId, Unit, Verdict, VoidCause,
};

use super::*;

fn outcome(rule: &'static str, track: u64, place: &str, time_s: f64) -> Outcome {
    let (site, camera, run) = (SiteId::from("s"), CameraId::from("c"), RunId::from("r"));
    let (track, event_time) = (TrackId(track), EventTime(0).plus_s(time_s));
    Outcome {
        id: OutcomeId::derive(&site, &camera, &run, track, rule, place, event_time),
        rule,
        rule_version: 1,
        site,
        camera,
        run,
        track,
        class: MotorVehicleClass::Car,
        event_time,
        place: place.to_owned(),
        approach: None,
        lane: Some("1".to_owned()),
        quantities: vec![quantity("time_into_red", 0.52)],
        signal: None,
        verdict: Verdict::Violation,
    }
}

fn quantity(name: &'static str, value: f64) -> Quantity {
    let (low, high) = (Some(value - 0.1), Some(value + 0.1));
    Quantity { name, value, low, high, unit: Unit::Second }
}

fn words(change: impl Fn(&mut Outcome)) -> String {
    let before = outcome("red_light", 1, "S", 10.0);
    let mut after = before.clone();
    change(&mut after);
    let comparison = compare(vec![before], vec![after]);
    match comparison.differences.as_slice() {
        [] => String::new(),
        [Difference::Changes { words, .. }] => words.join("; "),
        others => panic!("{others:?}"),
    }
}

#[test]
fn every_kind_of_change_has_words() {
    let void = |cause| Verdict::Void { cause, detail: "Because.".to_owned() };
    let signal = |state, since| {
        Some(Signal { group: "N".to_owned(), state, since: Some(EventTime(0).plus_s(since)) })
    };
    let said = [
        words(|_| ()),
        words(|o| o.verdict = void(VoidCause::IntervalStraddlesLimit)),
        words(|o| o.quantities = vec![quantity("time_into_red", 0.41)]),
        words(|o| o.quantities = vec![quantity("time_into_red", 0.520_04)]),
        words(|o| o.quantities = vec![quantity("time_into_red", 0.521)]),
        words(|o| o.quantities[0].high = None),
        words(|o| o.quantities.clear()),
        words(|o| o.quantities.push(quantity("duration", 2.0))),
        words(|o| o.lane = None),
        words(|o| o.event_time = o.event_time.plus_s(-0.25)),
        words(|o| o.event_time = o.event_time.plus_s(0.000_2)),
        words(|o| o.signal = signal(SignalColour::Red, 5.0)),
        words(|o| {
            o.lane = Some("2".to_owned());
            o.approach = Some("Sin".to_owned());
        }),
    ]
    .join("\n");
    insta::assert_snapshot!(said, @r"

    violation -> void (interval straddles limit)
    time into red 0.52 s -> 0.41 s

    time into red 0.520 s -> 0.521 s
    time into red within [0.42, 0.62] -> [0.42, ?] s
    time into red is not stated any more
    duration 2.00 s [1.90, 2.10] is stated, too
    lane 1 -> none
    0.250 s earlier

    signal none -> N red
    approach none -> Sin; lane 1 -> 2
    ");
}

#[test]
fn a_moved_line_moves_the_event_and_the_nearest_is_its_counterpart() {
    let before = vec![outcome("wrong_way", 1, "A", 10.0), outcome("wrong_way", 1, "A", 40.0)];
    let after = vec![outcome("wrong_way", 1, "A", 41.0), outcome("wrong_way", 1, "A", 11.0)];
    let comparison = compare(before, after);
    let count = comparison.rules["wrong_way"];
    assert_eq!((count.change, count.appear, count.disappear, count.same), (2, 0, 0, 0));
    for difference in &comparison.differences {
        let Difference::Changes { words, .. } = difference else { panic!("{difference:?}") };
        assert_eq!(words, &["1.000 s later"]);
    }
}

#[test]
fn another_track_another_rule_and_another_time_are_other_events() {
    let before = vec![
        outcome("red_light", 1, "S", 10.0),
        outcome("red_light", 2, "S", 10.0),
        outcome("red_light", 3, "S", 10.0),
    ];
    let after = vec![
        outcome("stop_line", 1, "S", 10.0),
        outcome("red_light", 2, "S", 41.0),
        outcome("red_light", 4, "S", 10.0),
    ];
    let comparison = compare(before, after);
    let total = comparison.total();
    assert_eq!((total.appear, total.disappear, total.change, total.same), (3, 3, 0, 0));
}

#[test]
fn a_place_that_stays_is_matched_before_one_that_is_named_anew() {
    let before = vec![outcome("no_stopping", 1, "A", 10.0), outcome("no_stopping", 1, "B", 12.0)];
    let after = vec![outcome("no_stopping", 1, "B", 11.0), outcome("no_stopping", 1, "C", 9.5)];
    let comparison = compare(before, after);
    let said: Vec<String> = comparison
        .differences
        .iter()
        .map(|difference| match difference {
            Difference::Changes { words, .. } => words.join("; "),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(said, ["place A -> C; 0.500 s earlier", "1.000 s earlier"]);
}

#[test]
fn nothing_is_counted_twice_or_lost() {
    // Any two lists: a plain generator, so that a failure shows its seed.
    for seed in 0..200_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let mut side = || -> Vec<Outcome> {
            (0..next(12))
                .map(|_| {
                    let rule = if next(2) == 0 { "red_light" } else { "wrong_way" };
                    let place = if next(2) == 0 { "A" } else { "B" };
                    let mut outcome = outcome(rule, next(2), place, next(20) as f64 * 4.0);
                    if next(3) == 0 {
                        let cause = VoidCause::Gap;
                        outcome.verdict = Verdict::Void { cause, detail: String::new() };
                    }
                    outcome
                })
                .collect()
        };
        let (before, after) = (side(), side());
        let distinct = |outcomes: &[Outcome]| {
            outcomes.iter().map(|o| o.id.0.clone()).collect::<BTreeSet<_>>().len() as u64
        };
        let (old, new) = (distinct(&before), distinct(&after));
        let total = compare(before.clone(), after.clone()).total();
        assert_eq!(total.violations[0] + total.voids[0], old, "seed {seed}");
        assert_eq!(total.violations[1] + total.voids[1], new, "seed {seed}");
        assert_eq!(total.disappear + total.change + total.same, old, "seed {seed}");
        assert_eq!(total.appear + total.change + total.same, new, "seed {seed}");
        // Against itself nothing differs; the order of the lists does not matter.
        assert_eq!(compare(before.clone(), before.clone()).differences, []);
        let mut turned = before.clone();
        turned.reverse();
        if distinct(&before) == before.len() as u64 {
            assert_eq!(compare(turned, after.clone()), compare(before, after), "seed {seed}");
        }
    }
}
