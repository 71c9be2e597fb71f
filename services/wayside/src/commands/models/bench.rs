//! `wayside models bench`.

use std::path::Path;

use wayside_inference::Runtime;
use wayside_inference::runtime::Trial;

use super::{here, named, table};
use crate::cli::ModelDirs;
use crate::failure::Failure;
use crate::models;

/// Rounds that do not count: memory is set up, caches and clocks settle.
const WARM_UP: u32 = 3;

/// Runs all models in turn, round after round, so that whatever disturbs the machine disturbs each.
pub fn run(
    names: &[String],
    rounds: u32,
    json: bool,
    dirs: &ModelDirs,
    onnxruntime: Option<&Path>,
) -> Result<(), Failure> {
    let manifest = models::manifest(dirs.models_dir.as_deref())?;
    let wanted = named(&manifest, names)?;
    let store = models::store(dirs.models_dir.as_deref());
    let files: Vec<_> = wanted.iter().map(|model| here(&store, model)).collect::<Result<_, _>>()?;
    let runtime = Runtime::load(onnxruntime).map_err(|error| Failure::failed(error.report()))?;
    let mut trials = Vec::new();
    for (model, file) in wanted.iter().zip(&files) {
        let opened = store.verify(model, file).and_then(|()| Trial::open(&runtime, model, file));
        trials.push(opened.map_err(|error| Failure::failed(error.report()))?);
    }
    let mut times_ms: Vec<Vec<f64>> = vec![Vec::new(); trials.len()];
    for round in 0..WARM_UP + rounds {
        for (trial, times_ms) in trials.iter_mut().zip(&mut times_ms) {
            let took = trial.run().map_err(|error| Failure::failed(error.report()))?;
            if round >= WARM_UP {
                let tiles = trial.input_shape().first().copied().unwrap_or(1).max(1);
                times_ms.push(took.as_secs_f64() * 1000.0 / tiles as f64);
            }
        }
    }
    let medians: Vec<f64> = times_ms.iter_mut().map(|times| median(times)).collect();
    let first = medians.first().copied().unwrap_or(f64::NAN);
    let ratio = |median: f64| median / first;
    let results = wanted.iter().zip(&trials).zip(&medians);
    if json {
        let models: Vec<_> = results
            .map(|((model, trial), &median)| {
                serde_json::json!({
                    "name": model.name,
                    "input_shape": trial.input_shape(),
                    "tile_ms": median,
                    "ratio": ratio(median),
                })
            })
            .collect();
        println!("{}", serde_json::json!({ "rounds": rounds, "threads": 1, "models": models }));
        return Ok(());
    }
    let head = ["name", "input", "ms a tile", "of the first"].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    rows.extend(results.map(|((model, trial), &median)| {
        vec![
            model.name.clone(),
            format!("{:?}", trial.input_shape()),
            format!("{median:.2}"),
            format!("{:.2}", ratio(median)),
        ]
    }));
    print!("{}", table(&rows));
    println!("Medians of {rounds} rounds in turn, one thread, grey picture.");
    Ok(())
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
