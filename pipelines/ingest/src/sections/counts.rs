//! Tells metrics what happens at the ends of sections.

use std::time::Duration;

use wayside_passages::{Counts, Refusal, Unmatchable};
use wayside_proto::{CameraId, SectionEnd, SectionId, SiteId};
use wayside_telemetry::{EndLabel, Labels, LookRefusal, Metric, UnmatchableCause, add, observe};

/// The embedder took this long for so many looks.
pub(super) fn took(took: Duration, looks: usize) {
    observe(Metric::LookSeconds, &Labels::none(), took.as_secs_f64() / looks.max(1) as f64);
}

/// Adds what was counted at one end.
pub(super) fn add_counts(
    (site, camera): (&SiteId, &CameraId),
    (section, end): (&SectionId, SectionEnd),
    counts: &Counts,
) {
    let of = || {
        let end = match end {
            SectionEnd::Entry => EndLabel::Entry,
            SectionEnd::Exit => EndLabel::Exit,
        };
        Labels::camera(site, camera).section(section, end)
    };
    let some = |metric, labels: Labels, by: u64| {
        if by > 0 {
            add(metric, &labels, by);
        }
    };
    some(Metric::Passages, of(), counts.passages);
    some(Metric::Looks, of(), counts.looks);
    for (cause, by) in &counts.unmatchable {
        some(Metric::PassagesUnmatchable, of().unmatchable(unmatchable(*cause)), *by);
    }
    for (cause, by) in &counts.refused {
        some(Metric::LooksRefused, of().look_refusal(refusal(*cause)), *by);
    }
}

fn unmatchable(cause: Unmatchable) -> UnmatchableCause {
    match cause {
        Unmatchable::Unseen => UnmatchableCause::Unseen,
        Unmatchable::Lost => UnmatchableCause::Lost,
        Unmatchable::Late => UnmatchableCause::Late,
        Unmatchable::Untimed => UnmatchableCause::Untimed,
    }
}

fn refusal(cause: Refusal) -> LookRefusal {
    match cause {
        Refusal::TooSmall => LookRefusal::TooSmall,
        Refusal::Border => LookRefusal::Border,
        Refusal::Hidden => LookRefusal::Hidden,
        Refusal::Person => LookRefusal::Person,
        Refusal::UnsureClass => LookRefusal::UnsureClass,
        Refusal::NoPicture => LookRefusal::NoPicture,
        Refusal::Model => LookRefusal::Model,
    }
}
