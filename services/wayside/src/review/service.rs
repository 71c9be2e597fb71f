//! `wayside review`: the service in a process of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_http::Clock;
use wayside_telemetry::{Board, Readiness};

use super::start::{Reviewing, Surroundings};
use crate::commands::review::ReviewServeArgs;
use crate::failure::Failure;
use crate::sites::Sites;

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn serve(args: &ReviewServeArgs, stop: &AtomicBool) -> Result<(), Failure> {
    let reviewing = Reviewing::open(&args.settings, Some(args.listen), None)?;
    let sites = Sites::load(&args.site)?;
    wayside_telemetry::install().map_err(Failure::failed)?;
    let board = Board::new(&[Readiness::Bus]);
    let serving = wayside_telemetry::serve(args.http, board.clone()).map_err(Failure::failed)?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let store = Arc::new(args.store.open()?);
    let bus = args.bus.open_as(args.instance.as_deref())?;
    let at = Surroundings {
        bus: &bus,
        store,
        sites: &sites,
        models_dir: args.models_dir.as_deref(),
        onnxruntime: args.onnxruntime.as_deref(),
        sessions: None,
    };
    let mut running = reviewing.start(at, &Clock::system())?;
    board.ready(Readiness::Bus, true, &bus.place());
    let began = Instant::now();
    let mut failure = None;
    while !stop.load(Ordering::Relaxed) && failure.is_none() {
        if args.for_s.is_some_and(|limit| began.elapsed().as_secs_f64() >= limit) {
            break;
        }
        std::thread::sleep(EVERY);
        board.beat();
        failure = running.look();
    }
    drop(running);
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}
