//! How well vehicles are matched, over vectors of rendered pairs and simulated traffic.
//!
//! `cargo run -p wayside-sections --example pairs -- FILE [--similarity S] [--margin M]
//! [--violation-similarity S] [--violation-margin M] [--seed N] [--days N] [--speed SHARE]
//! [--grid | --grid-violations]`
//!
//! FILE has one vehicle a line, as `python models/train embed-pairs` writes it. Vehicles of one light
//! pass together, each once a day, at 200, 500 and 900 vehicles an hour. Thresholds are those of the site
//! file unless given; the grids try others. Intervals are Wilson's, 95%, over passages; a vehicle
//! passes once a day, each time among others, so passages of several days are not quite independent.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "an example prints")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::pairs::{Pair, read};
use common::traffic::{Flow, Tally, run, section, wilson};
use wayside_site::model::SectionSpeed;

const FLOWS: [f64; 3] = [200.0, 500.0, 900.0];
const USAGE: &str = "pairs FILE [--similarity S] [--margin M] [--violation-similarity S] \
                     [--violation-margin M] [--seed N] [--days N] [--speed SHARE] \
                     [--grid | --grid-violations]";

/// What is passed and how it is judged.
#[derive(Clone, Copy)]
struct How {
    seed: u64,
    days: u64,
    /// Mean of the vehicles' speeds as a share of the limit.
    speed_share: f64,
    /// Least similarity and margin of a match.
    matching: (f64, f64),
    /// Least similarity and margin of a violation.
    violation: (f64, f64),
}

enum Mode {
    Report,
    Grid,
    GridViolations,
}

fn main() -> ExitCode {
    match arguments() {
        Ok((pairs, how, mode)) => {
            println!("{} vehicles, {} days", pairs.len(), how.days);
            match mode {
                Mode::Report => report(&pairs, how),
                Mode::Grid => grid(&pairs, how),
                Mode::GridViolations => grid_violations(&pairs, how),
            }
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}\n  hint: {USAGE}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<(Vec<Pair>, How, Mode), String> {
    let site = SectionSpeed::default();
    let mut numbers = BTreeMap::from([
        ("--similarity", site.similarity_min),
        ("--margin", site.margin_min),
        ("--violation-similarity", site.violation_similarity_min),
        ("--violation-margin", site.violation_margin_min),
        ("--seed", 1.0),
        ("--days", 4.0),
        ("--speed", 0.97),
    ]);
    let (mut file, mut mode) = (None, Mode::Report);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), numbers.get_mut(argument.as_str())) {
            ("--grid", _) => mode = Mode::Grid,
            ("--grid-violations", _) => mode = Mode::GridViolations,
            (_, Some(value)) => {
                let text = arguments.next().unwrap_or_default();
                *value = text.parse().map_err(|_| format!("{argument} needs a number"))?;
            }
            _ => file = Some(argument),
        }
    }
    let file = file.ok_or("give a file of pairs")?;
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let of = |name: &str| numbers.get(name).copied().unwrap_or_default();
    let how = How {
        seed: of("--seed") as u64,
        days: of("--days") as u64,
        speed_share: of("--speed"),
        matching: (of("--similarity"), of("--margin")),
        violation: (of("--violation-similarity"), of("--violation-margin")),
    };
    Ok((read(&text), how, mode))
}

fn report(pairs: &[Pair], how: How) {
    println!("similarity_min {}, margin_min {}", how.matching.0, how.matching.1);
    let (similarity, margin) = how.violation;
    println!("violation_similarity_min {similarity}, violation_margin_min {margin}");
    let mut all = Tally::default();
    for flow in FLOWS {
        let tally = days(pairs, None, flow, how);
        println!("\n{flow} vehicles an hour");
        long(&tally);
        all.add(tally);
    }
    println!("\nby light, 500 vehicles an hour");
    let mut lights: Vec<&str> = pairs.iter().map(|pair| pair.light.as_str()).collect();
    lights.sort_unstable();
    lights.dedup();
    for light in lights {
        print!("{light:6}");
        short(500.0, &days(pairs, Some(light), 500.0, how));
    }
    println!("\nall flows together");
    long(&all);
}

