//! What faults left behind in the log.

use wayside_proto::GapCause;

use super::case::{Case, Happened};
use crate::told::Told;

/// What is promised is 3 s on a machine that keeps up; what it was is printed. This one only tells a camera that
/// comes back from one that does not.
const BACK_S_MAX: f64 = 120.0;

/// Prints what one fault left behind and how long the camera was not seen; returns what is wrong
/// with it.
pub fn check(told: &Told, transport: &str, case: &Case, span: &Happened) -> Vec<String> {
    let Case { id, causes, gap_s_min, condition, settle_s, .. } = case;
    let Happened { began, returned } = span;
    let Some(seen) = told.seen_after(id, *returned) else {
        return vec![format!("{transport} {id}: never seen again")];
    };
    let back_s = seen.since_s(*returned);
    let unseen_s = |cause| told.unseen_s(id, cause, began.plus_s(-1.0), seen);
    let gap_s: f64 = causes.iter().map(|cause| unseen_s(*cause)).sum();
    let gaps: Vec<String> = GapCause::ALL
        .into_iter()
        .map(|cause| (cause, unseen_s(cause)))
        .filter(|(_, seconds)| *seconds > 0.0)
        .map(|(cause, seconds)| format!("{} {seconds:.1} s", cause.as_str()))
        .collect();
    println!(
        "{transport} {id}: a fault of {:.1} s, back after {back_s:.2} s; gaps: {}; {} frames seen meanwhile",
        returned.since_s(*began),
        gaps.join(", "),
        told.seen_between(id, began.plus_s(0.5), *returned)
    );
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            wrong.push(format!("{transport} {id}: {what}"));
        }
    };
    expect(gap_s >= *gap_s_min && gap_s > 0.0, format!("{gap_s:.1} s in gaps of {causes:?}"));
    expect(back_s <= BACK_S_MAX + settle_s, format!("back after {back_s:.1} s"));
    let found = told.conditions(id);
    expect(found.iter().map(String::as_str).eq(*condition), format!("stood down for {found:?}"));
    expect(told.last_health(id).stood_down.is_empty(), "still stood down".to_owned());
    expect(told.runs(id).len() == 1, "began anew".to_owned());
    wrong
}

/// Whatever a camera lost while others failed. What the machine could not do is told and left aside: frames that it
/// did not look at, and, where `packets_lost` of this camera are counted, datagrams that it did not take.
pub fn undisturbed(told: &Told, id: &str, packets_lost: f64) -> Vec<String> {
    let observations = told.of_camera(id);
    let (first, last) = (observations[0].time, observations[observations.len() - 1].time);
    let gaps = told.gaps(id).into_iter().filter(|gap| last.since_s(gap.from) > 2.0);
    let of_machine = |gap: &wayside_proto::Gap| match gap.cause {
        GapCause::Overload => true,
        GapCause::Lost => packets_lost > 0.0 && gap.frames > 0,
        _ => false,
    };
    let (slow, bad): (Vec<_>, Vec<_>) = gaps.partition(of_machine);
    println!("{id}: {} gaps of the machine in {:.0} s", slow.len(), last.since_s(first));
    bad.iter().map(|gap| format!("{id}: {gap:?}")).collect()
}
