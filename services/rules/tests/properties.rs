//! What must hold of every replay, whatever is on the road.

mod common;

use common::scenario::{File, Scenario, check, observations, replay, run, signals, site};
use proptest::prelude::*;
use wayside_proto::{
    Content, Covariance2, EventTime, Observation, Outcome, TrackId, TrackState, Verdict,
};
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};

fn scenarios() -> Vec<Scenario> {
    let texts = [
        include_str!("scenarios/red_light.toml"),
        include_str!("scenarios/no_stopping.toml"),
        include_str!("scenarios/wrong_way.toml"),
        include_str!("scenarios/crossing.toml"),
    ];
    texts
        .iter()
        .flat_map(|text| toml::from_str::<File>(text).expect("scenarios").scenario)
        .collect()
}

/// What an outcome says, without the names that ids depend on.
fn meaning(outcome: &Outcome) -> (EventTime, &'static str, String, String) {
    let (verdict, quantities) = (&outcome.verdict, &outcome.quantities);
    let verdict = match verdict {
        Verdict::Violation => "violation",
        Verdict::Void { cause, .. } => cause.as_str(),
    };
    let numbers: Vec<String> =
        quantities.iter().map(|q| format!("{} {:.4}", q.name, q.value)).collect();
    (outcome.event_time, outcome.rule, outcome.place.clone(), format!("{verdict} {numbers:?}"))
}

fn states(observation: &mut Observation) -> &mut [TrackState] {
    match &mut observation.content {
        Content::Tracks { tracks, .. } => tracks,
        Content::Gap(_) => &mut [],
    }
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let scenarios = scenarios();
    let mut scenario = scenarios.first().expect("a scenario").clone();
    let result = replay(&scenario);
    assert!(check(&scenario, &result).is_empty());
    scenario.expect.clear();
    assert_eq!(check(&scenario, &result).len(), 1);
    scenario.on_red = 3;
    assert_eq!(check(&scenario, &result).len(), 2);
}

#[test]
fn a_redelivered_observation_changes_nothing() {
    for scenario in scenarios() {
        let site = site(&scenario);
        let signals = signals(&scenario, &site);
        let once = observations(&scenario, &site);
        let twice: Vec<Observation> = once.iter().flat_map(|o| [o.clone(), o.clone()]).collect();
        let (first, _) = run(&site, &signals, &once);
        let (second, counts) = run(&site, &signals, &twice);
        assert_eq!(first, second, "{}", scenario.title);
        assert!(counts.out_of_order > 0);
    }
}

#[test]
fn people_and_bicycles_are_never_subjects() {
    for scenario in scenarios() {
        for class in [wayside_proto::RoadUserClass::Person, wayside_proto::RoadUserClass::Bicycle] {
            let site = site(&scenario);
            let mut observations = observations(&scenario, &site);
            observations.iter_mut().flat_map(states).for_each(|state| state.class = class);
            let (outcomes, _) = run(&site, &signals(&scenario, &site), &observations);
            assert_eq!(outcomes, [], "{}", scenario.title);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Other ids in the same order give the same events under other ids.
    #[test]
    fn ids_of_tracks_are_names_only(shift in 1_u64..1_000_000) {
        for scenario in scenarios().iter().step_by(5) {
            let site = site(scenario);
            let signals = signals(scenario, &site);
            let before = observations(scenario, &site);
            let mut after = before.clone();
            for state in after.iter_mut().flat_map(states) {
                state.id = TrackId(state.id.0 + shift);
            }
            let (first, counts) = run(&site, &signals, &before);
            let (second, other) = run(&site, &signals, &after);
            prop_assert_eq!(counts, other);
            prop_assert_eq!(
                first.iter().map(meaning).map(|m| (m.0, m.1, m.2)).collect::<Vec<_>>(),
                second.iter().map(meaning).map(|m| (m.0, m.1, m.2)).collect::<Vec<_>>()
            );
            for (a, b) in first.iter().zip(&second) {
                prop_assert_ne!(&a.id, &b.id);
            }
        }
    }

    /// Everything later by a whole number of microseconds gives the same events, later by as much.
    #[test]
    fn time_has_no_origin(shift_us in -86_400_000_000_i64..86_400_000_000) {
        for scenario in scenarios().iter().step_by(5) {
            let site = site(scenario);
            let rows = scenario.signals.clone().unwrap_or_else(|| vec![(-10.0, "S".into(), "green".into())]);
            let shifted = SignalHistory::with_records(&site.file().signals, rows.iter().map(|row| SignalRecord {
                time: EventTime(site.start().plus_s(row.0).0 + shift_us),
                group: row.1.clone(),
                state: wayside_proto::SignalColour::parse(&row.2).expect("a state"),
                source: SignalSource::Log,
            }));
            if !scenario.lamps.is_empty() {
                continue;
            }
            let before = observations(scenario, &site);
            let mut after = before.clone();
            for observation in &mut after {
                observation.time.0 += shift_us;
                if let Content::Gap(gap) = &mut observation.content {
                    gap.from.0 += shift_us;
                    gap.to.0 += shift_us;
                }
            }
            let (first, _) = run(&site, &signals(scenario, &site), &before);
            let (second, _) = run(&site, &shifted, &after);
            let later: Vec<_> = first.iter().map(meaning).map(|m| (m.0.0 + shift_us, m.1, m.2, m.3)).collect();
            let found: Vec<_> = second.iter().map(meaning).map(|m| (m.0.0, m.1, m.2, m.3)).collect();
            prop_assert_eq!(later, found);
        }
    }

    /// Any numbers in a state, in any order of frames: no panic, and finite quantities.
    #[test]
    fn no_state_panics(
        numbers in proptest::collection::vec(
            (0_u64..4, -60_i64..60, prop_oneof![-30.0..60.0, Just(f64::NAN), Just(1e300), Just(f64::INFINITY)],
             -9.0..9.0_f64, -20.0..20.0_f64, 0.0..2.0_f64, 0_usize..6), 1..120)
    ) {
        let scenarios = scenarios();
        let scenario = scenarios.first().expect("a scenario");
        let site = site(scenario);
        let template = observations(scenario, &site).remove(0);
        let mut time = site.start();
        let observations: Vec<Observation> = numbers.iter().map(|&(id, ds, x, y, v, sigma, class)| {
            time = time.plus_s(ds as f64 / 20.0);
            let mut observation = template.clone();
            observation.time = time;
            for state in states(&mut observation) {
                state.id = TrackId(id);
                state.front_m = [x, y];
                state.velocity_ms = [v, 0.0];
                state.front_cov_m2 = Covariance2::isotropic(sigma);
                state.class = wayside_proto::RoadUserClass::ALL[class];
            }
            observation
        }).collect();
        let (outcomes, _) = run(&site, &signals(scenario, &site), &observations);
        for quantity in outcomes.iter().flat_map(|outcome| &outcome.quantities) {
            prop_assert!(quantity.value.is_finite());
            prop_assert!(quantity.low.is_none_or(|low| low <= quantity.value + 1e-9), "{quantity:?}");
            prop_assert!(quantity.high.is_none_or(|high| high >= quantity.value - 1e-9), "{quantity:?}");
        }
    }
}
