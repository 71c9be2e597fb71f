//! `wayside models bench`.

use std::time::Instant;

use wayside_inference::manifest::Model;
use wayside_inference::runtime::Trial;
use wayside_inference::{Provider, Runtime};

use super::{here, named, table};
use crate::cli::ModelsBenchArgs;
use crate::failure::Failure;
use crate::models;

/// Rounds that do not count: memory is set up, caches and clocks settle.
const WARM_UP: u32 = 3;

/// A model that is open, and how long its calls took.
struct Contestant<'a> {
    model: &'a Model,
    trial: Trial,
    open_s: f64,
    calls_ms: Vec<f64>,
}

impl Contestant<'_> {
    /// Pictures of one call.
    fn batch(&self) -> f64 {
        self.trial.input_shape().first().copied().unwrap_or(1).max(1) as f64
    }
}

/// Runs all models in turn, round after round, so that whatever disturbs the machine disturbs each.
pub fn run(args: &ModelsBenchArgs) -> Result<(), Failure> {
    let provider = models::provider(&args.provider)?;
    let dir = args.dirs.models_dir.as_deref();
    let manifest = models::manifest(dir)?;
    let wanted = named(&manifest, &args.names)?;
    let store = models::store(dir);
    let files: Vec<_> = wanted.iter().map(|model| here(&store, model)).collect::<Result<_, _>>()?;
    let runtime = Runtime::load(args.onnxruntime.as_deref())
        .map_err(|error| Failure::failed(error.report()))?;
    let mut contestants = Vec::new();
    for (model, file) in wanted.into_iter().zip(&files) {
        let began = Instant::now();
        let trial = store
            .verify(model, file)
            .and_then(|()| Trial::open_on(&runtime, model, file, provider, args.batch.into()))
            .map_err(|error| Failure::failed(error.report()))?;
        if let Some(why) = trial.fallback() {
            return Err(fallen_back(provider, why));
        }
        let open_s = began.elapsed().as_secs_f64();
        contestants.push(Contestant { model, trial, open_s, calls_ms: Vec::new() });
    }
    for round in 0..WARM_UP + args.rounds {
        for contestant in &mut contestants {
            let took = contestant.trial.run().map_err(|error| Failure::failed(error.report()))?;
            if round >= WARM_UP {
                contestant.calls_ms.push(took.as_secs_f64() * 1000.0);
            }
        }
    }
    let tiles_ms: Vec<f64> = contestants
        .iter_mut()
        .map(|contestant| median(&mut contestant.calls_ms) / contestant.batch())
        .collect();
    if args.json {
        println!("{}", json(args, provider, &contestants, &tiles_ms));
    } else {
        print!("{}", text(args, provider, &contestants, &tiles_ms));
    }
    Ok(())
}

/// Times of the processor under another name would be worse than none.
fn fallen_back(provider: Provider, why: &str) -> Failure {
    Failure::failed(format!(
        "nothing was measured: {why}\n  hint: `wayside doctor` tells which execution providers open; name a \
         library that was built with {provider} with --onnxruntime, or take --provider cpu"
    ))
}

fn json(
    args: &ModelsBenchArgs,
    provider: Provider,
    contestants: &[Contestant<'_>],
    tiles_ms: &[f64],
) -> serde_json::Value {
    let first = tiles_ms.first().copied().unwrap_or(f64::NAN);
    let models: Vec<_> = contestants
        .iter()
        .zip(tiles_ms)
        .map(|(contestant, &tile_ms)| {
            serde_json::json!({
                "name": contestant.model.name,
                "input_shape": contestant.trial.input_shape(),
                "tile_ms": tile_ms,
                "tiles_per_s": 1000.0 / tile_ms,
                "ratio": tile_ms / first,
                "open_s": contestant.open_s,
            })
        })
        .collect();
    serde_json::json!({
        "rounds": args.rounds, "threads": 1, "provider": provider.as_str(), "batch": args.batch,
        "models": models,
    })
}

fn text(
    args: &ModelsBenchArgs,
    provider: Provider,
    contestants: &[Contestant<'_>],
    tiles_ms: &[f64],
) -> String {
    let first = tiles_ms.first().copied().unwrap_or(f64::NAN);
    let head = ["name", "input", "ms a tile", "tiles/s", "of the first"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(contestants.iter().zip(tiles_ms).map(|(contestant, &tile_ms)| {
        vec![
            contestant.model.name.clone(),
            format!("{:?}", contestant.trial.input_shape()),
            format!("{tile_ms:.2}"),
            format!("{:.0}", 1000.0 / tile_ms),
            format!("{:.2}", tile_ms / first),
        ]
    }));
    let mut text = table(&rows);
    text += &format!(
        "Medians of {} rounds in turn on {provider}, one thread, grey picture.\n",
        args.rounds
    );
    if contestants.iter().any(|contestant| contestant.batch() != f64::from(args.batch)) {
        text += "Where the input's first number is not the batch that was asked for, the model's file fixes it.\n";
    }
    text
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len() % 2, values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (0, Some(low), Some(high)) => (low + high) / 2.0,
        (_, _, Some(value)) => *value,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_times() {
        assert_eq!(median(&mut [3.0, 1.0, 9.0]), 3.0);
        assert_eq!(median(&mut [4.0, 1.0, 9.0, 2.0]), 3.0);
        assert!(median(&mut []).is_nan());
    }
}
