//! Opens an embedder: what the manifest must say of it, beyond its tensors.

use wayside_picture::Scaler;

use super::{BATCH_MAX, DIMENSIONS, Embedder};
use crate::manifest::{ColourOrder, Letterbox, Model, Task};
use crate::runtime::model::open_model;
use crate::runtime::options::Batch;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, RunOptions, Runtime};

/// The largest side of an input, pixels.
const SIDE_PX_MAX: u32 = 512;

pub(super) fn open(
    runtime: &Runtime,
    model: &Model,
    file: &ModelFile,
    options: RunOptions,
) -> Result<Embedder, InferenceError> {
    let (height_px, width_px) = describe(model)?;
    let opened = open_model(runtime, model, file, options.provider, options.intra_threads)?;
    let batch = Batch::of(&opened, BATCH_MAX, model, file)?;
    Ok(Embedder {
        session: opened.session,
        model: model.clone(),
        provider: opened.provider,
        fallback: opened.fallback,
        width_px,
        height_px,
        batch,
        scaler: Scaler::new(),
        input: Vec::new(),
    })
}

/// Height and width of the input, where the manifest describes a model that this embedder can run.
fn describe(model: &Model) -> Result<(u32, u32), InferenceError> {
    let refuse = |problem: String, hint: String| {
        Err(InferenceError::new(ErrorKind::ModelUnusable, problem).hint_at(hint))
    };
    let name = &model.name;
    if model.task != Task::VehicleEmbedding {
        let problem = format!("the model {name} gives no vectors of vehicles");
        let error = InferenceError::new(ErrorKind::ModelUnusable, problem);
        return Err(error
            .because(format!("the manifest says task = \"{}\"", model.task.as_str()))
            .hint_at("take a model with task = \"vehicle_embedding\""));
    }
    let input = &model.input;
    if input.colour != ColourOrder::Bgr
        || input.range != [0.0, 255.0]
        || input.letterbox != Letterbox::Stretch
    {
        return refuse(
            format!("the model {name} wants its picture in a way that this embedder cannot fill"),
            "it fills `colour = \"bgr\"`, `range = [0, 255]`, `letterbox = \"stretch\"`".to_owned(),
        );
    }
    let dimensions = i64::try_from(DIMENSIONS).unwrap_or(i64::MAX);
    if !matches!(model.output[..], [ref tensor] if matches!(tensor.shape[..], [_, d] if d == dimensions))
    {
        let shapes: Vec<_> = model.output.iter().map(|tensor| &tensor.shape).collect();
        return refuse(
            format!("the model {name} gives {shapes:?}"),
            format!("an embedder gives one output [batch, {DIMENSIONS}]"),
        );
    }
    let even = |side: u32| side.is_multiple_of(2) && (2..=SIDE_PX_MAX).contains(&side);
    match input.size_px() {
        Some((height, width)) if even(height) && even(width) => Ok((height, width)),
        _ => refuse(
            format!("the model {name} has an input of {:?}", input.shape),
            format!("height and width have to be given, even, and at most {SIDE_PX_MAX}"),
        ),
    }
}
