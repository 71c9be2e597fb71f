//! `wayside models list`.

use wayside_inference::manifest::Model;
use wayside_inference::store::ModelFile;

use super::{size, table};
use crate::cli::{MODEL_REAL, MODEL_SIMULATED, ModelDirs};
use crate::failure::Failure;
use crate::models;

/// Prints every model.
pub fn run(dirs: &ModelDirs, json: bool) -> Result<(), Failure> {
    let manifest = models::manifest(dirs.models_dir.as_deref())?;
    let store = models::store(dirs.models_dir.as_deref());
    let found: Vec<(&Model, Option<ModelFile>)> =
        manifest.models().iter().map(|model| (model, store.present(model))).collect();
    if json {
        let models: Vec<_> = found.iter().map(|(model, file)| object(model, file)).collect();
        println!("{}", serde_json::json!({ "models": models }));
    } else {
        print!("{}", text(&found));
    }
    Ok(())
}

/// The footage that a detector is taken for where `--model` names none.
fn default_for(name: &str) -> Option<&'static str> {
    match name {
        MODEL_SIMULATED => Some("simulated"),
        MODEL_REAL => Some("real"),
        _ => None,
    }
}

fn place(file: &Option<ModelFile>) -> &'static str {
    match file {
        Some(ModelFile::Embedded(..)) => "embedded",
        Some(ModelFile::Disk(_)) => "present",
        None => "absent",
    }
}

fn object(model: &Model, file: &Option<ModelFile>) -> serde_json::Value {
    serde_json::json!({
        "name": model.name,
        "task": model.task.as_str(),
        "footage": model.footage.as_str(),
        "licence": model.licence,
        "size_bytes": model.size_bytes,
        "sha256": model.sha256,
        "where": place(file),
        "path": file.as_ref().and_then(|file| file.path()).map(|path| path.display().to_string()),
        "url": model.url,
        "default_for": default_for(&model.name),
    })
}

fn text(found: &[(&Model, Option<ModelFile>)]) -> String {
    let head = ["name", "task", "footage", "licence", "size", "where"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (model, file) in found {
        let path = file.as_ref().and_then(|file| file.path());
        rows.push(vec![
            model.name.clone(),
            model.task.as_str().to_owned(),
            model.footage.as_str().to_owned(),
            model.licence.clone(),
            size(model.size_bytes),
            path.map_or_else(
                || place(file).to_owned(),
                |path| format!("{}: {}", place(file), path.display()),
            ),
        ]);
    }
    let mut text = table(&rows);
    text += &format!(
        "Where --model names no other: {MODEL_SIMULATED} on footage that the site file declares \
         simulated, {MODEL_REAL} on all other."
    );
    if found.iter().any(|(_, file)| file.is_none()) {
        text += " `wayside models pull NAME` fetches what is absent.";
    }
    text.push('\n');
    text
}
