//! What stands in a job's record besides its state.

use std::path::Path;

use super::store::FILES;
use super::{Job, Order};
use crate::engine::{FoundFile, Judged, Outcome};

/// What an order is about, for whoever looks at the list.
pub(super) fn describe(job: &mut Job, order: &Order) {
    match order {
        Order::Replay { site, recording, name, .. } => {
            job.kind = "replay".to_owned();
            job.site.clone_from(site);
            job.recording = Some(recording.clone());
            job.recording_name = Some(name.clone());
        }
        Order::Whatif { site, order } => {
            job.kind = "whatif".to_owned();
            job.site.clone_from(site);
            match &order.source {
                Judged::Span { from, to, .. } => {
                    (job.from, job.to) = (Some(from.to_string()), Some(to.to_string()));
                }
                Judged::Replay(folder) => {
                    let name = folder.file_name().and_then(std::ffi::OsStr::to_str);
                    job.observations = name.map(str::to_owned);
                }
            }
        }
    }
}

/// Names the files that are there and may be fetched.
pub(super) fn with_files(outcome: Outcome, out: &Path) -> Outcome {
    match outcome {
        Outcome::Replay { violations, voids, frames, warnings, .. } => {
            let files = FILES.iter().filter_map(|(name, media)| {
                let bytes = std::fs::metadata(out.join(name)).ok()?.len();
                let kind = match *media {
                    "video/mp4" => "video",
                    media if media.starts_with("text/html") => "report",
                    _ => "data",
                };
                Some(FoundFile { name: (*name).to_owned(), bytes, kind: kind.to_owned() })
            });
            let files = files.collect();
            Outcome::Replay { violations, voids, files, frames, warnings }
        }
        other => other,
    }
}
