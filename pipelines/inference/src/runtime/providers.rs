//! Execution providers: what runs the model.

use std::fmt;

use ort::ep::{self, ExecutionProvider, ExecutionProviderDispatch};
use ort::session::Session;
use ort::session::builder::SessionBuilder;
use ort::value::TensorRef;

use super::Runtime;
use crate::tiny_onnx;

/// What runs a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// The processor. Always there.
    #[default]
    Cpu,
    /// NVIDIA CUDA.
    Cuda,
    /// NVIDIA TensorRT.
    TensorRt,
    /// Intel OpenVINO.
    OpenVino,
}

/// What is true of a provider on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderStatus {
    /// Which.
    pub provider: Provider,
    /// This program was built to speak to it.
    pub compiled_in: bool,
    /// The library was built with it.
    pub offered: bool,
    /// A session was opened on it without fallback, and ran; else why not.
    pub opened: Result<(), String>,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 4] = [Self::Cpu, Self::Cuda, Self::TensorRt, Self::OpenVino];

    /// The provider's name in options: `cpu`, `cuda`, `tensorrt`, `openvino`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::TensorRt => "tensorrt",
            Self::OpenVino => "openvino",
        }
    }

    /// The provider of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == name)
    }

    fn offered(self) -> Result<bool, String> {
        match self {
            Self::Cpu => ep::CPU::is_available(),
            Self::Cuda => ep::CUDA::is_available(),
            Self::TensorRt => ep::TensorRT::is_available(),
            Self::OpenVino => ep::OpenVINO::is_available(),
        }
        .map_err(|error| error.message().to_owned())
    }

    /// Without `error_on_failure` a missing provider falls back to the processor silently.
    fn dispatch(self) -> ExecutionProviderDispatch {
        match self {
            Self::Cpu => ep::CPU::default().with_arena_allocator(true).build(),
            Self::Cuda => ep::CUDA::default().build(),
            Self::TensorRt => ep::TensorRT::default().build(),
            Self::OpenVino => ep::OpenVINO::default().build(),
        }
        .error_on_failure()
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A session builder on this provider, or why there is none: one operator after the other, threads
/// that sleep instead of spinning (spinning halves the speed where threads share a core), and
/// kernels that give the same result each time.
pub(crate) fn session_builder(
    runtime: &Runtime,
    provider: Provider,
    intra_threads: usize,
) -> Result<SessionBuilder, String> {
    let failed = |error: ort::Error| error.message().to_owned();
    let without = |error: ort::Error<SessionBuilder>| error.message().to_owned();
    if !provider.offered()? {
        return Err(format!(
            "ONNX Runtime {} at {} was built without {provider}",
            runtime.version(),
            runtime.path().display()
        ));
    }
    let builder = Session::builder(runtime.environment()).map_err(failed)?;
    let builder = builder.with_intra_threads(intra_threads.max(1)).map_err(without)?;
    let builder = builder.with_inter_threads(1).map_err(without)?;
    let builder = builder.with_parallel_execution(false).map_err(without)?;
    let builder = builder.with_intra_op_spinning(false).map_err(without)?;
    let builder = builder.with_inter_op_spinning(false).map_err(without)?;
    let builder = builder.with_deterministic_compute(true).map_err(without)?;
    builder.with_execution_providers([provider.dispatch()]).map_err(without)
}

/// Finds out by doing: opens a session on a model of one operator, and runs it.
pub(super) fn status(runtime: &Runtime, provider: Provider) -> ProviderStatus {
    let offered = provider.offered().unwrap_or(false);
    ProviderStatus { provider, compiled_in: true, offered, opened: try_out(runtime, provider) }
}

fn try_out(runtime: &Runtime, provider: Provider) -> Result<(), String> {
    let failed = |error: ort::Error| error.message().to_owned();
    let mut session = session_builder(runtime, provider, 1)?
        .commit_from_memory(&tiny_onnx::doubling())
        .map_err(failed)?;
    let input = [1.0_f32, 2.0, 3.0, 4.0];
    let tensor = TensorRef::from_array_view(([1_usize, 4], &input[..])).map_err(failed)?;
    let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
    let (_, data) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
    if data == [2.0, 4.0, 6.0, 8.0] {
        Ok(())
    } else {
        Err(format!("it added wrongly: twice [1, 2, 3, 4] gave {data:?}"))
    }
}
