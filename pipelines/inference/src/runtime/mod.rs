//! Opens the ONNX Runtime library, which is not linked but found at run time.

pub(crate) mod model;
pub(crate) mod options;
mod providers;
mod search;
mod trial;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ort::environment::Environment;

pub use self::options::RunOptions;
pub(crate) use self::providers::session_builder;
pub use self::providers::{Provider, ProviderStatus};
pub use self::search::VARIABLE;
use self::search::{Candidate, candidates};
pub use self::trial::Trial;
use crate::{ErrorKind, InferenceError};

/// The oldest minor version of ONNX Runtime 1.x whose interface this program speaks.
pub const MINOR_VERSION_MIN: u32 = ort::MINOR_VERSION;

/// The opened ONNX Runtime library. There is one in a process; clones share it.
#[derive(Clone, Debug)]
pub struct Runtime {
    environment: Environment,
    path: PathBuf,
    version: String,
}

/// What became of the one library that a process can open.
enum Slot {
    Empty,
    Open(Runtime),
    /// A library was mapped and then failed. It stays mapped, and no other can take its place.
    Stuck(PathBuf),
}

static SLOT: Mutex<Slot> = Mutex::new(Slot::Empty);

impl Runtime {
    /// Opens the library: the explicit file or folder; else what `WAYSIDE_ONNXRUNTIME` names; else
    /// `.wayside/onnxruntime/VERSION/` upward from the current folder and from the program; else
    /// the system's. What is named outright is the only place looked at. A second call gives the
    /// same runtime.
    ///
    /// # Errors
    /// No library, a file that is none, a version that is too old, or a second call that names
    /// another library than the first opened.
    pub fn load(explicit: Option<&Path>) -> Result<Self, InferenceError> {
        let mut starts: Vec<PathBuf> = std::env::current_dir().into_iter().collect();
        starts.extend(std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.into())));
        let places = candidates(explicit, std::env::var_os(VARIABLE), &starts);
        let mut slot = SLOT.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Slot::Open(runtime) => return runtime.again(explicit),
            Slot::Stuck(path) => return Err(stuck(path)),
            Slot::Empty => {}
        }
        let mut tried = Vec::new();
        for place in places {
            match place {
                Candidate::Nothing(path, by) => return Err(nothing_at(&path, by)),
                // A file that exists decides: its failure is worth an error, not a silent detour.
                Candidate::File(path, _) => {
                    // An absolute path, since the binding looks for others beside the program.
                    let path = std::fs::canonicalize(&path).unwrap_or(path);
                    return open(&path, &mut slot);
                }
                Candidate::SystemName(name) => match open(Path::new(name), &mut slot) {
                    Ok(runtime) => return Ok(runtime),
                    Err(error) => tried.push(error),
                },
            }
            if let Slot::Stuck(path) = &*slot {
                return Err(tried.pop().unwrap_or_else(|| stuck(path)));
            }
        }
        Err(nowhere(tried.iter().find_map(InferenceError::cause)))
    }

    /// The library's file, or its name where the system's loader found it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The library's version, for example `1.31.1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// For each execution provider: whether this program speaks to it, whether the library offers
    /// it, and whether a session could really be opened and run on it. Takes a moment per provider.
    #[must_use]
    pub fn providers(&self) -> Vec<ProviderStatus> {
        Provider::ALL.into_iter().map(|provider| providers::status(self, provider)).collect()
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    fn again(&self, explicit: Option<&Path>) -> Result<Self, InferenceError> {
        let Some(asked) = explicit else { return Ok(self.clone()) };
        let same = match candidates(Some(asked), None, &[]).first() {
            Some(Candidate::File(path, _)) => {
                std::fs::canonicalize(path).is_ok_and(|path| path == self.path)
            }
            _ => return Err(nothing_at(asked, "the command line")),
        };
        if same {
            return Ok(self.clone());
        }
        Err(InferenceError::new(
            ErrorKind::Runtime,
            format!(
                "ONNX Runtime {} is already open, so {} cannot be opened in the same process",
                self.path.display(),
                asked.display()
            ),
        )
        .hint_at("name one library for the whole process"))
    }
}

