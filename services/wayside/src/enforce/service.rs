//! `wayside enforce`: one of the processes that share the cameras of a city.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_ingest::live::WorkerClock;
use wayside_telemetry::{Board, Readiness, ReloadResult};

use super::{Judge, Judging, SectionWorker};
use crate::commands::enforce::EnforceArgs;
use crate::failure::Failure;
use crate::sites::{Reload, Sites};

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn serve(
    args: &EnforceArgs,
    judging: &Judging,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let mut sites = Sites::load(&args.sites)?;
    wayside_telemetry::install().map_err(Failure::failed)?;
    let board = Board::new(&[Readiness::Sites, Readiness::Bus]);
    board.ready(Readiness::Sites, true, "");
    let serving = wayside_telemetry::serve(args.http, board.clone()).map_err(Failure::failed)?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let bus = args.bus.open_as(args.instance.as_deref())?;
    tracing::info!("{} sites over {}", sites.all().count(), bus.place());
    let clock = WorkerClock::start();
    let judge = Judge::start(&sites, judging, &bus, clock)?;
    let place = (args.bus.data.as_path(), args.instance.as_deref());
    let sections = SectionWorker::start(&sites, &args.index, place, &bus, clock)?;
    board.ready(Readiness::Bus, true, &bus.place());
    let began = Instant::now();
    let mut failure = None;
    while !stop.load(Ordering::Relaxed) && failure.is_none() {
        if args.for_s.is_some_and(|limit| began.elapsed().as_secs_f64() >= limit) {
            break;
        }
        std::thread::sleep(EVERY);
        board.beat();
        let changes = sites.changes();
        if let Some(sections) = sections.as_ref().filter(|_| !changes.is_empty()) {
            sections.replace(&sites);
        }
        for change in changes {
            match change {
                Reload::Applied(loaded) => {
                    tracing::info!("site {}: read again", loaded.site.id());
                    judge.replace(&loaded);
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
        failure = judge.failure().or_else(|| sections.as_ref()?.failure());
    }
    failure = failure.or(judge.stop());
    failure = failure.or(sections.and_then(SectionWorker::stop));
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}
