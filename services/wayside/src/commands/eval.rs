//! `wayside eval`.

use std::fmt::Write;

use serde::Deserialize;
use wayside_proto::EventTime;
use wayside_proto::json::{OutcomeLine, parse_lines};
use wayside_site::Site;

use crate::cli::EvalArgs;
use crate::eval::{Found, Score, Scores, Truth, scores};
use crate::failure::Failure;
use crate::replay::inputs;
use crate::replay::outputs::{CERTIFICATE, VIOLATIONS};

/// How far found and true time may be apart for rules of an instant, seconds.
const INSTANT_S: f64 = 1.0;
/// The same for rules of a stretch or a stand: their beginning is a matter of where one looks.
const STRETCH_S: f64 = 5.0;

/// What eval needs of a certificate.
#[derive(Deserialize)]
struct Start {
    site: String,
    start: String,
}

/// Compares and prints.
pub fn run(args: &EvalArgs) -> Result<(), Failure> {
    let (site, _) = inputs::site(&args.site)?;
    let truth_text = inputs::text(&args.truth)?;
    let truth = Truth::parse(&args.truth.display().to_string(), &truth_text.text)
        .map_err(Failure::input)?;
    let certificate_path = args.results.join(CERTIFICATE);
    if !certificate_path.exists() {
        return Err(Failure::input(format!(
            "{} has no {CERTIFICATE}, so it holds no results\n  hint: name the folder that `wayside replay --out` left",
            args.results.display()
        )));
    }
    let certificate: Start = serde_json::from_str(&inputs::text(&certificate_path)?.text)
        .map_err(|error| {
            Failure::input(format!(
                "{} is not a certificate: {error}\n  hint: name the folder that `wayside replay --out` left",
                certificate_path.display()
            ))
        })?;
    if certificate.site != site.id().0 {
        return Err(Failure::input(format!(
            "the results are of site `{}`, the site file is of `{}`\n  hint: give the site file of the replay",
            certificate.site,
            site.id()
        )));
    }
    belongs(&truth, &site, args)?;
    let start = EventTime::parse(&certificate.start).map_err(Failure::input)?;
    let path = args.results.join(VIOLATIONS);
    let lines = parse_lines(&inputs::text(&path)?.text)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    let found: Vec<Found> = lines.iter().map(|line| found(line, start)).collect();
    let tolerance = |rule: &str| {
        let usual = match rule {
            "wrong_way" | "no_stopping" | "box_junction" | "reserved_lane" => STRETCH_S,
            _ => INSTANT_S,
        };
        args.tolerance_s.unwrap_or(usual)
    };
    let scores = scores(&truth, &found, tolerance);
    if args.json {
        let json = serde_json::to_string(&scores)
            .map_err(|error| Failure::failed(format!("the figures cannot be printed: {error}")))?;
        println!("{json}");
    } else {
        print!("{}", table(&scores));
    }
    Ok(())
}

/// Refuses a truth whose approaches are all strange to the site: every event would count as missed.
fn belongs(truth: &Truth, site: &Site, args: &EvalArgs) -> Result<(), Failure> {
    let known = |approach: &String| {
        site.file().lanes.iter().any(|lane| lane.approach.as_ref() == Some(approach))
    };
    let mut named = truth.events.iter().map(|event| &event.approach).filter(|a| !a.is_empty());
    match named.clone().next() {
        Some(first) if !named.any(known) => Err(Failure::input(format!(
            "no approach of {} is in the site file: `{first}` and others\n  hint: is it the truth of another site?",
            args.truth.display()
        ))),
        _ => Ok(()),
    }
}

fn found(line: &OutcomeLine, start: EventTime) -> Found {
    Found {
        id: line.id.clone(),
        rule: line.rule.clone(),
        time_s: line.event_time.since_s(start),
        approach: line.approach.clone(),
        lane: line.lane.clone(),
        quantities: line
            .quantities
            .iter()
            .map(|q| (q.name.clone(), q.value, q.low, q.high))
            .collect(),
    }
}

fn table(scores: &Scores) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{:<16} {:>5} {:>6} {:>6}  {:<22} {:<22} {:>14} {:>9}",
        "rule",
        "found",
        "false",
        "missed",
        "precision (95%)",
        "recall (95%)",
        "time error",
        "intervals"
    );
    for (rule, score) in &scores.rules {
        let _ = writeln!(
            text,
            "{rule:<16} {:>5} {:>6} {:>6}  {:<22} {:<22} {:>14} {:>9}",
            score.true_positives,
            score.false_positives,
            score.false_negatives,
            share(score.precision, score.precision_interval),
            share(score.recall, score.recall_interval),
            time_error(score),
            format!("{}/{}", score.intervals_that_hold, score.intervals),
        );
        for time in &score.missed_at_s {
            let _ = writeln!(text, "    missed at {time:.3} s");
        }
        for (time, id) in &score.false_at_s {
            let _ = writeln!(text, "    false at {time:.3} s, {id}");
        }
    }
    if scores.rules.is_empty() {
        let _ = writeln!(text, "no events in the truth, and none found");
    }
    let _ = writeln!(
        text,
        "{} lawful crossings, {} false alarms for each; {} events left out of recall as hidden",
        scores.clean_crossings,
        scores.false_alarms_per_clean_crossing.map_or("-".to_owned(), |rate| format!("{rate:.4}")),
        scores.left_out_as_hidden
    );
    text
}

fn share(share: Option<f64>, interval: Option<[f64; 2]>) -> String {
    match (share, interval) {
        (Some(share), Some([low, high])) => format!("{share:.3} [{low:.3}, {high:.3}]"),
        _ => "-".to_owned(),
    }
}

fn time_error(score: &Score) -> String {
    match (score.time_error_s_median, score.time_error_s_max) {
        (Some(median), Some(max)) => format!("{median:.3}/{max:.3} s"),
        _ => "-".to_owned(),
    }
}
