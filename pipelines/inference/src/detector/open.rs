//! Opens a detector: what the manifest must say of it, beyond its tensors.

use wayside_picture::Scaler;

use super::{BATCH_MAX, Detector};
use crate::manifest::{ColourOrder, Letterbox, Model, Task};
use crate::runtime::model::open_model;
use crate::runtime::options::Batch;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, Provider, RunOptions, Runtime};

pub(super) fn open(
    runtime: &Runtime,
    model: &Model,
    file: &ModelFile,
    options: RunOptions,
) -> Result<Detector, InferenceError> {
    let layout = match (&model.detection, model.task) {
        (Some(layout), Task::RoadUsers) => layout.clone(),
        _ => {
            let task = model.task.as_str();
            let problem = format!("the model {} does not detect road users", model.name);
            return Err(InferenceError::new(ErrorKind::ModelUnusable, problem)
                .because(format!("the manifest says task = \"{task}\""))
                .hint_at("take a model with task = \"road_users\""));
        }
    };
    if model.input.letterbox == Letterbox::Centre {
        let problem = format!("the model {} wants its picture in the middle", model.name);
        return Err(InferenceError::new(ErrorKind::ModelUnusable, problem)
            .hint_at("this detector fills `letterbox = \"top_left\"` and `\"stretch\"`"));
    }
    let Some((height_px, width_px)) = model.input.size_px() else {
        let problem = format!("the model {} leaves the size of its input free", model.name);
        return Err(InferenceError::new(ErrorKind::ModelUnusable, problem)
            .hint_at("give height and width in the manifest's `input.shape`"));
    };
    let opened = open_model(runtime, model, file, options.provider, options.intra_threads)?;
    let free_max = if opened.provider == Provider::Cpu { 1 } else { BATCH_MAX };
    let batch = Batch::of(&opened, free_max, model, file)?;
    let exact = model.input.colour == ColourOrder::Bgr && model.input.range == [0.0, 255.0];
    Ok(Detector {
        session: opened.session,
        layout,
        model: model.clone(),
        provider: opened.provider,
        fallback: opened.fallback,
        width_px,
        height_px,
        batch,
        scaler: Scaler::new(),
        input: Vec::new(),
        exact,
    })
}
