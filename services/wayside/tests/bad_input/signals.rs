//! Signal logs that contradict themselves.

use std::fs;

use super::Cases;
use crate::common::sites;

#[test]
fn signal_logs() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    let site = sites::write(&dir, sites::SITE, "");
    fs::write(dir.join("tracks.csv"), sites::tracks(sites::crossing(8.0, "1"))).unwrap();
    let tracks = ["--tracks", "tracks.csv"];
    cases.refused("empty", cases.replay(&tracks));
    fs::remove_file(site.with_file_name("signals.csv")).unwrap();
    cases.refused("no such log", cases.replay(&tracks));
    cases.refused("no such --signals", cases.replay(&["--tracks", "tracks.csv", "--signals", "s"]));
    for (title, rows) in [
        ("two states at once", "0,N,green\n5,N,red\n5,N,green\n"),
        ("time jumps backwards", "0,N,green\n5,N,red\n4,N,green\n"),
        ("unknown group", "0,S,green\n"),
        ("unknown state", "0,N,blue\n"),
        ("no number", "0,N,green\nNaN,N,red\n"),
        ("epoch", "1780000000,N,green\n"),
    ] {
        sites::write(&dir, sites::SITE, &format!("time_s,group,state\n{rows}"));
        cases.refused(title, cases.replay(&tracks));
    }
    insta::assert_snapshot!(cases.text);
}
