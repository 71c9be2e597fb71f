//! Looks for an input that breaks a reader.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::mutate::mutate;
use crate::targets::Target;

/// Longest time for one input.
const ONE_INPUT_MAX: Duration = Duration::from_secs(5);

/// Most inputs that are kept to be damaged further.
const KEPT_MAX: usize = 2_000;

/// Most answers that are told apart: some readers quote what they were given.
const ANSWERS_MAX: usize = 20_000;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// After this many inputs.
    pub inputs_max: u64,
    /// After this long.
    pub time_max: Duration,
}

/// A search that found nothing.
#[derive(Clone, Debug)]
pub struct Report {
    /// Inputs tried.
    pub inputs: u64,
    /// Different things that the reader said.
    pub answers: usize,
}

/// An input that breaks the reader.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What did not hold.
    pub problem: String,
    /// The input.
    pub input: Vec<u8>,
}

/// Searches from the sound files of `target`; `seed` decides the inputs.
///
/// # Errors
/// The first input that breaks the reader: a panic, an answer that must not be, or one that takes
/// more than 5 seconds.
pub fn search(target: &Target, seed: u64, budget: Budget) -> Result<Report, Finding> {
    let mut chance = Chance::new(seed);
    let mut kept = (target.seeds)();
    let mut answers = BTreeSet::new();
    for seed in &kept {
        let said = one(target, seed)?;
        if said != "sound" {
            return Err(Finding {
                problem: format!("a sound file is refused: {said}"),
                input: seed.clone(),
            });
        }
        answers.insert(said);
    }
    let begin = Instant::now();
    let mut inputs = 0;
    while inputs < budget.inputs_max && begin.elapsed() < budget.time_max {
        inputs += 1;
        let (one_kept, other) = (chance.below(kept.len()), chance.below(kept.len()));
        let input = mutate(&kept[one_kept], &kept[other], &mut chance);
        let said = one(target, &input)?;
        if answers.len() < ANSWERS_MAX && answers.insert(said) && kept.len() < KEPT_MAX {
            kept.push(input);
        }
    }
    Ok(Report { inputs, answers: answers.len() })
}

fn one(target: &Target, input: &[u8]) -> Result<String, Finding> {
    let broken = |problem: String| Finding { problem, input: input.to_vec() };
    let begin = Instant::now();
    let said = catch_unwind(AssertUnwindSafe(|| (target.check)(input)))
        .map_err(|_| broken("panic".to_owned()))?
        .map_err(broken)?;
    if begin.elapsed() > ONE_INPUT_MAX {
        return Err(broken(format!("took {:?}", begin.elapsed())));
    }
    Ok(said)
}
