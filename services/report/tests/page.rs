//! What stands in the page.

mod common;

use common::{nothing, site, something};
use wayside_proto::{EventTime, RoadUserClass, TrackId};
use wayside_report::{ReportData, TrackPath, render};

/// The text that a person reads, one piece a line: without style, script, markup and pictures.
fn text(page: &str) -> String {
    let main = page.split_once("<header>").map_or(page, |(_, rest)| rest);
    let main = main.split_once("<script>").map_or(main, |(rest, _)| rest);
    let mut out = String::new();
    for piece in main.split('<') {
        let shown = piece.split_once('>').map_or(piece, |(_, rest)| rest).trim();
        if !shown.is_empty() {
            out.push_str(shown);
            out.push('\n');
        }
    }
    out
}

/// Pictures as their length, so that a snapshot shows the skeleton.
fn skeleton(page: &str) -> String {
    let body = page.split_once("<main").map_or(page, |(_, rest)| rest);
    let body = body.split_once("<script>").map_or(body, |(rest, _)| rest);
    let mut out = String::from("<main");
    for (index, piece) in body.split("data:image/jpeg;base64,").enumerate() {
        if index == 0 {
            out.push_str(piece);
            continue;
        }
        let (picture, rest) = piece.split_once('"').unwrap_or((piece, ""));
        out.push_str(&format!("[{} characters]\"{rest}", picture.len()));
    }
    out.replace("><", ">\n<")
}

#[test]
fn a_page_with_a_violation() {
    let site = site("Small junction");
    let page = render(&site, &something(&site)).expect("a page");
    insta::assert_snapshot!(skeleton(&page));
}

#[test]
fn what_a_page_with_a_violation_says() {
    let site = site("Small junction");
    insta::assert_snapshot!(text(&render(&site, &something(&site)).expect("a page")));
}

#[test]
fn what_an_empty_page_says() {
    let site = site("Small junction");
    insta::assert_snapshot!(text(&render(&site, &nothing(&site)).expect("a page")));
}

#[test]
fn a_model_for_other_footage_is_told_before_anything_else() {
    let site = site("Small junction");
    let mut data = something(&site);
    assert!(!text(&render(&site, &data).expect("a page")).contains("not to be relied on"));
    data.unfit = Some("The model was made for simulations.".to_owned());
    let page = render(&site, &data).expect("a page");
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}"));
    assert!(at("role=\"alert\"") < at("class=\"headline\""));
    assert!(at("The model was made for simulations.") < at("class=\"headline\""));
}

#[test]
fn the_page_loads_nothing() {
    let site = site("Small junction");
    let page = render(&site, &something(&site)).expect("a page");
    for forbidden in ["http://", "https://", "src=\"/", "url(", "@import", "<link", "<iframe"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn names_from_outside_are_escaped() {
    let evil = "<script>alert(1)</script>\"'&";
    let site = site(evil);
    let mut data = something(&site);
    data.title = evil.to_owned();
    data.camera = evil.to_owned();
    data.video = Some(evil.to_owned());
    data.warnings = vec![evil.to_owned()];
    data.notices = vec![evil.to_owned()];
    data.unfit = Some(evil.to_owned());
    data.models[0].made_for = evil.to_owned();
    data.program_version = evil.to_owned();
    data.digests[0].name = evil.to_owned();
    data.lane_flows[0].lane = evil.to_owned();
    data.pedestrian_on_red[0].crossing = evil.to_owned();
    data.outcomes[0].stills[0].caption = evil.to_owned();
    for outcome in [&mut data.outcomes[0].outcome, &mut data.voids[0]] {
        outcome.place = evil.to_owned();
        outcome.approach = Some(evil.to_owned());
        outcome.lane = Some(evil.to_owned());
        outcome.id.0 = evil.to_owned();
    }
    let page = render(&site, &data).expect("a page");
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("\"'&"));
    // The page has one script, its own.
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let site = site("Small junction");
    let data = something(&site);
    assert_eq!(render(&site, &data).expect("a page"), render(&site, &data).expect("a page"));
}

#[test]
fn a_span_that_ends_before_it_begins_is_refused() {
    let site = site("Small junction");
    let mut data: ReportData = nothing(&site);
    data.span.to = data.span.from.plus_s(-1.0);
    let error = render(&site, &data).expect_err("an error");
    insta::assert_snapshot!(error, @"the report's span ends at 2026-06-01T06:59:59.000000Z, before it begins at 2026-06-01T07:00:00.000000Z; hint: check the recording's start in the site file");
}

#[test]
fn many_and_odd_paths_stay_below_a_megabyte() {
    let site = site("Small junction");
    let mut data = nothing(&site);
    let start: EventTime = site.start();
    for id in 0..4000u64 {
        let points_m = (0..60)
            .map(|i| {
                let turn = f64::from(i) * 0.7 + id as f64;
                let odd = if i == 7 { f64::NAN } else { 0.0 };
                (
                    start.plus_s(f64::from(i)),
                    [libm::sin(turn) * 40.0 + odd, f64::from(i % 13) * 6.0],
                )
            })
            .collect();
        data.tracks.push(TrackPath { id: TrackId(id), class: RoadUserClass::Car, points_m });
    }
    let page = render(&site, &data).expect("a page");
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(!page.contains("NaN"));
    assert!(page.contains("so that the page stays small"));
}
