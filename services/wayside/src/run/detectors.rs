//! The detectors of a worker, all of one model.

use wayside_inference::{Detector, Provider};
use wayside_ingest::live::{BatchConfig, DetectEach, detector_threads};
use wayside_site::model::Footage;
use wayside_telemetry::Provider as ProviderLabel;

use crate::commands::run::IngestArgs;
use crate::failure::Failure;
use crate::models::{self, Models};
use crate::sites::Sites;

/// Frames of one batch where a graphics card runs the model.
const BATCH_GPU: usize = 8;

/// What footage all cameras are of: one model serves them all.
pub(super) fn footage(sites: &Sites) -> Result<Footage, Failure> {
    let mut footages = sites.all().flat_map(|loaded| {
        super::cameras::live(&loaded.site)
            .map(|(camera, _)| loaded.site.file().footage_of(&camera.id))
            .collect::<Vec<_>>()
    });
    let first = footages.next().unwrap_or_default();
    if footages.any(|footage| footage != first) {
        return Err(Failure::input(
            "some cameras are of real roads and others of a simulation, and one worker has one model\n  hint: run a worker for each",
        ));
    }
    Ok(first)
}

/// Opens the model for every thread.
pub(super) fn open(args: &IngestArgs, models: &Models) -> Result<Vec<Detector>, Failure> {
    let first = models.detector()?;
    // A graphics card is shared by its threads: two keep it busy while one fills the next batch.
    let threads = match (args.threads, first.provider()) {
        (Some(threads), _) => usize::from(threads),
        (None, Provider::Cpu) => detector_threads(),
        (None, _) => 2,
    };
    std::iter::once(Ok(first)).chain((1..threads).map(|_| models.detector())).collect()
}

/// When a batch leaves.
pub(super) fn batch(args: &IngestArgs, detector: &Detector) -> BatchConfig {
    let usual = if detector.provider() == Provider::Cpu { 1 } else { BATCH_GPU };
    BatchConfig {
        frames_max: args.batch_max.map_or(usual, usize::from),
        wait_us_max: u64::from(args.batch_wait_ms_max) * 1_000,
    }
}

/// As the exchange calls it.
pub(super) fn detect_each(mut detector: Detector) -> DetectEach {
    Box::new(move |pictures| detector.detect_each(pictures).map_err(|error| error.report()))
}

/// The provider in the words of the metrics.
pub(super) fn label(provider: Provider) -> ProviderLabel {
    match provider {
        Provider::Cpu => ProviderLabel::Cpu,
        Provider::Cuda => ProviderLabel::Cuda,
        Provider::TensorRt => ProviderLabel::TensorRt,
        Provider::OpenVino => ProviderLabel::OpenVino,
    }
}

/// The provider that was asked for.
pub(super) fn asked(args: &IngestArgs) -> ProviderLabel {
    label(Provider::parse(&args.models.provider).unwrap_or_default())
}

/// Opens runtime and model.
pub(super) fn models(args: &IngestArgs, footage: Footage) -> Result<Models, Failure> {
    models::open(&args.models, footage, &mut |text| tracing::info!("{text}"))
}
