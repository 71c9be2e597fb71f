//! `wayside replay`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::ReplayArgs;
use crate::failure::{Exit, Failure};

/// Replays, tells the user, and returns the exit code where it is not 0.
pub fn run(args: &ReplayArgs) -> Result<Option<Exit>, Failure> {
    let cancel = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&cancel);
    ctrlc::set_handler(move || {
        // A second Ctrl-C does not wait for what is under way.
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| Failure::failed(format!("Ctrl-C cannot be caught: {error}")))?;
    let (summary, exit) = crate::replay::replay(args, &cancel)?;
    if args.json {
        let json = serde_json::to_string(&summary)
            .map_err(|error| Failure::failed(format!("the summary cannot be printed: {error}")))?;
        println!("{json}");
    } else if !args.quiet {
        print!("{}", summary.text());
    }
    Ok(exit)
}
