//! Opens a model's file and holds its tensors against the manifest.

use std::borrow::Cow;

use ort::session::Session;
use ort::value::{TensorElementType, ValueType};

use super::{Provider, Runtime, session_builder};
use crate::manifest::{Model, Tensor};
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError};

/// The largest file that is read as a model, bytes.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// A model that is open, and whose tensors are those of the manifest.
pub(crate) struct OpenModel {
    pub(crate) session: Session,
    /// What really runs it.
    pub(crate) provider: Provider,
    /// Why the processor runs it although another provider was asked for.
    pub(crate) fallback: Option<String>,
    /// Extents of the input in the file; -1 where the model leaves one free.
    pub(crate) input_shape: Vec<i64>,
}

/// Opens a model on this provider, or on the processor with the reason.
///
/// # Errors
/// A file that cannot be read, is empty or no ONNX model; tensors that differ from the manifest, with
/// both shapes.
pub(crate) fn open_model(
    runtime: &Runtime,
    model: &Model,
    file: &ModelFile,
    provider: Provider,
    intra_threads: usize,
) -> Result<OpenModel, InferenceError> {
    let bytes = read(model, file)?;
    open_bytes(runtime, model, file, &bytes, provider, intra_threads)
}

/// The same of bytes that were read from the file, and perhaps changed.
pub(crate) fn open_bytes(
    runtime: &Runtime,
    model: &Model,
    file: &ModelFile,
    bytes: &[u8],
    provider: Provider,
    intra_threads: usize,
) -> Result<OpenModel, InferenceError> {
    let (session, provider, fallback) =
        session(runtime, bytes, provider, intra_threads, &model.name)
            .map_err(|cause| unusable(model, file).because(cause))?;
    let input_shape = check(&session, model, file)?;
    Ok(OpenModel { session, provider, fallback, input_shape })
}

/// An error that says that the file is not the model.
pub(crate) fn unusable(model: &Model, file: &ModelFile) -> InferenceError {
    let problem = format!("{file} cannot be used as the model {}", model.name);
    InferenceError::new(ErrorKind::ModelUnusable, problem).hint_at(format!(
        "is it the file whose SHA-256 starts with {:.12}, as the manifest says?",
        model.sha256
    ))
}

/// The bytes of a model's file.
pub(crate) fn read(model: &Model, file: &ModelFile) -> Result<Cow<'static, [u8]>, InferenceError> {
    let unreadable = |cause: &dyn std::fmt::Display| {
        let problem = format!("cannot read the model {} from {file}", model.name);
        InferenceError::new(ErrorKind::ModelMissing, problem).because(cause).hint_at(format!(
            "put {} into a folder named by --models-dir or WAYSIDE_MODELS",
            model.file
        ))
    };
    let size = file.size_bytes().map_err(|error| unreadable(&error))?;
    if size > FILE_BYTES_MAX {
        return Err(unreadable(&format!("{size} bytes are too many for a model")));
    }
    let bytes = file.bytes().map_err(|error| unreadable(&error))?;
    if bytes.is_empty() {
        return Err(unusable(model, file).because("the file is empty"));
    }
    Ok(bytes)
}

/// A session on the provider that was asked for; else on the processor, with the reason.
fn session(
    runtime: &Runtime,
    bytes: &[u8],
    provider: Provider,
    intra_threads: usize,
    name: &str,
) -> Result<(Session, Provider, Option<String>), String> {
    let on = |provider| {
        session_builder(runtime, provider, intra_threads)?
            .commit_from_memory(bytes)
            .map_err(|error| error.message().to_owned())
    };
    let cause = match on(provider) {
        Ok(session) => return Ok((session, provider, None)),
        Err(cause) => cause,
    };
    if provider != Provider::Cpu
        && let Ok(session) = on(Provider::Cpu)
    {
        let reason = format!("{provider} cannot run {name}: {cause}");
        return Ok((session, Provider::Cpu, Some(reason)));
    }
    Err(cause)
}

/// Refuses a model whose tensors are not those of the manifest; the extents of its input.
fn check(session: &Session, model: &Model, file: &ModelFile) -> Result<Vec<i64>, InferenceError> {
    let wrong = |cause: String| unusable(model, file).because(cause);
    let [input] = session.inputs() else {
        return Err(wrong(format!("it has {} inputs, not one", session.inputs().len())));
    };
    let wanted = Tensor { name: model.input.name.clone(), shape: model.input.shape.clone() };
    let found = fits(input.name(), input.dtype(), &wanted)
        .map_err(|text| wrong(format!("input: {text}")))?;
    let (outputs, wanted) = (session.outputs(), &model.output);
    if outputs.len() != wanted.len() {
        let (has, says) = (outputs.len(), wanted.len());
        return Err(wrong(format!("it has {has} outputs, and the manifest says {says}")));
    }
    for (index, tensor) in wanted.iter().enumerate() {
        // The order of outputs is free; one that is missing is shown beside what is in its place.
        let named = outputs.iter().find(|output| output.name() == tensor.name);
        let Some(output) = named.or_else(|| outputs.get(index)) else { continue };
        fits(output.name(), output.dtype(), tensor)
            .map_err(|text| wrong(format!("output: {text}")))?;
    }
    Ok(found)
}

/// The model's extents where they agree with the manifest's; an extent that one of them leaves
/// free (-1) agrees with any.
fn fits(name: &str, dtype: &ValueType, wanted: &Tensor) -> Result<Vec<i64>, String> {
    let says = format!("the manifest says `{}` f32 {:?}", wanted.name, wanted.shape);
    let ValueType::Tensor { ty, shape, .. } = dtype else {
        return Err(format!("the file has `{name}`, which is no tensor; {says}"));
    };
    let agree = |&(found, wanted): &(i64, i64)| found == wanted || found == -1 || wanted == -1;
    let same_shape = shape.len() == wanted.shape.len()
        && shape.iter().copied().zip(wanted.shape.iter().copied()).all(|pair| agree(&pair));
    if *ty == TensorElementType::Float32 && name == wanted.name && same_shape {
        return Ok(shape.to_vec());
    }
    let element =
        if *ty == TensorElementType::Float32 { "f32".to_owned() } else { format!("{ty}") };
    Err(format!("the file has `{name}` {element} {:?}; {says}", &shape[..]))
}
