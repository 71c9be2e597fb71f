//! `wayside models`: which there are, and whether what is here is right.

mod bench;
mod list;
mod pull;
mod verify;

use wayside_inference::manifest::{Manifest, Model};
use wayside_inference::store::{ModelFile, Store};

use crate::cli::ModelsCommand;
use crate::failure::{Exit, Failure};

/// Runs one of them; the exit code where it is not 0.
pub fn run(command: &ModelsCommand) -> Result<Option<Exit>, Failure> {
    match command {
        ModelsCommand::List { json, dirs } => list::run(dirs, *json).map(|()| None),
        ModelsCommand::Pull { names, all, dirs } => pull::run(names, *all, dirs),
        ModelsCommand::Verify { names, json, dirs, onnxruntime } => {
            verify::run(names, *json, dirs, onnxruntime.as_deref())
        }
        ModelsCommand::Bench(args) => bench::run(args).map(|()| None),
    }
}

/// The models of these names, each once, in this order.
fn named<'a>(manifest: &'a Manifest, names: &[String]) -> Result<Vec<&'a Model>, Failure> {
    let mut models: Vec<&Model> = Vec::new();
    for name in names {
        let model = manifest.model(name).map_err(|error| Failure::input(error.report()))?;
        if !models.contains(&model) {
            models.push(model);
        }
    }
    Ok(models)
}

/// The file of a model that has to be here.
fn here(store: &Store, model: &Model) -> Result<ModelFile, Failure> {
    let name = &model.name;
    store.present(model).ok_or_else(|| {
        Failure::input(format!(
            "the model {name} is not here\n  hint: `wayside models pull {name}` fetches it"
        ))
    })
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Rows of cells as lines, each column as wide as its widest cell.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
