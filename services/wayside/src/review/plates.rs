//! The reader of plates. Where its model is not here, reviewers read plates by themselves.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use wayside_inference::{RunOptions, Runtime};
use wayside_package::Package;
use wayside_review::{PlateReader, Suggestion};

use crate::failure::Failure;
use crate::models;

/// The recogniser in the manifest of models.
const MODEL: &str = "ppocr-v4-rec";

/// One reader, for one request at a time.
struct Reader(Mutex<wayside_plates::PlateReader>);

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl PlateReader for Reader {
    fn read(&self, package: &Package<'_>) -> Result<Vec<Suggestion>, String> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = reader.suggest(package).map_err(|error| error.to_string())?;
        let shown = read.into_iter();
        Ok(shown.map(|of| Suggestion { plate: of.plate, confidence: of.confidence }).collect())
    }
}

/// Opens the reader; none where model or runtime are not here, which is told.
pub(super) fn open(
    models_dir: Option<&Path>,
    onnxruntime: Option<&Path>,
) -> Option<Arc<dyn PlateReader>> {
    match try_open(models_dir, onnxruntime) {
        Ok(reader) => Some(reader),
        Err(failure) => {
            tracing::warn!("plates are not suggested, reviewers read them: {failure}");
            None
        }
    }
}

fn try_open(
    models_dir: Option<&Path>,
    onnxruntime: Option<&Path>,
) -> Result<Arc<dyn PlateReader>, Failure> {
    let manifest = models::manifest(models_dir)?;
    let model = manifest.model(MODEL).map_err(|error| Failure::input(error.report()))?;
    let file = models::store(models_dir).present(model).ok_or_else(|| {
        Failure::input(format!("{MODEL} is not here\n  hint: `wayside models pull {MODEL}`"))
    })?;
    let runtime = Runtime::load(onnxruntime).map_err(|error| Failure::failed(error.report()))?;
    let reader = wayside_plates::PlateReader::open(&runtime, model, &file, RunOptions::default());
    let reader = reader.map_err(Failure::failed)?;
    Ok(Arc::new(Reader(Mutex::new(reader))))
}
