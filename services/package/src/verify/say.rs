//! The findings of one file.

use wayside_proto::convert::Message;
use wayside_proto::json::violation_line;
use wayside_proto::{Hash32, Outcome};

use super::{Check, Finding, Holds};
use crate::keys::{KeyRing, Standing};
use crate::package::Looked;
use crate::part::{COUNT, Part};
use crate::place::{Place, Problem};

fn finding(check: Check, holds: Holds, place: Option<Place>, sentence: String) -> Finding {
    Finding { check, holds, place, sentence }
}

/// The one finding of a file that is no package.
pub(super) fn unreadable(problem: &Problem) -> Finding {
    let sentence = match problem.place {
        Place::Whole => format!("This is no evidence package: {}.", problem.what),
        place => format!("This is no whole evidence package: {place}: {}.", problem.what),
    };
    finding(Check::Form, Holds::No, Some(problem.place), sentence)
}

/// The form of the file.
pub(super) fn form(looked: &Looked<'_>, bytes: usize) -> Vec<Finding> {
    if looked.form.is_empty() {
        let sentence = format!(
            "The file has the one form that a package has: {COUNT} parts, {bytes} bytes, each byte where it must be."
        );
        return vec![finding(Check::Form, Holds::Yes, None, sentence)];
    }
    let say = |problem: &Problem| {
        let sentence = format!("The file was changed in {}: {}.", problem.place, problem.what);
        finding(Check::Form, Holds::No, Some(problem.place), sentence)
    };
    looked.form.iter().map(say).collect()
}

/// The signature, and who stands behind it.
pub(super) fn signature(looked: &Looked<'_>, keys: &KeyRing) -> Vec<Finding> {
    let key = match &looked.signed {
        Ok(key) => key,
        Err(problem) => {
            let sentence = match problem.place {
                Place::Part(Part::Manifest) => {
                    format!("The signature does not hold: manifest.json: {}.", problem.what)
                }
                _ => format!("The signature does not hold: seal.cose: {}.", problem.what),
            };
            return vec![finding(Check::Signature, Holds::No, Some(problem.place), sentence)];
        }
    };
    let id = key.id();
    let sealed_at = looked.manifest.as_ref().map(|manifest| manifest.sealed_at);
    let mut out = vec![finding(
        Check::Signature,
        Holds::Yes,
        None,
        format!("The manifest is signed with key {id} (Ed25519)."),
    )];
    let seal = Some(Place::Part(Part::Seal));
    let (holds, place, sentence) = match (keys.get(&id), sealed_at) {
        _ if keys.is_empty() => (
            Holds::NotShown,
            None,
            format!(
                "Nobody has vouched for key {id}: the package names it itself, and anybody can make a key. Compare \
                 the id with the one that the authority publishes, or give its public key."
            ),
        ),
        (None, _) => (
            Holds::No,
            seal,
            match keys.iter().count() {
                1 => format!("Key {id} is not the one that was given."),
                count => format!("Key {id} is none of the {count} that were given."),
            },
        ),
        (Some(known), Ok(sealed_at)) => {
            let name =
                if known.name.is_empty() { String::new() } else { format!(" ({})", known.name) };
            match known.standing(sealed_at) {
                Standing::Retired(end) => (
                    Holds::No,
                    seal,
                    format!(
                        "Key {id}{name} was retired at {end}, and the package says that it was sealed at {sealed_at}."
                    ),
                ),
                Standing::InUse => (
                    Holds::Yes,
                    None,
                    match known.not_after {
                        Some(end) => format!(
                            "Key {id}{name} is one that was given; it was in use until {end}, and the package says that it was sealed at {sealed_at}."
                        ),
                        None => format!("Key {id}{name} is one that was given."),
                    },
                ),
            }
        }
        (Some(_), Err(problem)) => (Holds::No, seal, problem.clone()),
    };
    out.push(finding(Check::Key, holds, place, sentence));
    out
}

