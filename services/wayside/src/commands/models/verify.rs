//! `wayside models verify`.

use std::path::Path;
use std::time::Duration;

use wayside_inference::manifest::Model;
use wayside_inference::runtime::Trial;
use wayside_inference::store::{ModelFile, Store};
use wayside_inference::{InferenceError, Runtime};

use super::{here, named};
use crate::cli::ModelDirs;
use crate::failure::{Exit, Failure};
use crate::models;

/// A model that is right.
struct Right {
    input_shape: Vec<usize>,
    took: Duration,
}

/// What became of a model.
enum Verdict {
    Absent,
    Judged(ModelFile, Result<Right, InferenceError>),
}

/// Looks at each model and prints what it found.
pub fn run(
    names: &[String],
    json: bool,
    dirs: &ModelDirs,
    onnxruntime: Option<&Path>,
) -> Result<Option<Exit>, Failure> {
    let manifest = models::manifest(dirs.models_dir.as_deref())?;
    let store = models::store(dirs.models_dir.as_deref());
    let wanted = if names.is_empty() {
        manifest.models().iter().collect()
    } else {
        let wanted = named(&manifest, names)?;
        wanted.iter().try_for_each(|model| here(&store, model).map(drop))?;
        wanted
    };
    let runtime = Runtime::load(onnxruntime).map_err(|error| Failure::failed(error.report()))?;
    let mut wrong = false;
    let mut objects = Vec::new();
    for model in wanted {
        let verdict = store.present(model).map_or(Verdict::Absent, |file| {
            let judged = judge(&runtime, &store, model, &file);
            Verdict::Judged(file, judged)
        });
        wrong |= matches!(verdict, Verdict::Judged(_, Err(_)));
        if json {
            objects.push(object(model, &verdict));
        } else {
            print!("{}", text(model, &verdict));
        }
    }
    if json {
        println!("{}", serde_json::json!({ "ok": !wrong, "models": objects }));
    }
    Ok(wrong.then_some(Exit::Failed))
}

fn judge(
    runtime: &Runtime,
    store: &Store,
    model: &Model,
    file: &ModelFile,
) -> Result<Right, InferenceError> {
    store.verify(model, file)?;
    let mut trial = Trial::open(runtime, model, file)?;
    // The first run sets its memory up.
    trial.run()?;
    let took = trial.run()?;
    Ok(Right { input_shape: trial.input_shape().to_vec(), took })
}

fn object(model: &Model, verdict: &Verdict) -> serde_json::Value {
    let (place, ok, error, right) = match verdict {
        Verdict::Absent => (None, None, None, None),
        Verdict::Judged(file, Ok(right)) => (Some(file), Some(true), None, Some(right)),
        Verdict::Judged(file, Err(error)) => (Some(file), Some(false), Some(error.report()), None),
    };
    serde_json::json!({
        "name": model.name,
        "where": place.map(ToString::to_string),
        "ok": ok,
        "error": error,
        "input_shape": right.map(|right| &right.input_shape),
        "run_ms": right.map(|right| right.took.as_secs_f64() * 1000.0),
    })
}

fn text(model: &Model, verdict: &Verdict) -> String {
    let name = &model.name;
    match verdict {
        Verdict::Absent => {
            format!("absent  {name}\n        `wayside models pull {name}` fetches it\n")
        }
        Verdict::Judged(file, Ok(right)) => format!(
            "ok      {name}: {file}\n        checksum right, tensors as in the manifest, ran on a grey \
             picture {:?} in {:.1} ms\n",
            right.input_shape,
            right.took.as_secs_f64() * 1000.0
        ),
        Verdict::Judged(_, Err(error)) => {
            format!("WRONG   {name}\n        {}\n", error.report().replace('\n', "\n      "))
        }
    }
}
