//! What is written is read back the same: domain to wire to domain, and JSON.

mod common;

use proptest::collection::vec;
use proptest::prelude::*;
use wayside_proto::convert::{
    Frames, decode_observations, decode_outcomes, encode_observation, encode_outcome,
};
use wayside_proto::json::{OutcomeLine, line, parse_line, parse_lines, violation_line, void_line};
use wayside_proto::{Observation, Outcome, Verdict, wire};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn observations_survive_the_wire(observation in common::observation()) {
        let message = wire::Observation::try_from(&observation).expect("sound");
        prop_assert_eq!(Observation::try_from(message), Ok(observation));
    }

    #[test]
    fn outcomes_survive_the_wire(outcome in common::outcome()) {
        let message = wire::RuleOutcome::try_from(&outcome).expect("sound");
        prop_assert_eq!(Outcome::try_from(message), Ok(outcome));
    }

    #[test]
    fn sequences_survive_framing(
        observations in vec(common::observation(), 0..5),
        outcomes in vec(common::outcome(), 0..5),
    ) {
        let mut bytes = Vec::new();
        for observation in &observations {
            encode_observation(observation, &mut bytes).expect("sound");
        }
        prop_assert_eq!(decode_observations(&bytes), Ok(observations));
        let mut bytes = Vec::new();
        for outcome in &outcomes {
            encode_outcome(outcome, &mut bytes).expect("sound");
        }
        prop_assert_eq!(decode_outcomes(&bytes), Ok(outcomes));
    }

    #[test]
    fn a_cut_loses_only_the_last_message(
        observations in vec(common::observation(), 1..5),
        share in 0.0..1.0,
    ) {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for observation in &observations {
            encode_observation(observation, &mut bytes).expect("sound");
            ends.push(bytes.len());
        }
        let cut = (bytes.len() as f64 * share) as usize;
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let frames: Vec<_> = Frames::new(&bytes[..cut]).collect();
        prop_assert_eq!(frames.iter().filter(|frame| frame.is_ok()).count(), whole);
        let at_boundary = cut == 0 || ends.contains(&cut);
        prop_assert_eq!(frames.len(), whole + usize::from(!at_boundary));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = decode_observations(&bytes);
        let _ = decode_outcomes(&bytes);
    }

    #[test]
    fn a_flipped_byte_never_panics(
        observation in common::observation(),
        at in any::<proptest::sample::Index>(),
        to in any::<u8>(),
    ) {
        let mut bytes = Vec::new();
        encode_observation(&observation, &mut bytes).expect("sound");
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = decode_observations(&bytes);
    }

    #[test]
    fn lines_are_read_back(outcome in common::outcome()) {
        let written = line(&outcome);
        prop_assert!(!written.contains('\n'));
        let read = parse_line(&written, 1).expect("a line");
        prop_assert_eq!(&read, &OutcomeLine::from(&outcome));
        prop_assert_eq!(read.to_json(), written);
        for (read, quantity) in read.quantities.iter().zip(&outcome.quantities) {
            prop_assert!((read.value - quantity.value).abs() <= 5.1e-7);
        }
    }

    #[test]
    fn each_line_is_one_json_object(outcome in common::outcome()) {
        let lines = [violation_line(&outcome), void_line(&outcome)];
        for line in &lines {
            prop_assert!(serde_json::from_str::<serde_json::Value>(line).expect("JSON").is_object());
        }
        let void = matches!(outcome.verdict, Verdict::Void { .. });
        prop_assert_eq!(lines[1].contains(r#","cause":""#), void);
        prop_assert_eq!(parse_lines(&lines.join("\n\n")).expect("lines").len(), 2);
    }

    #[test]
    fn arbitrary_lines_never_panic(text in "\\PC{0,200}") {
        let _ = parse_lines(&text);
    }
}
