//! `wayside signs`: the service in a process of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_dms::{SignState, Standing};
use wayside_telemetry::{Board, Readiness};

use super::driving::Driving;
use crate::commands::signs::SignsArgs;
use crate::failure::Failure;
use crate::sites::{Reload, Sites};

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn serve(args: &SignsArgs, stop: &AtomicBool) -> Result<(), Failure> {
    let mut sites = Sites::load(&args.site)?;
    wayside_telemetry::install().map_err(Failure::failed)?;
    let board = Board::new(&[Readiness::Bus]);
    let serving = wayside_telemetry::serve(args.http, board.clone()).map_err(Failure::failed)?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let bus = args.bus.open_as(Some(&args.instance))?;
    let feed = !args.show_only;
    let start =
        |sites: &Sites| Driving::start(bus.clone(), sites, &args.settings, &args.instance, feed);
    let mut driving = Some(start(&sites)?);
    board.ready(Readiness::Bus, true, &bus.place());
    announce(args, driving.as_ref());
    let began = Instant::now();
    let mut known = BTreeMap::new();
    let mut failure = None;
    while !stop.load(Ordering::Relaxed) && failure.is_none() {
        if args.for_s.is_some_and(|limit| began.elapsed().as_secs_f64() >= limit) {
            break;
        }
        std::thread::sleep(EVERY);
        board.beat();
        let mut renew = false;
        for change in sites.changes() {
            match change {
                Reload::Applied(loaded) => {
                    tracing::info!("{} has changed; its signs begin anew", loaded.path.display());
                    renew = true;
                }
                Reload::Refused(why) => tracing::warn!("{why}"),
            }
        }
        if renew {
            // Every sign is blank in between.
            drop(driving.take());
            driving = Some(start(&sites)?);
        }
        let Some(running) = &driving else { continue };
        tell(args, &running.service().states(), &mut known);
        failure = running.failure();
    }
    if let Some(running) = &driving {
        let totals = serde_json::to_string(&running.service().totals()).unwrap_or_default();
        tracing::info!("counted: {totals}");
    }
    drop(driving);
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}

fn announce(args: &SignsArgs, driving: Option<&Driving>) {
    let Some(driving) = driving else { return };
    tracing::info!("pages of signs on {}", driving.url());
    for state in driving.service().states() {
        let page = state.page_url.unwrap_or_default();
        tracing::info!("sign {} ({}): {page}", state.sign, state.name);
    }
    if args.show_only {
        tracing::info!("--show-only: messages come from others");
    }
}

/// Prints what has changed: a message, a blank sign, a fault.
fn tell(args: &SignsArgs, states: &[SignState], known: &mut BTreeMap<String, String>) {
    for state in states {
        let mut told = state.clone();
        // Lamps follow from the markup.
        told.pages.clear();
        let line = serde_json::to_string(&told).unwrap_or_default();
        if known.insert(state.sign.clone(), line.clone()).as_ref() == Some(&line) {
            continue;
        }
        if args.json {
            println!("{line}");
        } else if state.state == Standing::Showing {
            let until = state.expires.as_deref().unwrap_or_default();
            println!("{}: {} (until {until})", state.sign, state.text.join(" | "));
        } else {
            let why = state.why.unwrap_or_default();
            println!("{}: blank ({why})", state.sign);
        }
    }
}
