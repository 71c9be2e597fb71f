//! Opens a model of outlines: what the manifest must say of it, beyond its tensors.

use wayside_picture::Scaler;

use super::{KINDS, Outliner};
use crate::manifest::{ColourOrder, Letterbox, Model, Task};
use crate::runtime::model::open_model;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, RunOptions, Runtime};

/// The largest side of an input, pixels.
const SIDE_PX_MAX: u32 = 512;

pub(super) fn open(
    runtime: &Runtime,
    model: &Model,
    file: &ModelFile,
    options: RunOptions,
) -> Result<Outliner, InferenceError> {
    let side_px = describe(model)?;
    let opened = open_model(runtime, model, file, options.provider, options.intra_threads)?;
    Ok(Outliner {
        session: opened.session,
        model: model.clone(),
        side_px,
        scaler: Scaler::new(),
        input: Vec::new(),
        part: Vec::new(),
    })
}

/// Side of the input, where the manifest describes a model that can be run here.
fn describe(model: &Model) -> Result<u32, InferenceError> {
    let name = &model.name;
    if model.task != Task::VehicleOutline {
        let problem = format!("the model {name} gives no outline of a vehicle");
        return Err(InferenceError::new(ErrorKind::ModelUnusable, problem)
            .because(format!("the manifest says task = \"{}\"", model.task.as_str()))
            .hint_at("take a model with task = \"vehicle_outline\""));
    }
    let (input, output) = (&model.input, &model.output);
    let side = match input.size_px() {
        Some((height, width)) if height == width && width.is_multiple_of(2) => width,
        _ => 0,
    };
    let whole = i64::from(side);
    let fits = input.colour == ColourOrder::Bgr
        && input.range == [0.0, 255.0]
        && input.letterbox == Letterbox::Stretch
        && (2..=SIDE_PX_MAX).contains(&side)
        && matches!(output[..], [ref only] if only.shape.len() == 4
            && only.shape[1..] == [KINDS as i64, whole, whole]);
    if !fits {
        let problem = format!("the model {name} is not read as an outline is");
        return Err(InferenceError::new(ErrorKind::ModelUnusable, problem).hint_at(format!(
            "it fills a square of at most {SIDE_PX_MAX} pixels with `colour = \"bgr\"`, `range = [0, 255]`, \
             `letterbox = \"stretch\"`, and reads one output [batch, {KINDS}, side, side]"
        )));
    }
    Ok(side)
}
