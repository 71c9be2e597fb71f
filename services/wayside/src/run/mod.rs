//! `wayside run` and `wayside ingest`: live cameras in, a durable log of observations, health and
//! outcomes out.
//!
//! The main thread looks after everything: it reads changed site files, stops when a part fails (what
//! is acknowledged stays), and deletes what has outlived its retention. Cameras, detectors, the bus and
//! the rules have threads of their own.

mod board;
mod cameras;
mod clips;
mod detectors;
mod fleet;
mod publish;
mod retention;
mod secrets;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_bus::{Bus, Log, LogOptions, Topic};
use wayside_ingest::live::{Exchange, Worker, WorkerClock};
use wayside_proto::RunId;
use wayside_telemetry::{Board, InferenceMetrics, Readiness, ReloadResult, span};

use crate::commands::run::IngestArgs;
use crate::enforce::{Judge, Judging, SectionWorker};
use crate::evidence::{EvidenceThread, Packing, own_worker};
use crate::failure::Failure;
use crate::sites::{Reload, Sites};
use fleet::Fleet;
use publish::Acknowledgements;
use retention::Retention;

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn run(
    args: &IngestArgs,
    judging: Option<&Judging>,
    evidence: Option<Packing>,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::failed(error);
    let mut sites = Sites::load(&args.sites)?;
    fleet::count(&sites)?;
    wayside_telemetry::install().map_err(|error| failed(&error))?;
    let board = Board::new(Readiness::ALL);
    board.ready(Readiness::Sites, true, "");
    let serving =
        wayside_telemetry::serve(args.http, board.clone()).map_err(|error| failed(&error))?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let models = detectors::models(args, detectors::footage(&sites)?)?;
    let mut opened = detectors::open(args, &models)?.into_iter();
    // Only for what it says of itself: regions, thresholds, provider.
    let about = models.detector()?;
    let fallback = about.fallback().unwrap_or_default().to_owned();
    if !fallback.is_empty() {
        tracing::warn!("the model runs on {}: {fallback}", about.provider());
    }
    board.ready(Readiness::Model, true, &models.model().name);
    // With Kafka, retention is the brokers'.
    let log = match args.bus.kafka {
        None => Some(Log::open(&args.bus.data, LogOptions::default()).map_err(Failure::failed)?),
        Some(_) => None,
    };
    let bus: Arc<dyn Bus> = match &log {
        Some(log) => Arc::new(log.clone()),
        None => args.bus.open_as(args.instance.as_deref())?,
    };
    board.ready(Readiness::Bus, true, "");

    let clock = WorkerClock::start();
    let run = RunId(clock.now().wall.to_string());
    let metrics = InferenceMetrics::new(detectors::label(about.provider()), detectors::asked(args));
    let detect = opened.by_ref().map(detectors::detect_each).collect();
    let exchange = Exchange::start(detectors::batch(args, &about), detect, metrics, clock)
        .map_err(|error| failed(&error))?;
    let acknowledged = Acknowledgements::start(clock).map_err(|error| failed(&error))?;
    let mut judge =
        judging.map(|judging| Judge::start(&sites, judging, &bus, clock)).transpose()?;
    let sections = match judging {
        Some(_) => {
            let place = (args.bus.data.as_path(), args.instance.as_deref());
            SectionWorker::start(&sites, &args.index, place, &bus, clock)?
        }
        None => None,
    };
    let provider = (about.provider().to_string(), fallback);
    let worker = Worker::new(exchange, provider, clock);
    let clips =
        clips::Serving::start(&args.clips, evidence.is_some(), &models, worker.cutter(), clock)?;
    let worker = worker.with_clips_url(clips.as_ref().and_then(clips::Serving::url));
    let mut fleet =
        Fleet::new(args, run, about, worker, &acknowledged, (&bus, log.as_ref()), &board);
    fleet.take(&sites)?;
    let mut packer = None;
    if let (Some(packing), Some(clips)) = (evidence, &clips) {
        let model = models.model();
        let making =
            packing.making(own_worker(clips.clips()), (model.name.as_str(), model.sha256.as_str()));
        packer = Some(EvidenceThread::start(making, &sites, &bus)?);
    }
    let mut retention = Retention::new(args);
    let began = Instant::now();
    let mut failure = None;
    while !stop.load(Ordering::Relaxed) && !is_over(args, began) {
        std::thread::sleep(EVERY);
        board.beat();
        let changes = sites.changes();
        if let Some(sections) = sections.as_ref().filter(|_| !changes.is_empty()) {
            sections.replace(&sites);
        }
        for change in changes {
            match change {
                Reload::Applied(loaded) => {
                    let _span = span!(SiteReload, site = %loaded.site.id()).entered();
                    fleet.apply(&loaded);
                    if let Some(judge) = &judge {
                        judge.replace(&loaded);
                    }
                    if let Some(packer) = &packer {
                        packer.replace(&loaded);
                    }
                    wayside_telemetry::site_reloaded(ReloadResult::Applied);
                }
                Reload::Refused(why) => {
                    tracing::error!(
                        "the changed site file is refused, the one before holds:\n{why}"
                    );
                    wayside_telemetry::site_reloaded(ReloadResult::Refused);
                }
            }
        }
        if let Some(log) = &log {
            retention.look(log, &clock);
        }
        let broken = fleet.broken().or_else(|| acknowledged.failure());
        failure = broken.or_else(|| judge.as_ref().and_then(Judge::failure));
        failure = failure.or_else(|| sections.as_ref()?.failure());
        failure = failure.or_else(|| packer.as_ref()?.failure());
        if failure.is_some() {
            break;
        }
    }
    // A package that is being made is finished; it needs the pictures.
    failure = failure.or(packer.and_then(EvidenceThread::stop));
    // What is asked for needs the cameras' rings.
    drop(clips);
    // Cameras first, so that their last observations reach the bus; then the rules over them.
    drop(fleet);
    drop(acknowledged);
    if let Some(judge) = judge.take() {
        failure = failure.or(judge.stop());
    }
    failure = failure.or(sections.and_then(SectionWorker::stop));
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}

fn is_over(args: &IngestArgs, began: Instant) -> bool {
    args.for_s.is_some_and(|limit| began.elapsed().as_secs_f64() >= limit)
}

/// The topic in the words of the metrics.
fn topic_label(topic: Topic) -> wayside_telemetry::Topic {
    use wayside_telemetry::Topic as Label;
    match topic {
        Topic::Observations => Label::Observations,
        Topic::Passages => Label::Passages,
        Topic::Signals => Label::Signals,
        Topic::Violations => Label::Violations,
        Topic::Evidence => Label::Evidence,
        Topic::Citations => Label::Citations,
        Topic::Signs => Label::Signs,
        Topic::Health => Label::Health,
        Topic::DeadLetter => Label::DeadLetter,
        Topic::TravelTimes => Label::TravelTimes,
        Topic::Receipts => Label::Receipts,
        Topic::StandDowns => Label::StandDowns,
    }
}
