//! `wayside run` and `wayside ingest`: live cameras in, a durable log of observations, health and
//! outcomes out.
//!
//! The main thread looks after everything: it reads changed site files, stops when a part fails (what
//! is acknowledged stays), and deletes records that have outlived their retention. Cameras, detectors, the bus, the
//! rules, evidence, review, and the retention of packages have threads of their own.

mod board;
mod cameras;
mod clips;
mod detectors;
mod doing;
mod fleet;
mod publish;
mod retention;
mod secrets;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_bus::{Bus, Log, LogOptions, Topic};
use wayside_console::SignStates;
use wayside_http::Clock;
use wayside_ingest::live::{Exchange, Worker, WorkerClock};
use wayside_proto::RunId;
use wayside_review::auth::Authenticator;
use wayside_telemetry::{Board, InferenceMetrics, Readiness, ReloadResult, span};

use crate::commands::run::IngestArgs;
use crate::console::{self, Cameras, Console, Sessions};
use crate::enforce::{Judge, SectionWorker};
use crate::evidence::{EvidenceThread, Packing, own_worker};
use crate::failure::Failure;
use crate::review::{Running, Surroundings};
use crate::signs::Driving;
use crate::sites::{Reload, Sites};
pub(crate) use doing::{Doing, PackageRetention};
use fleet::Fleet;
use publish::Acknowledgements;
use retention::Retention;

/// Name of this process among the sources of messages on signs.
const SIGNS: &str = "run";
/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn run(args: &IngestArgs, doing: Doing<'_>, stop: &AtomicBool) -> Result<(), Failure> {
    let Doing { judging, evidence, review, retention: of_packages, console, signs } = doing;
    let failed = |error: &dyn std::fmt::Display| Failure::failed(error);
    let folder = console.as_ref().and_then(console::Opened::sites_folder);
    let mut sites = Sites::load_with(&args.sites, folder.as_deref())?;
    // Whoever names no site begins with the console's folder, which may be empty; without a console nothing comes.
    fleet::count(&sites, args.sites.is_empty() && folder.is_some())?;
    wayside_telemetry::install().map_err(|error| failed(&error))?;
    let board = Board::new(Readiness::ALL);
    board.ready(Readiness::Sites, true, "");
    let serving =
        wayside_telemetry::serve(args.http, board.clone()).map_err(|error| failed(&error))?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let footage = detectors::footage(&sites)?;
    let models = detectors::models(args, footage)?;
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
    let worker = Worker::new(exchange, provider, clock).map_err(|error| failed(&error))?;
    let live_pictures = worker.pictures();
    let pictures = (worker.cutter(), worker.pictures());
    let clips = clips::Serving::start(&args.clips, evidence.is_some(), &models, pictures, clock)?;
    let worker = worker.with_clips_url(clips.as_ref().and_then(clips::Serving::url));
    let mut fleet = Fleet::new(
        args,
        run,
        (about, footage),
        worker,
        &acknowledged,
        (&bus, log.as_ref()),
        &board,
    );
    fleet.take(&sites)?;
    let store = evidence.as_ref().map(Packing::store);
    let mut packer = None;
    if let (Some(packing), Some(clips)) = (evidence, &clips) {
        let model = models.model();
        let making =
            packing.making(own_worker(clips.clips()), (model.name.as_str(), model.sha256.as_str()));
        packer = Some(EvidenceThread::start(making, &sites, &bus)?);
    }
    let mut deciding = match (review, &store) {
        (Some(reviewing), Some(store)) => {
            let at = Surroundings {
                bus: &bus,
                store: Arc::clone(store),
                sites: &sites,
                models_dir: args.models.models_dir.as_deref(),
                onnxruntime: args.models.onnxruntime.as_deref(),
                sessions: console.as_ref().map(|console| {
                    Arc::new(Sessions(Arc::clone(console.accounts()))) as Arc<dyn Authenticator>
                }),
            };
            Some(reviewing.start(at, &Clock::system())?)
        }
        _ => None,
    };
    let driving = match signs {
        Some(settings) => Some(Driving::start(Arc::clone(&bus), &sites, settings, SIGNS, true)?),
        None => None,
    };
    if let Some(driving) = &driving {
        tracing::info!("pages of signs on {}", driving.url());
    }
    let mut showing = match console {
        Some(console) => Some(
            console.start(console::Surroundings {
                bus: &bus,
                sites: &sites,
                models: &args.models,
                review: deciding.as_ref().map(|running| running.service.router()),
                desk: deciding.as_ref().map(|running| Arc::clone(&running.desk)),
                pictures: Some(Cameras::Here(live_pictures)),
                signs: driving
                    .as_ref()
                    .map(|driving| Arc::new(driving.service().board()) as Arc<dyn SignStates>),
            })?,
        ),
        None => None,
    };
    let keeper = match (of_packages, store) {
        (Some(wanted), Some(store)) => {
            let desk = deciding.as_ref().map(|running| Arc::clone(&running.desk));
            wanted.start(store, desk, &sites, &bus, clock)?
        }
        _ => None,
    };
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
                    if let Some(showing) = &showing {
                        showing.replace(&loaded);
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
        failure = failure.or(deciding.as_mut().and_then(Running::look));
        failure = failure.or(showing.as_mut().and_then(Console::look));
        failure = failure.or_else(|| driving.as_ref()?.failure());
        if failure.is_some() {
            break;
        }
    }
    // Nobody looks at, and nobody decides on, what is not looked after any more.
    drop(showing);
    drop(deciding);
    // Signs go blank.
    drop(driving);
    drop(keeper);
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
