//! `wayside console`: the console in a process of its own, with review beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_console::SignStates;
use wayside_http::Clock;
use wayside_review::auth::Authenticator;
use wayside_telemetry::{Board, Readiness};

use super::workers::Workers;
use super::{Cameras, Opened, Sessions, Surroundings, signs};
use crate::commands::console::ConsoleArgs;
use crate::evidence::asking;
use crate::failure::Failure;
use crate::review::{self, Reviewing};
use crate::sites::{Reload, Sites};

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn serve(args: &ConsoleArgs, stop: &AtomicBool) -> Result<(), Failure> {
    let asking = asking(args.clips_token_file.as_deref(), None, args.clips_ca.as_deref())?;
    let reviewing = Reviewing::open(&args.review, None, None)?;
    let opened = Opened::open(&args.settings, args.listen, &args.home)?;
    let mut sites = Sites::load_with(&args.sites, args.settings.sites_folder.as_deref())?;
    wayside_telemetry::install().map_err(Failure::failed)?;
    let board = Board::new(&[Readiness::Bus]);
    let serving = wayside_telemetry::serve(args.http, board.clone()).map_err(Failure::failed)?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let store = Arc::new(args.store.open()?);
    let bus = args.bus.open_as(args.instance.as_deref())?;
    let sessions = Arc::new(Sessions(Arc::clone(opened.accounts()))) as Arc<dyn Authenticator>;
    let at = review::Surroundings {
        bus: &bus,
        store,
        sites: &sites,
        models_dir: args.models.models_dir.as_deref(),
        onnxruntime: args.models.onnxruntime.as_deref(),
        sessions: Some(sessions),
    };
    let workers = Workers::new(Arc::clone(&bus), asking, wayside_http::Clock::system());
    let signs = signs::looking(&bus, &sites, args.templates.as_deref(), args.signs_url.as_deref());
    let mut deciding = reviewing.start(at, &Clock::system())?;
    let mut console = opened.start(Surroundings {
        bus: &bus,
        sites: &sites,
        models: &args.models,
        review: Some(deciding.service.router()),
        desk: Some(Arc::clone(&deciding.desk)),
        pictures: Some(Cameras::Elsewhere(workers)),
        signs: signs.as_ref().map(|signs| Arc::new(signs.board()) as Arc<dyn SignStates>),
    })?;
    board.ready(Readiness::Bus, true, &bus.place());
    let began = Instant::now();
    let mut failure = None;
    while !stop.load(Ordering::Relaxed) && failure.is_none() {
        if args.for_s.is_some_and(|limit| began.elapsed().as_secs_f64() >= limit) {
            break;
        }
        std::thread::sleep(EVERY);
        board.beat();
        for change in sites.changes() {
            match change {
                Reload::Applied(loaded) => console.replace(&loaded),
                Reload::Refused(why) => tracing::warn!("{why}"),
            }
        }
        failure = deciding.look().or_else(|| console.look());
    }
    drop(console);
    drop(deciding);
    drop(signs);
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}
