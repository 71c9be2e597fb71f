//! Opens a model's file and holds its tensors against the manifest.

use std::path::Path;

use ort::session::Session;
use ort::value::{TensorElementType, ValueType};
use wayside_picture::Scaler;

use super::{Batch, Detector, DetectorOptions};
use crate::manifest::{ColourOrder, Letterbox, Model, Task};
use crate::runtime::session_builder;
use crate::{ErrorKind, InferenceError, Provider, Runtime};

/// The largest file that is read as a model, bytes.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// The most regions that a model with a fixed batch may ask for.
const FIXED_BATCH_MAX: i64 = 64;

pub(super) fn open(
    runtime: &Runtime,
    model: &Model,
    file: &Path,
    options: DetectorOptions,
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
    let bytes = read(model, file)?;
    let (session, provider, fallback) = session(runtime, model, file, &bytes, options)?;
    let batch = check(&session, model, file)?;
    let exact = model.input.colour == ColourOrder::Bgr && model.input.range == [0.0, 255.0];
    Ok(Detector {
        session,
        layout,
        model: model.clone(),
        provider,
        fallback,
        width_px,
        height_px,
        batch,
        scaler: Scaler::new(),
        input: Vec::new(),
        exact,
    })
}

fn read(model: &Model, file: &Path) -> Result<Vec<u8>, InferenceError> {
    let unreadable = |cause: &dyn std::fmt::Display| {
        let problem = format!("cannot read the model {} from {}", model.name, file.display());
        InferenceError::new(ErrorKind::ModelMissing, problem).because(cause).hint_at(format!(
            "put {} into a folder named by --models-dir or WAYSIDE_MODELS",
            model.file
        ))
    };
    let metadata = std::fs::metadata(file).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() {
        return Err(unreadable(&"it is not a file"));
    }
    if metadata.len() > FILE_BYTES_MAX {
        return Err(unreadable(&format!("{} bytes are too many for a model", metadata.len())));
    }
    let bytes = std::fs::read(file).map_err(|error| unreadable(&error))?;
    if bytes.is_empty() {
        return Err(unusable(model, file).because("the file is empty"));
    }
    Ok(bytes)
}

fn unusable(model: &Model, file: &Path) -> InferenceError {
    let problem = format!("{} cannot be used as the model {}", file.display(), model.name);
    InferenceError::new(ErrorKind::ModelUnusable, problem).hint_at(format!(
        "is it the file whose SHA-256 starts with {:.12}, as the manifest says?",
        model.sha256
    ))
}

/// A session on the provider that was asked for; else on the processor, with the reason.
fn session(
    runtime: &Runtime,
    model: &Model,
    file: &Path,
    bytes: &[u8],
    options: DetectorOptions,
) -> Result<(Session, Provider, Option<String>), InferenceError> {
    let on = |provider| {
        session_builder(runtime, provider, options.intra_threads)?
            .commit_from_memory(bytes)
            .map_err(|error| error.message().to_owned())
    };
    let cause = match on(options.provider) {
        Ok(session) => return Ok((session, options.provider, None)),
        Err(cause) => cause,
    };
    if options.provider != Provider::Cpu
        && let Ok(session) = on(Provider::Cpu)
    {
        let reason = format!("{} cannot run {}: {cause}", options.provider, model.name);
        return Ok((session, Provider::Cpu, Some(reason)));
    }
    Err(unusable(model, file).because(cause))
}

/// Refuses a model whose tensors are not those of the manifest.
fn check(session: &Session, model: &Model, file: &Path) -> Result<Batch, InferenceError> {
    let [input] = session.inputs() else {
        let count = session.inputs().len();
        return Err(unusable(model, file).because(format!("it has {count} inputs, not one")));
    };
    let found = fits(input.name(), input.dtype(), &model.input.name, &model.input.shape)
        .map_err(|text| unusable(model, file).because(format!("input: {text}")))?;
    let (outputs, wanted) = (session.outputs(), &model.output);
    if outputs.len() != wanted.len() {
        let (has, says) = (outputs.len(), wanted.len());
        let cause = format!("it has {has} outputs, and the manifest says {says}");
        return Err(unusable(model, file).because(cause));
    }
    for (output, tensor) in outputs.iter().zip(wanted) {
        fits(output.name(), output.dtype(), &tensor.name, &tensor.shape)
            .map_err(|text| unusable(model, file).because(format!("output: {text}")))?;
    }
    match found.first() {
        Some(&-1) => Ok(Batch::Free),
        Some(&count @ 1..=FIXED_BATCH_MAX) => Ok(Batch::Fixed(count as usize)),
        other => {
            let cause = format!("input: a batch of {other:?} is not from 1 to {FIXED_BATCH_MAX}");
            Err(unusable(model, file).because(cause))
        }
    }
}

/// The model's extents where they agree with the manifest's; an extent that one of them leaves
/// free (-1) agrees with any.
fn fits(
    name: &str,
    dtype: &ValueType,
    wanted_name: &str,
    wanted: &[i64],
) -> Result<Vec<i64>, String> {
    let says = format!("the manifest says `{wanted_name}` f32 {wanted:?}");
    let ValueType::Tensor { ty, shape, .. } = dtype else {
        return Err(format!("the file has `{name}`, which is no tensor; {says}"));
    };
    let agree = |&(found, wanted): &(i64, i64)| found == wanted || found == -1 || wanted == -1;
    let same_shape = shape.len() == wanted.len()
        && shape.iter().copied().zip(wanted.iter().copied()).all(|pair| agree(&pair));
    if *ty == TensorElementType::Float32 && name == wanted_name && same_shape {
        return Ok(shape.to_vec());
    }
    let element =
        if *ty == TensorElementType::Float32 { "f32".to_owned() } else { format!("{ty}") };
    Err(format!("the file has `{name}` {element} {:?}; {says}", &shape[..]))
}