/// Maps the library and makes the environment. The binding panics on some broken libraries (a null
/// interface table); that becomes an error here.
fn open(path: &Path, slot: &mut Slot) -> Result<Runtime, InferenceError> {
    let builder = ort::init_from(path).map_err(|error| unusable(path, &error))?;
    // From here on the library is mapped for good.
    *slot = Slot::Stuck(path.to_path_buf());
    let opened = quietly(|| {
        // Messages come back as errors; the library's own printing is turned off.
        let silent = Arc::new(|_: ort::logging::LogLevel, _: &str, _: &str, _: &str, _: &str| {});
        let environment =
            builder.with_name("wayside").with_telemetry(false).with_logger(silent).build()?;
        environment.set_log_level(ort::logging::LogLevel::Fatal);
        Ok::<_, ort::Error>((environment, ort::info().to_owned()))
    });
    let (environment, info) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => return Err(broken(path, error.message())),
        Err(panic) => return Err(broken(path, &panic)),
    };
    let runtime =
        Runtime { environment, path: path.to_path_buf(), version: version_of(&info, path) };
    *slot = Slot::Open(runtime.clone());
    Ok(runtime)
}

/// Runs `work`, turning a panic into its message without printing it. The panic hook belongs to the
/// whole process; it is away only for the moment in which the library is opened.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(work));
    std::panic::set_hook(hook);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("the binding gave up without saying why").to_owned()
    })
}

/// The version out of the build information (`git-branch=rel-1.31.1`), else out of the file's name.
fn version_of(info: &str, path: &Path) -> String {
    let looks_right = |text: &str| {
        text.split('.').count() == 3
            && text.split('.').all(|part| !part.is_empty() && part.parse::<u32>().is_ok())
    };
    let built = info
        .split([',', ' '])
        .filter_map(|word| word.split_once("git-branch=")?.1.strip_prefix("rel-"))
        .find(|text| looks_right(text));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let named = name.split_once(".so.").map(|(_, version)| version).filter(|v| looks_right(v));
    built.or(named).unwrap_or("unknown").to_owned()
}

const GET: &str = "`make setup` puts the library into .wayside/onnxruntime; or take \
libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME";

fn nothing_at(path: &Path, by: &str) -> InferenceError {
    let problem = format!("there is no ONNX Runtime library at {}, named by {by}", path.display());
    InferenceError::new(ErrorKind::Runtime, problem).hint_at(GET)
}

fn nowhere(cause: Option<&str>) -> InferenceError {
    let error = InferenceError::new(
        ErrorKind::Runtime,
        "ONNX Runtime was not found: no .wayside/onnxruntime upward from here or from the program, \
         and the system has none",
    );
    cause.map_or(error.clone(), |cause| error.because(cause)).hint_at(GET)
}

fn unusable(path: &Path, error: &ort::LoadDynamicError) -> InferenceError {
    let path = path.display();
    let (problem, cause) = match error {
        ort::LoadDynamicError::BadVersion { version_str, .. } => (
            format!(
                "ONNX Runtime {version_str} at {path} is too old: 1.{MINOR_VERSION_MIN} is the \
                 oldest that will do"
            ),
            None,
        ),
        ort::LoadDynamicError::MissingApi { .. } => (
            format!("{path} is a library, but not ONNX Runtime"),
            Some("it has no OrtGetApiBase".to_owned()),
        ),
        ort::LoadDynamicError::Dlopen { error, .. } => {
            // The loader's own words, where there are any, lie one level deeper.
            let cause =
                std::error::Error::source(&error).map_or(error.to_string(), |c| c.to_string());
            (format!("{path} cannot be opened as a library"), Some(cause))
        }
        other => (format!("ONNX Runtime at {path} cannot be used"), Some(other.to_string())),
    };
    let error = InferenceError::new(ErrorKind::Runtime, problem);
    match cause {
        Some(cause) => error.because(cause),
        None => error,
    }
    .hint_at(GET)
}

fn broken(path: &Path, cause: &str) -> InferenceError {
    let problem = format!("ONNX Runtime at {} was opened and then failed", path.display());
    InferenceError::new(ErrorKind::Runtime, problem).because(cause).hint_at(GET)
}

fn stuck(path: &Path) -> InferenceError {
    let problem = format!(
        "no ONNX Runtime can be opened any more in this process: {} was mapped and failed",
        path.display()
    );
    InferenceError::new(ErrorKind::Runtime, problem).hint_at("mend it and start again")
}
