//! `wayside-fuzz [SECONDS] [SEED]`: each reader for SECONDS (60). An input that breaks one is left in
//! `fuzz/artifacts`; `wayside-fuzz replay TARGET FILE` runs it again.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wayside_fuzz::run::{Budget, Finding, search};
use wayside_fuzz::targets::TARGETS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, target, file] = arguments.as_slice()
        && command == "replay"
    {
        return replay(target, file);
    }
    let seconds = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(60);
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(clock);
    println!("seed {seed}, {seconds} s for each reader");
    let budget = Budget { inputs_max: u64::MAX, time_max: Duration::from_secs(seconds) };
    let mut sound = true;
    for target in TARGETS {
        match search(target, seed, budget) {
            Ok(report) => {
                println!(
                    "{}: {} inputs, {} answers, nothing found",
                    target.name, report.inputs, report.answers
                );
            }
            Err(finding) => {
                sound = false;
                println!("{}: {}\n  {}", target.name, finding.problem, keep(target.name, &finding));
            }
        }
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes the input beside the crate and says where.
fn keep(target: &str, finding: &Finding) -> String {
    let folder = Path::new("fuzz/artifacts");
    let file = folder.join(format!("{target}-{}", finding.input.len()));
    match fs::create_dir_all(folder).and_then(|()| fs::write(&file, &finding.input)) {
        Ok(()) => format!("input: {}", file.display()),
        Err(error) => format!("the input could not be written to {}: {error}", file.display()),
    }
}

fn replay(target: &str, file: &str) -> ExitCode {
    let Some(target) = TARGETS.iter().find(|known| known.name == target) else {
        println!(
            "no reader {target}; known: {}",
            TARGETS.iter().map(|t| t.name).collect::<Vec<_>>().join(", ")
        );
        return ExitCode::FAILURE;
    };
    let input = match fs::read(file) {
        Ok(input) => input,
        Err(error) => {
            println!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match (target.check)(&input) {
        Ok(said) => {
            println!("holds: {said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            println!("{problem}");
            ExitCode::FAILURE
        }
    }
}
