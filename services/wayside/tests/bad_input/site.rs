//! Site files that cannot be judged by.

use std::fs;

use super::Cases;
use crate::common::sites;

#[test]
fn site_files() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    cases.refused("no such site", cases.replay(&[]));
    sites::write(&dir, "", sites::SIGNALS);
    cases.refused("empty site", cases.replay(&[]));
    fs::write(dir.join("site.toml"), [0xff, 0xfe, 0x00]).unwrap();
    cases.refused("not text", cases.replay(&[]));
    cases.refused("a folder", cases.replay_of("", &[]));
    let mut changed = |title: &str, from: &str, to: &str| {
        assert!(sites::SITE.contains(from), "{title}: {from}");
        sites::write(&dir, &sites::SITE.replace(from, to), sites::SIGNALS);
        let command = cases.replay(&[]);
        cases.refused(title, command);
    };
    changed("broken TOML", "[signals]", "[signals");
    changed("unknown key", "width_m = 3.2", "width = 3.2");
    changed("unknown table", "[rules.wrong_way]", "[rules.wrongway]");
    let points: Vec<&str> = sites::SITE.lines().filter(|line| line.contains("image_px")).collect();
    changed("three points", &points[3..].join("\n"), "");
    changed(
        "collinear points",
        &points.join("\n"),
        &(0..4)
            .map(|n| {
                let n = f64::from(n);
                format!(
                    "    {{ image_px = [{}, {}], ground_m = [{}, {}] }},\n",
                    100.0 + 10.0 * n,
                    90.0 + 5.0 * n,
                    210.0 + n,
                    200.0 + 2.0 * n
                )
            })
            .collect::<String>(),
    );
    changed("residual over the limit", "[99.425, 109.575]", "[119.425, 99.575]");
    changed(
        "lane outside the picture",
        "[[222.0, 230.4], [222.0, 300.0]]",
        "[[222.0, -830.4], [222.0, -900.0]]",
    );
    insta::assert_snapshot!(cases.text);
}
