//! `wayside eval`: the table for people, and what it refuses to compare.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::path::Path;

use common::{plain, root, run, sites};

#[test]
fn eval_refuses_what_does_not_belong_together() {
    let dir = tempfile::tempdir().unwrap();
    let data = root().join("services/wayside/tests/data/small");
    let truth = data.join("truth.csv");
    let (site, out) =
        (sites::write(dir.path(), sites::SITE, sites::SIGNALS), dir.path().join("out"));
    let mut command = common::command(["replay", "--quiet"]);
    command.arg(&site).arg("--tracks").arg(data.join("tracks.csv")).arg("--out").arg(&out);
    run(command).succeeded();
    let eval = |site: &Path, truth: &Path, results: &Path| {
        let mut command = common::command(["eval"]);
        command.arg(site).arg("--truth").arg(truth).arg("--results").arg(results);
        run(command)
    };
    let good = eval(&site, &truth, &out).succeeded();
    assert_eq!(good.stderr, "");
    insta::assert_snapshot!("table", good.stdout);

    let mut text = String::new();
    let mut refused = |title: &str, site: &Path, truth: &Path, results: &Path| {
        let ran = eval(site, truth, results);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""), "{title}: {ran:?}");
        text += &format!("-- {title}\n{}", plain(&ran.stderr, dir.path()));
    };
    let other = dir.path().join("other.toml");
    fs::write(&other, sites::SITE.replace("\"small\"", "\"other\"")).unwrap();
    refused("another site", &other, &truth, &out);
    refused("no truth", &site, &dir.path().join("truth.csv"), &out);
    refused("signals for a truth", &site, &dir.path().join("signals.csv"), &out);
    let wrong = dir.path().join("wrong.csv");
    let good = fs::read_to_string(&truth).unwrap();
    fs::write(&wrong, good.replace(",N", ",X")).unwrap();
    refused("a truth of another site", &site, &wrong, &out);
    refused("no certificate", &site, &truth, dir.path());
    fs::write(out.join("certificate.json"), "{").unwrap();
    refused("half a certificate", &site, &truth, &out);
    insta::assert_snapshot!("refusals", text);
}