/// Each part against the manifest.
pub(super) fn parts(looked: &Looked<'_>) -> Vec<Finding> {
    if looked.manifest_to_hold().is_none() {
        let sentence =
            "The other parts cannot be checked, since the manifest is not what was sealed.";
        return vec![finding(Check::Part, Holds::NotShown, None, sentence.to_owned())];
    }
    let say = |(part, result): &(Part, Result<usize, String>)| match result {
        Ok(bytes) => {
            let sentence = format!("{part} is what was sealed ({bytes} bytes).");
            finding(Check::Part, Holds::Yes, None, sentence)
        }
        Err(what) => {
            let place = Some(Place::Part(*part));
            finding(Check::Part, Holds::No, place, format!("{part}: {what}."))
        }
    };
    looked.listed.iter().map(say).collect()
}

/// Whether outcome and manifest are of the same violation.
pub(super) fn agreement(looked: &Looked<'_>) -> Vec<Finding> {
    let Some(manifest) = looked.manifest_to_hold() else { return Vec::new() };
    let changed = |(part, result): &(Part, Result<usize, String>)| {
        matches!(part, Part::Outcome | Part::OutcomePb) && result.is_err()
    };
    if looked.listed.iter().any(changed) {
        return Vec::new();
    }
    let outcome = match Outcome::from_bytes(looked.parts[Part::OutcomePb as usize]) {
        Ok(outcome) => outcome,
        Err(problem) => {
            let place = Some(Place::Part(Part::OutcomePb));
            let sentence = format!("outcome.pb is no violation: {problem}.");
            return vec![finding(Check::Agreement, Holds::No, place, sentence)];
        }
    };
    let line = violation_line(&outcome) + "\n";
    let stated: Vec<_> = manifest.quantities.iter().map(|q| (q.name.as_str(), q.value)).collect();
    let line_of = wayside_proto::json::OutcomeLine::from(&outcome);
    let found: Vec<_> = line_of.quantities.iter().map(|q| (q.name.as_str(), q.value)).collect();
    let same = line.as_bytes() == looked.parts[Part::Outcome as usize]
        && manifest.violation == outcome.id.0
        && manifest.site == outcome.site.0
        && manifest.camera == outcome.camera.0
        && manifest.track == outcome.track.0
        && manifest.rule == outcome.rule
        && manifest.rule_version == outcome.rule_version
        && manifest.event_time == outcome.event_time
        && stated == found;
    let (holds, place, sentence) = if same {
        let sentence = format!(
            "Manifest and outcome say the same: {} at {} of {}, {}.",
            outcome.rule, outcome.place, outcome.site, outcome.event_time
        );
        (Holds::Yes, None, sentence)
    } else {
        let place = Some(Place::Part(Part::Outcome));
        let sentence = "Manifest, outcome.json and outcome.pb are not of one violation.".to_owned();
        (Holds::No, place, sentence)
    };
    vec![finding(Check::Agreement, holds, place, sentence)]
}

/// What the package says of its place in the chain.
pub(super) fn link(looked: &Looked<'_>) -> Vec<Finding> {
    let Some(manifest) = looked.manifest_to_hold() else { return Vec::new() };
    let chain = &manifest.chain;
    let zeros = chain.previous == Hash32::default();
    let site = &manifest.site;
    let (holds, place, sentence) = match (chain.number, zeros) {
        (0, true) => (Holds::Yes, None, format!("It is the first package of site {site}.")),
        (number, false) if number > 0 => {
            let sentence = format!(
                "It is number {number} of site {site}'s packages, made after the one whose manifest has SHA-256 {}.",
                chain.previous
            );
            (Holds::Yes, None, sentence)
        }
        (number, _) => {
            let place = Some(Place::Part(Part::Manifest));
            let sentence = format!(
                "Its place in the chain is not possible: number {number}, after a manifest with SHA-256 {}.",
                chain.previous
            );
            (Holds::No, place, sentence)
        }
    };
    vec![finding(Check::Chain, holds, place, sentence)]
}
