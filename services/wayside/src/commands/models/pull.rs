//! `wayside models pull`.

use indicatif::{ProgressBar, ProgressStyle};
use wayside_inference::InferenceError;
use wayside_inference::manifest::Model;
use wayside_inference::store::{ModelFile, Store};

use super::{named, size};
use crate::cli::ModelDirs;
use crate::failure::{Exit, Failure};
use crate::models;

/// Fetches each model that is not here; what one of them lacks does not keep the others away.
pub fn run(names: &[String], all: bool, dirs: &ModelDirs) -> Result<Option<Exit>, Failure> {
    let manifest = models::manifest(dirs.models_dir.as_deref())?;
    let wanted = if all { manifest.models().iter().collect() } else { named(&manifest, names)? };
    let store = models::store(dirs.models_dir.as_deref());
    let mut failed = 0;
    for model in &wanted {
        match pull(&store, model) {
            Ok(said) => println!("{said}"),
            Err(error) => {
                failed += 1;
                eprintln!("error: {}", error.report());
            }
        }
    }
    Ok(match failed {
        0 => None,
        _ if failed == wanted.len() => Some(Exit::Failed),
        _ => Some(Exit::Partial),
    })
}

fn pull(store: &Store, model: &Model) -> Result<String, InferenceError> {
    // Drawn on a terminal only.
    let bar = ProgressBar::new(model.size_bytes).with_message(model.name.clone());
    if let Ok(style) = ProgressStyle::with_template(
        "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} to go",
    ) {
        bar.set_style(style);
    }
    let mut heard = false;
    let file = store.locate(model, &mut |done, _| {
        heard = true;
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let name = &model.name;
    Ok(match file? {
        ModelFile::Embedded(..) => format!("{name}: built into the program, checksum right"),
        file if heard => {
            format!("{name}: downloaded, {}, checksum right, {file}", size(model.size_bytes))
        }
        file => format!("{name}: here already, checksum right, {file}"),
    })
}
