//! What was found, for people: a line for each thing that was looked at, and a sentence at the end.

use std::fmt::Write as _;

use wayside_package::{Holds, Report};

use super::{Verdict, Verified};

/// The text.
#[must_use]
pub fn text(verified: &Verified) -> String {
    let mut out = String::new();
    for verdict in &verified.files {
        file(&mut out, verdict);
    }
    if !verified.chain.is_empty() {
        line(&mut out, "The chain between them");
        for finding in &verified.chain {
            line(&mut out, &format!("  {} {}", mark(finding.holds), finding.sentence));
        }
        line(&mut out, "");
    }
    if verified.files.len() > 1 {
        line(&mut out, &together(verified));
    }
    out
}

fn line(out: &mut String, text: &str) {
    // A text in memory takes whatever is written to it.
    let _ = writeln!(out, "{text}");
}

fn mark(holds: Holds) -> &'static str {
    match holds {
        Holds::Yes => "✓",
        Holds::NotShown => "?",
        Holds::No => "✗",
    }
}

fn file(out: &mut String, verdict: &Verdict) {
    line(out, &verdict.file);
    if let Some(manifest) = &verdict.report.manifest {
        let says = format!(
            "  It says: {} by a {} at {} of {}, {}; sealed {}.",
            manifest.rule,
            manifest.class,
            manifest.place,
            manifest.site,
            manifest.event_time,
            manifest.sealed_at
        );
        line(out, &says.replace(char::is_control, " "));
    }
    for finding in &verdict.report.findings {
        let sentence = finding.sentence.replace(char::is_control, " ");
        line(out, &format!("  {} {sentence}", mark(finding.holds)));
    }
    if let Some(looked) = &verdict.looked {
        line(out, &format!("  {} {}", mark(looked.holds), looked.sentence));
    }
    line(out, summary(&verdict.report));
    line(out, "");
}

/// The sentence at the end of one file.
fn summary(report: &Report) -> &'static str {
    match report.holds() {
        Holds::Yes => "Sound: everything that was checked holds.",
        Holds::NotShown => {
            "Not shown: nothing that was checked is wrong, but what is marked with ? was not shown."
        }
        Holds::No => "NOT SOUND: what is marked with ✗ does not hold.",
    }
}

/// The sentence at the end of several.
fn together(verified: &Verified) -> String {
    let count = |holds: Holds| verified.files.iter().filter(|v| v.report.holds() == holds).count();
    let chain = match verified.chain.iter().map(|finding| finding.holds).max() {
        None => "",
        Some(Holds::Yes) => "; they follow each other",
        Some(Holds::NotShown) => "; not every step between them was shown",
        Some(Holds::No) => "; the chain between them is BROKEN",
    };
    format!(
        "{} packages: {} sound, {} not shown, {} not sound{chain}.",
        verified.files.len(),
        count(Holds::Yes),
        count(Holds::NotShown),
        count(Holds::No)
    )
}
