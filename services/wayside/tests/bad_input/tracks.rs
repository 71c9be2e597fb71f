//! Tracks files that end or lie.

use std::fs;

use super::Cases;
use crate::common::{lines, object, plain, run, sites};

fn ready() -> Cases {
    let cases = Cases::new();
    sites::write(cases.path(), sites::SITE, sites::SIGNALS);
    cases
}

#[test]
fn from_the_first_row_on() {
    let mut cases = ready();
    let head = sites::TRACKS_HEAD;
    let row = |time: f64, id: &str| sites::southbound(time, id, 240.0, 12.0);
    cases.refused("no such tracks", cases.replay(&["--tracks", "tracks.csv"]));
    let crowd: String = (0..1_000_000).map(|id| row(0.0, &id.to_string())).collect();
    for (title, text) in [
        ("empty", String::new()),
        ("head alone", head.to_owned()),
        ("no head", row(0.0, "1")),
        ("NaN", head.to_owned() + &row(0.0, "1").replace("218.4", "NaN")),
        ("infinite speed", head.to_owned() + &row(0.0, "1").replace(",12,", ",inf,")),
        ("unknown class", head.to_owned() + &row(0.0, "1").replace("car", "tram")),
        ("too few columns", head.to_owned() + "0,1,car,1\n"),
        ("backwards", head.to_owned() + &row(1.0, "1") + &row(0.9, "1")),
        ("twice at one instant", head.to_owned() + &row(1.0, "1") + &row(1.0, "1")),
        ("a million rows of one instant", head.to_owned() + &crowd),
        ("one endless line", "x".repeat(1 << 20)),
    ] {
        fs::write(cases.path().join("tracks.csv"), text).unwrap();
        cases.refused(title, cases.replay(&["--tracks", "tracks.csv"]));
    }
    let gzip_head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1];
    fs::write(cases.path().join("tracks.csv"), gzip_head).unwrap();
    cases.refused("truncated gzip", cases.replay(&["--tracks", "tracks.csv"]));
    insta::assert_snapshot!(cases.text);
}

/// What came before the bad row is kept, and marked as partial.
#[test]
fn after_good_rows() {
    let mut cases = ready();
    let good = sites::tracks(sites::crossing(8.0, "1"));
    let row = sites::southbound(11.1, "1", 190.0, 12.0);
    for (title, bad) in [
        ("NaN", row.replace("218.4", "NaN")),
        ("backwards", sites::southbound(3.0, "1", 190.0, 12.0)),
        ("twice at one instant", row.clone() + &row),
        ("cut in the middle of a row", "11.10,1,car,218".to_owned()),
    ] {
        fs::write(cases.path().join("tracks.csv"), format!("{good}{bad}")).unwrap();
        let ran = run(cases.replay(&["--tracks", "tracks.csv", "--json"]));
        assert_eq!(ran.code, Some(4), "{title}: {ran:?}");
        assert_eq!(object(&cases.out().join("certificate.json"))["partial"], true, "{title}");
        let found = lines(&cases.out().join("violations.jsonl"));
        assert_eq!(found.len(), 1, "{title}: the runner before the bad row is kept");
        let report = fs::read_to_string(cases.out().join("report.html")).unwrap();
        assert!(report.contains("broke off"), "{title}");
        let cause = ran.json()["partial"].as_str().unwrap().to_owned();
        let cause = plain(&cause, cases.path());
        cases.text += &format!("-- {title}: exit 4\n{cause}\n");
    }
    insta::assert_snapshot!(cases.text);
}

/// Results of an earlier replay do not stay where a later one fails.
#[test]
fn older_results_are_not_taken_for_new_ones() {
    let mut cases = ready();
    fs::write(cases.path().join("tracks.csv"), sites::tracks(sites::crossing(8.0, "1"))).unwrap();
    run(cases.replay(&["--tracks", "tracks.csv"])).succeeded();
    assert!(cases.out().join("certificate.json").exists());
    let bad = sites::southbound(0.0, "1", 240.0, 12.0).replace("218.4", "NaN");
    fs::write(cases.path().join("bad.csv"), format!("{}{bad}", sites::TRACKS_HEAD)).unwrap();
    cases.refused("after good results", cases.replay(&["--tracks", "bad.csv"]));
}
