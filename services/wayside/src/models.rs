//! Opens the runtime and the detector that the command line names.

use std::path::{Path, PathBuf};

use wayside_clips::Eyes;
use wayside_inference::manifest::{Manifest, Model};
use wayside_inference::store::{ModelFile, Store, shipped_dirs};
use wayside_inference::{
    Detector, Embedder, FaceDetector, Outliner, Provider, RunOptions, Runtime,
};

use wayside_site::model::Footage;

use crate::cli::{MODEL_REAL, MODEL_SIMULATED, ModelArgs};
use crate::failure::Failure;

/// A model that is here, and the runtime to run it.
pub struct Models {
    runtime: Runtime,
    model: Model,
    file: ModelFile,
    provider: Provider,
    /// The detector of faces, where its file is here.
    faces: Option<(Model, ModelFile)>,
    /// The model of outlines, where its file is here.
    outline: Option<(Model, ModelFile)>,
    footage: Footage,
}

/// The detector of faces, for redaction.
const FACES: &str = "centerface";

/// What tells the offending vehicle's pixels from others', for redaction.
const OUTLINE: &str = "wayside-outline";

/// Where models are looked for and, downloaded, kept.
pub fn store(models_dir: Option<&Path>) -> Store {
    let dirs = models_dir.map(Path::to_owned).into_iter().collect();
    Store::new(dirs, PathBuf::from(".wayside/models")).with_shipped(shipped_dirs())
}

/// The models that there are: those of the program, and those of a manifest in `models_dir`.
pub fn manifest(models_dir: Option<&Path>) -> Result<Manifest, Failure> {
    let own = Manifest::embedded().map_err(|error| Failure::failed(error.report()))?;
    let Some(file) = models_dir.map(|dir| dir.join("manifest.toml")).filter(|file| file.is_file())
    else {
        return Ok(own);
    };
    let more = Manifest::load(&file).map_err(|error| Failure::input(error.report()))?;
    Ok(own.with(more))
}

/// The execution provider of this name.
pub fn provider(name: &str) -> Result<Provider, Failure> {
    Provider::parse(name).ok_or_else(|| {
        Failure::input(format!(
            "there is no execution provider `{name}`\n  hint: cpu, cuda, tensorrt or openvino"
        ))
    })
}

/// The detector that the command line names, or the one for such footage.
pub fn name_for(named: Option<&str>, footage: Footage) -> &str {
    named.unwrap_or(match footage {
        Footage::Simulated => MODEL_SIMULATED,
        Footage::Real => MODEL_REAL,
    })
}

/// Finds runtime and model for footage of that kind. A download tells `say` what it does.
pub fn open(
    args: &ModelArgs,
    footage: Footage,
    say: &mut dyn FnMut(&str),
) -> Result<Models, Failure> {
    let provider = provider(&args.provider)?;
    let manifest = manifest(args.models_dir.as_deref())?;
    let model = manifest
        .model(name_for(args.model.as_deref(), footage))
        .map_err(|error| Failure::input(error.report()))?
        .clone();
    let mut told = 0;
    let mut progress = |done: u64, total: u64| {
        let percent = (done * 100).checked_div(total).unwrap_or(0);
        if told == 0 || percent >= told + 10 {
            told = percent.max(1);
            say(&format!("downloading {}: {percent}%", model.name));
        }
    };
    let file = store(args.models_dir.as_deref())
        .locate(&model, &mut progress)
        .map_err(|error| Failure::input(error.report()))?;
    let runtime = Runtime::load(args.onnxruntime.as_deref())
        .map_err(|error| Failure::failed(error.report()))?;
    let present = |name| {
        let model = manifest.model(name).ok()?;
        Some((model.clone(), store(args.models_dir.as_deref()).present(model)?))
    };
    let (faces, outline) = (present(FACES), present(OUTLINE));
    Ok(Models { runtime, model, file, provider, faces, outline, footage })
}

/// The embedder of motor vehicles, for ends of sections.
const EMBEDDER: &str = "wayside-vehicle-embed";

/// Finds and opens the embedder that the program ships with.
pub fn embedder(args: &ModelArgs) -> Result<Embedder, Failure> {
    let provider = provider(&args.provider)?;
    let manifest = manifest(args.models_dir.as_deref())?;
    let model = manifest.model(EMBEDDER).map_err(|error| Failure::input(error.report()))?;
    let file = store(args.models_dir.as_deref())
        .locate(model, &mut |_, _| ())
        .map_err(|error| Failure::input(error.report()))?;
    let runtime = Runtime::load(args.onnxruntime.as_deref())
        .map_err(|error| Failure::failed(error.report()))?;
    let options = RunOptions { provider, ..RunOptions::default() };
    Embedder::open(&runtime, model, &file, options).map_err(|error| Failure::input(error.report()))
}

impl Models {
    /// Detectors for redaction: the one of road users, at a low score, the one of faces where its file is
    /// here, and the one of outlines where it was made for such footage. Nothing is downloaded for it.
    pub fn eyes(&self) -> Result<Eyes, Failure> {
        let options = RunOptions { provider: self.provider, ..RunOptions::default() };
        let refused = |error: wayside_inference::InferenceError| Failure::input(error.report());
        let model = wayside_clips::for_redaction(&self.model);
        let detector =
            Detector::open(&self.runtime, &model, &self.file, options).map_err(refused)?;
        let faces = self.faces.as_ref().map(|(model, file)| {
            FaceDetector::open(&self.runtime, model, file, options).map_err(refused)
        });
        let eyes = Eyes::new(detector, faces.transpose()?);
        let Some((model, file)) = &self.outline else { return Ok(eyes) };
        let outliner = Outliner::open(&self.runtime, model, file, options).map_err(refused)?;
        Ok(eyes.with_outliner(outliner, self.footage))
    }

    /// A detector of its own, for one thread.
    pub fn detector(&self) -> Result<Detector, Failure> {
        let options = RunOptions { provider: self.provider, ..RunOptions::default() };
        Detector::open(&self.runtime, &self.model, &self.file, options)
            .map_err(|error| Failure::input(error.report()))
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The runtime library's file; none where only the system's loader knows it.
    pub fn runtime_file(&self) -> Option<&Path> {
        Some(self.runtime.path()).filter(|path| path.is_file())
    }

    /// Version of the runtime library.
    pub fn runtime_version(&self) -> &str {
        self.runtime.version()
    }
}