fn grid(pairs: &[Pair], how: How) {
    for similarity in [0.6, 0.7, 0.75, 0.8, 0.85] {
        for margin in [0.05, 0.08, 0.1, 0.12, 0.15, 0.2] {
            println!("similarity_min {similarity}, margin_min {margin}");
            for flow in FLOWS {
                let how = How { matching: (similarity, margin), ..how };
                short(flow, &days(pairs, None, flow, how));
            }
        }
    }
}

fn grid_violations(pairs: &[Pair], how: How) {
    for similarity in [0.0, 0.8, 0.85, 0.9] {
        for margin in [0.0, 0.15, 0.2, 0.25, 0.3] {
            let how = How { violation: (similarity, margin), ..how };
            let mut all = Tally::default();
            FLOWS.into_iter().for_each(|flow| all.add(days(pairs, None, flow, how)));
            println!(
                "violation_similarity_min {similarity}, violation_margin_min {margin}: {} \
                 violations, {} from wrong matches, {} of vehicles that did not drive too fast, of \
                 {} that left",
                all.violations,
                all.violations_of_wrong,
                all.violations - all.violations_true,
                all.left
            );
        }
    }
}

/// All lights (or one), one after the other, on several days.
fn days(pairs: &[Pair], only: Option<&str>, vehicles_h: f64, how: How) -> Tally {
    let mut lights: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in pairs {
        lights.entry(&pair.light).or_default().push(pair);
    }
    let mut settings = section(how.matching.0, how.matching.1);
    if let Some(rule) = &mut settings.rule {
        (rule.similarity_min, rule.margin_min) = how.violation;
    }
    let mut all = Tally::default();
    for day in 0..how.days {
        for (number, (light, pairs)) in lights.iter().enumerate() {
            if only.is_none_or(|only| only == *light) {
                let seed = how.seed * 1_000_000 + day * 1_000 + number as u64;
                let flow = Flow { vehicles_h, speed_share: how.speed_share, seed };
                all.add(run(pairs, flow, &settings));
            }
        }
    }
    all
}

fn share(hits: u64, of: u64) -> String {
    let (low, high) = wilson(hits, of);
    let percent = 100.0 * hits as f64 / of.max(1) as f64;
    format!("{percent:.2} % ({:.2} to {:.2}; {hits} of {of})", 100.0 * low, 100.0 * high)
}

fn short(flow: f64, tally: &Tally) {
    println!(
        "  {flow:4} /h: false {}, right {}, abstained {}; violations {}, from wrong matches {}",
        share(tally.wrong, tally.matched()),
        share(tally.right, tally.left_of_both),
        share(tally.left - tally.matched(), tally.left),
        tally.violations,
        tally.violations_of_wrong,
    );
}

fn long(tally: &Tally) {
    let abstained = tally.left - tally.matched();
    println!("  vehicles at the exit           {}", tally.left);
    println!("  false matches, of matches      {}", share(tally.wrong, tally.matched()));
    println!("  right matches, of both ends    {}", share(tally.right, tally.left_of_both));
    println!("  abstained, of all that left    {}", share(abstained, tally.left));
    let causes = tally.abstained.iter().map(|(cause, count)| format!("{} {count}", cause.as_str()));
    println!("    {}", causes.collect::<Vec<_>>().join(", "));
    println!("  largest error up to 100 km/h   {:.2} km/h", tally.error_kmh);
    println!("  largest error above            {:.2} %", 100.0 * tally.error_share);
    println!("  true speed in the interval     {}", share(tally.inside, tally.right));
    println!(
        "  violations                     {}, of them {} of vehicles that did not drive too fast",
        tally.violations,
        tally.violations - tally.violations_true
    );
    println!("  vehicles that were too fast    {}", tally.speeders);
    let wrong = share(tally.violations_of_wrong, tally.left);
    println!("  violations from wrong matches  {wrong}");
    println!("  voids, from wrong matches      {}, {}", tally.voids, tally.voids_of_wrong);
}
