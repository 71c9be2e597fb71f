//! `wayside site regions`: where a detector looks, for people and for scripts.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::Path;

use common::{keys, run, sites};

fn regions(site: &Path, arguments: &[&str]) -> common::Ran {
    regions_for("yolox-nano", site, arguments)
}

fn regions_for(model: &str, site: &Path, arguments: &[&str]) -> common::Ran {
    let mut command = common::command(["site", "regions", "--model", model]);
    command.arg(site).args(arguments);
    run(command)
}

#[test]
fn the_regions_are_told_to_people_and_to_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let site = sites::write(dir.path(), sites::SITE, sites::SIGNALS);
    let text = regions(&site, &[]).succeeded();
    assert_eq!(text.stderr, "");
    insta::assert_snapshot!(text.stdout);

    let json = regions(&site, &["--camera", "pole", "--json"]).succeeded().json();
    let mut known = keys(&json);
    known.sort();
    assert_eq!(known, ["camera", "input_px", "model", "people", "regions", "road"]);
    let rects = json["regions"].as_array().unwrap();
    let lines = text.stdout.lines().filter(|line| line.contains(" at (")).count();
    assert_eq!(rects.len(), lines);
    for rect in rects {
        let side = |key: &str| rect[key].as_u64().unwrap();
        assert!(side("width") > 0 && side("x") + side("width") <= 320, "{rect}");
        assert!(side("height") > 0 && side("y") + side("height") <= 180, "{rect}");
    }
}

#[test]
fn what_has_no_regions_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let site = sites::write(dir.path(), sites::SITE, sites::SIGNALS);
    let camera = regions(&site, &["--camera", "mast"]);
    assert_eq!(camera.code, Some(3));
    assert!(camera.stderr.contains("no camera `mast`"), "{}", camera.stderr);
    let model = regions_for("yolo-none", &site, &[]);
    assert_eq!(model.code, Some(3));
    assert!(model.stderr.contains("there is no model `yolo-none`"), "{}", model.stderr);
}
