//! How well vehicles are matched, over vectors of rendered pairs and simulated traffic.
//!
//! `cargo run -p wayside-sections --example pairs -- FILE [--similarity S] [--margin M] [--seed N]
//! [--days N] [--speed SHARE] [--violation-similarity S] [--violation-margin M] [--grid | --grid-violations]`. FILE has one vehicle a line, as `python models/train embed-pairs` writes it. Vehicles
//! of one light pass together, each once a day, at 200, 500 and 900 vehicles an hour. `--grid` tries
//! similarities and margins instead. Intervals are Wilson's, 95%, over passages; a vehicle passes once a
//! day, each time among others, so passages of several days are not quite independent.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "an example prints")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::pairs::{Pair, read};
use common::traffic::{Flow, Tally, run, section, wilson};

const FLOWS: [f64; 3] = [200.0, 500.0, 900.0];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut file, mut grid) = (None, false);
    let mut numbers = BTreeMap::from([
        ("--similarity", 0.75),
        ("--margin", 0.12),
        ("--seed", 1.0),
        ("--days", 4.0),
        ("--speed", 0.97),
    ]);
    while let Some(argument) = arguments.next() {
        if argument == "--grid" {
            grid = true;
        } else if let Some(value) = numbers.get_mut(argument.as_str()) {
            match arguments.next().and_then(|text| text.parse().ok()) {
                Some(number) => *value = number,
                None => return fail(&format!("{argument} needs a number")),
            }
        } else {
            file = Some(argument);
        }
    }
    let Some(file) = file else { return fail("give a file of pairs") };
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => return fail(&format!("{file}: {error}")),
    };
    let pairs = read(&text);
    let days = numbers["--days"] as u64;
    let how = How { seed: numbers["--seed"] as u64, days, speed_share: numbers["--speed"] };
    println!("{file}: {} vehicles, {days} days", pairs.len());
    if grid {
        for similarity in [0.6, 0.7, 0.75, 0.8, 0.85] {
            for margin in [0.05, 0.08, 0.1, 0.12, 0.15, 0.2] {
                println!("similarity_min {similarity}, margin_min {margin}");
                for flow in FLOWS {
                    let tally = days_of(&pairs, None, flow, how, (similarity, margin));
                    short(flow, &tally);
                }
            }
        }
        return ExitCode::SUCCESS;
    }
    let limits = (numbers["--similarity"], numbers["--margin"]);
    println!("similarity_min {}, margin_min {}", limits.0, limits.1);
    let mut all = Tally::default();
    for flow in FLOWS {
        let tally = days_of(&pairs, None, flow, how, limits);
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
        short(500.0, &days_of(&pairs, Some(light), 500.0, how, limits));
    }
    println!("\nall flows together");
    long(&all);
    ExitCode::SUCCESS
}

#[derive(Clone, Copy)]
struct How {
    seed: u64,
    days: u64,
    /// Mean of the vehicles' speeds as a share of the limit.
    speed_share: f64,
}

fn fail(problem: &str) -> ExitCode {
    eprintln!(
        "error: {problem}\n  hint: pairs FILE [--similarity S] [--margin M] [--seed N] [--days N] [--speed SHARE] [--grid]"
    );
    ExitCode::from(2)
}

/// All lights (or one), one after the other, on several days.
fn days_of(
    pairs: &[Pair],
    only: Option<&str>,
    vehicles_h: f64,
    how: How,
    (similarity, margin): (f64, f64),
) -> Tally {
    let mut lights: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in pairs {
        lights.entry(&pair.light).or_default().push(pair);
    }
    let settings = section(similarity, margin);
    let mut all = Tally::default();
    for day in 0..how.days {
        for (number, (light, pairs)) in lights.iter().enumerate() {
            if only.is_none_or(|only| only == *light) {
                let seed = how.seed * 1_000_000 + day * 1_000 + number as u64;
                all.add(run(
                    pairs,
                    Flow { vehicles_h, speed_share: how.speed_share, seed },
                    &settings,
                ));
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
        "  {flow:4} /h: false {}, right {}, abstained {}; violations {}, of wrong matches {}",
        share(tally.wrong, tally.matched()),
        share(tally.right, tally.left_of_both),
        share(tally.left - tally.matched(), tally.left),
        tally.violations,
        tally.violations_of_wrong,
    );
}

fn long(tally: &Tally) {
    println!("  vehicles at the exit           {}", tally.left);
    println!("  false matches, of matches      {}", share(tally.wrong, tally.matched()));
    println!("  right matches, of both ends    {}", share(tally.right, tally.left_of_both));
    println!(
        "  abstained, of all that left    {}",
        share(tally.left - tally.matched(), tally.left)
    );
    let causes: Vec<String> = tally
        .abstained
        .iter()
        .map(|(cause, count)| format!("{} {count}", cause.as_str()))
        .collect();
    println!("    {}", causes.join(", "));
    println!("  largest error up to 100 km/h   {:.2} km/h", tally.error_kmh);
    println!("  largest error above            {:.2} %", 100.0 * tally.error_share);
    println!("  true speed in the interval     {}", share(tally.inside, tally.right));
    println!(
        "  violations                     {}, of them {} of vehicles that did not drive too fast",
        tally.violations,
        tally.violations - tally.violations_true
    );
    println!("  vehicles that were too fast    {}", tally.speeders);
    println!("  violations from wrong matches  {}", tally.violations_of_wrong);
    println!("  voids, from wrong matches      {}, {}", tally.voids, tally.voids_of_wrong);
}
