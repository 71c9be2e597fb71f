//! What a long run forgets of its signals changes no answer that it can still give.

use proptest::prelude::*;
use wayside_proto::{EventTime, SignalColour};
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_site::Site;

fn site() -> Site {
    let text = include_str!("scenarios/road.toml");
    Site::parse("road.toml", text).expect("a site")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_forgotten_is_not_missed(
        steps in proptest::collection::vec((1_u32..120, 0_usize..3, any::<bool>()), 200..600),
        forget_s in 0.0..30_000.0_f64,
        asked_s in 0.0..600.0_f64,
    ) {
        let mut all = SignalHistory::new(&site().file().signals);
        let mut seconds = 0;
        for (step, state, lamp) in steps {
            seconds += i64::from(step);
            all.push(SignalRecord {
                time: EventTime(seconds * 1_000_000),
                group: "S".to_owned(),
                state: [SignalColour::Red, SignalColour::Yellow, SignalColour::Green][state],
                source: if lamp { SignalSource::Lamp } else { SignalSource::Log },
            });
        }
        let mut kept = all.clone();
        let from = EventTime(0).plus_s(forget_s);
        kept.forget_before(from);
        let (at, to) = (from.plus_s(asked_s), from.plus_s(asked_s + 300.0));
        prop_assert_eq!(kept.state_at("S", at), all.state_at("S", at));
        prop_assert_eq!(kept.timeline("S", at, to), all.timeline("S", at, to));
    }
}
