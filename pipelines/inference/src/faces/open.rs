//! Opens a detector of faces: what the manifest and the file must say.

use wayside_picture::Scaler;

use super::extents;
use super::{FaceDetector, decode};
use crate::manifest::{ColourOrder, Model, Task};
use crate::runtime::model::{open_bytes, read, unusable};
use crate::store::{ModelFile, sha256_of_bytes};
use crate::{ErrorKind, InferenceError, RunOptions, Runtime};

pub(super) fn open(
    runtime: &Runtime,
    model: &Model,
    file: &ModelFile,
    options: RunOptions,
) -> Result<FaceDetector, InferenceError> {
    let name = &model.name;
    if model.task != Task::Faces {
        let problem = format!("the model {name} does not detect faces");
        return Err(InferenceError::new(ErrorKind::ModelUnusable, problem)
            .because(format!("the manifest says task = \"{}\"", model.task.as_str()))
            .hint_at("take a model with task = \"faces\""));
    }
    let (input, outputs) = (&model.input, &model.output);
    let named = |wanted: &str| outputs.iter().any(|output| output.name == wanted);
    let known = decode::OUTPUTS.iter().all(|wanted| named(wanted));
    if input.colour != ColourOrder::Rgb || input.range != [0.0, 255.0] || !known {
        let problem = format!("the model {name} is not read as this detector reads one");
        return Err(InferenceError::new(ErrorKind::ModelUnusable, problem).hint_at(format!(
            "it fills `colour = \"rgb\"`, `range = [0, 255]`, and reads the outputs {}",
            decode::OUTPUTS.join(", ")
        )));
    }
    let bytes = read(model, file)?;
    let (found, size) = sha256_of_bytes(&bytes);
    if found != model.sha256 {
        let problem = format!("{file} is not the model {name} of the manifest");
        return Err(InferenceError::new(ErrorKind::ModelChecksum, problem)
            .because(format!("it has {size} bytes and SHA-256 {found}"))
            .hint_at("remove it, so that the right one is fetched"));
    }
    let tensors: Vec<&str> = std::iter::once(input.name.as_str())
        .chain(outputs.iter().map(|output| output.name.as_str()))
        .collect();
    let freed = extents::free(&bytes, &tensors)
        .ok_or_else(|| unusable(model, file).because("its tensors' extents cannot be found"))?;
    let opened = open_bytes(runtime, model, file, &freed, options.provider, options.intra_threads)?;
    Ok(FaceDetector {
        session: opened.session,
        model: model.clone(),
        scaler: Scaler::new(),
        input: Vec::new(),
    })
}
