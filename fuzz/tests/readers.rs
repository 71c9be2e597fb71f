//! The short form of `make fuzz`: the same search with a fixed seed and a bounded number of inputs.

use std::time::Duration;

use wayside_fuzz::run::{Budget, search};
use wayside_fuzz::targets::{TARGETS, Target};

const BUDGET: Budget = Budget { inputs_max: 4_000, time_max: Duration::from_secs(8) };

fn holds(name: &str, answers_min: usize) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a reader of this name");
    let found = match search(target, 1, BUDGET) {
        // A slow machine comes to few inputs in that time: the same ones again, and more.
        Ok(report) if report.answers < answers_min => {
            search(target, 1, Budget { time_max: Duration::from_secs(600), ..BUDGET })
        }
        found => found,
    };
    match found {
        // Few answers would mean that the search is stuck at the door.
        Ok(report) => assert!(report.answers >= answers_min, "only {report:?}"),
        Err(finding) => {
            panic!("{name}: {}\n{}", finding.problem, String::from_utf8_lossy(&finding.input));
        }
    }
}

#[test]
fn site_files() {
    holds("site", 10);
}

#[test]
fn signals_as_csv() {
    holds("signals-csv", 5);
}

#[test]
fn signals_as_json_lines() {
    holds("signals-jsonl", 5);
}

#[test]
fn tracks() {
    holds("tracks", 10);
}

#[test]
fn packages() {
    holds("package", 10);
}

/// The search itself: it finds a panic, an answer that must not be, and nothing where nothing is.
#[test]
fn the_search_finds_what_is_there() {
    fn panics(input: &[u8]) -> Result<String, String> {
        assert!(!input.contains(&b'\n'), "a line break");
        Ok("sound".to_owned())
    }
    fn objects(input: &[u8]) -> Result<String, String> {
        if input.len() > 12 { Err("long".to_owned()) } else { Ok("sound".to_owned()) }
    }
    fn accepts(_: &[u8]) -> Result<String, String> {
        Ok("sound".to_owned())
    }
    let with = |check| Target { name: "probe", seeds: || vec![b"a,b,c".to_vec()], check };
    assert_eq!(search(&with(panics), 1, BUDGET).expect_err("a panic").problem, "panic");
    assert_eq!(search(&with(objects), 1, BUDGET).expect_err("an objection").problem, "long");
    assert!(search(&with(accepts), 1, BUDGET).is_ok());
}
