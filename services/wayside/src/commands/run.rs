//! `wayside run` and `wayside ingest`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::{IngestArgs, RunArgs};
use crate::failure::{Exit, Failure};
use crate::run::{self, Judging};

/// Watches, judges, and keeps it all, until it is asked to stop.
pub fn run(args: &RunArgs) -> Result<Option<Exit>, Failure> {
    let judging = Judging { lateness_s: args.lateness_s, json: args.json };
    run::run(&args.ingest, Some(&judging), &*stopped()?).map(|()| None)
}

/// Watches and keeps it all.
pub fn ingest(args: &IngestArgs) -> Result<Option<Exit>, Failure> {
    run::run(args, None, &*stopped()?).map(|()| None)
}

/// Set by Ctrl-C and by SIGTERM.
fn stopped() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        // A second time does not wait for what is under way.
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| Failure::failed(format!("Ctrl-C cannot be caught: {error}")))?;
    Ok(stop)
}
