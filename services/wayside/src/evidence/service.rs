//! `wayside evidence`: one of the processes that make the packages of a city.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_evidence::{HttpFootage, MakeOptions, ServiceOptions, Token};
use wayside_site::model::Footage;
use wayside_telemetry::{Board, Readiness, ReloadResult};

use super::seal;
use super::thread::{EvidenceThread, Making};
use crate::commands::evidence::EvidenceArgs;
use crate::failure::Failure;
use crate::sites::{Reload, Sites};
use crate::{keys, models};

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);
/// The variable that may hold the token of the workers.
const TOKEN: &str = "WAYSIDE_CLIPS_TOKEN";

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn serve(args: &EvidenceArgs, stop: &AtomicBool) -> Result<(), Failure> {
    let mut sites = Sites::load(&args.sites)?;
    let sealing = args.seal.open()?;
    let footage =
        asking(args.clips_token_file.as_deref(), args.worker.as_deref(), args.clips_ca.as_deref())?;
    let store = seal::store(&args.store)?;
    let model = model(args, &sites)?;
    let about = seal::about(model.as_ref().map(|(name, sha256)| (name.as_str(), sha256.as_str())));
    wayside_telemetry::install().map_err(Failure::failed)?;
    let board = Board::new(&[Readiness::Sites, Readiness::Bus]);
    board.ready(Readiness::Sites, true, "");
    let serving = wayside_telemetry::serve(args.http, board.clone()).map_err(Failure::failed)?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let bus = args.bus.open_as(args.instance.as_deref())?;
    tracing::info!(
        "{} sites over {}, packages in {}, signed with key {}",
        sites.all().count(),
        bus.place(),
        store.place(),
        sealing.key.verifying().id()
    );
    let options = MakeOptions {
        window: sealing.window,
        footage_max: Duration::from_secs(args.worker_wait_s),
        store_max: Duration::from_secs(args.store_wait_s),
        age_s_max: Some(f64::from(args.age_days_max) * 86_400.0),
        ..MakeOptions::default()
    };
    let service =
        ServiceOptions { threads: usize::from(args.threads), ..ServiceOptions::default() };
    let footage = Arc::new(footage);
    let making = Making { store, footage, sealing, about, options, service, json: args.json };
    let thread = EvidenceThread::start(making, &sites, &bus)?;
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
                Reload::Applied(loaded) => {
                    tracing::info!("site {}: read again", loaded.site.id());
                    thread.replace(&loaded);
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
        failure = thread.failure();
    }
    failure = failure.or(thread.stop());
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}

/// How workers are asked: with a token, always `worker` where it is given, and by certificates of that authority.
pub(crate) fn asking(
    token_file: Option<&Path>,
    worker: Option<&str>,
    authority: Option<&Path>,
) -> Result<HttpFootage, Failure> {
    let token = match token_file {
        Some(file) => Some(Token::new(&keys::text(file)?)),
        None => std::env::var(TOKEN).ok().map(|text| Token::new(&text)),
    };
    if token.is_none() {
        tracing::warn!("no token for the workers is given; they refuse whoever has none");
    }
    let authority = authority.map(keys::text).transpose()?;
    HttpFootage::new(token, worker, authority.as_deref().map(str::as_bytes)).map_err(Failure::input)
}

/// Name and digest of the workers' detector, by the manifest.
fn model(args: &EvidenceArgs, sites: &Sites) -> Result<Option<(String, String)>, Failure> {
    let mut footages = sites.all().flat_map(|loaded| {
        let file = loaded.site.file();
        file.cameras.iter().map(|camera| file.footage_of(&camera.id)).collect::<Vec<Footage>>()
    });
    let first = footages.next().unwrap_or_default();
    if args.model.is_none() && footages.any(|footage| footage != first) {
        tracing::warn!(
            "some cameras are of real roads and others of a simulation: packages name no detector without --model"
        );
        return Ok(None);
    }
    let manifest = models::manifest(args.dirs.models_dir.as_deref())?;
    let model = manifest
        .model(models::name_for(args.model.as_deref(), first))
        .map_err(|error| Failure::input(error.report()))?;
    Ok(Some((model.name.clone(), model.sha256.clone())))
}
