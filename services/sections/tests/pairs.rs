//! Matching over vectors of the shipped model: 795 rendered vehicles of a seed that nothing was tuned
//! on, in simulated traffic. `cargo run -p wayside-sections --example pairs` shows the figures.

mod common;

use std::collections::BTreeMap;

use common::pairs::{Pair, read};
use common::traffic::{Flow, Tally, run, section, wilson};
use wayside_site::model::SectionSpeed;

const PAIRS: &str = include_str!("data/pairs.jsonl");

fn day(pairs: &[Pair], vehicles_h: f64, seed: u64) -> Tally {
    let mut lights: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in pairs {
        lights.entry(&pair.light).or_default().push(pair);
    }
    let site = SectionSpeed::default();
    let mut settings = section(site.similarity_min, site.margin_min);
    if let Some(rule) = &mut settings.rule {
        rule.similarity_min = site.violation_similarity_min;
        rule.margin_min = site.violation_margin_min;
    }
    let mut all = Tally::default();
    for (number, pairs) in lights.values().enumerate() {
        let flow = Flow { vehicles_h, speed_share: 0.97, seed: seed + number as u64 };
        all.add(run(pairs, flow, &settings));
    }
    all
}

#[test]
fn wrong_matches_are_rare_and_lead_to_no_violation() {
    let pairs = read(PAIRS);
    assert!(pairs.len() >= 600, "{}", pairs.len());
    let mut all = Tally::default();
    for (number, flow) in [200.0, 500.0, 900.0].into_iter().enumerate() {
        all.add(day(&pairs, flow, 40 + 10 * number as u64));
    }
    assert!(all.left >= 2_000, "{} vehicles left", all.left);
    assert_eq!(all.violations_of_wrong, 0);
    assert_eq!(all.violations, all.violations_true, "somebody did not drive too fast");
    assert!(all.violations >= 80, "{} violations: the test would see nothing", all.violations);
    let (_, most) = wilson(all.wrong, all.matched());
    assert!(most < 0.03, "{} of {} matches are wrong", all.wrong, all.matched());
    let (least, _) = wilson(all.right, all.left_of_both);
    assert!(least > 0.3, "{} of {} are matched", all.right, all.left_of_both);
    assert!(all.error_kmh < 3.0 && all.error_share < 0.03, "{} {}", all.error_kmh, all.error_share);
    let abstained: u64 = all.abstained.values().sum();
    assert_eq!(abstained + all.matched(), all.left, "every vehicle is decided once");
}
