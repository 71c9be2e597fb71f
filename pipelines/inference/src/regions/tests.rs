use proptest::prelude::*;

use super::worth::worth;
use super::*;

const JUNCTION: &str = include_str!("../../../../site/tests/data/junction.toml");

fn site(text: &str) -> Site {
    Site::parse("site.toml", text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// The same view in a picture of another size: pixels in the file are scaled.
fn scaled(text: &str, factor: f64) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let number = |text: &str| text.trim().parse::<f64>().expect("a number") * factor;
        if let Some((key, value)) = line.split_once("_px = ").filter(|_| !line.contains('[')) {
            lines.push(format!("{key}_px = {}", number(value).round()));
        } else if let Some((before, rest)) = line.split_once("image_px = [") {
            let (pixels, after) = rest.split_once(']').expect("a point");
            let pixels: Vec<_> = pixels.split(',').map(|p| number(p).to_string()).collect();
            lines.push(format!("{before}image_px = [{}]{after}", pixels.join(", ")));
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n")
}

fn check(rects: &[PixelRect], width: u32, height: u32) {
    for r in rects {
        assert!(r.width > 0 && r.height > 0, "{r:?}");
        assert!(r.x + r.width <= width && r.y + r.height <= height, "{r:?}");
        assert!([r.x, r.y, r.width, r.height].iter().all(|n| n % 2 == 0), "{r:?}");
    }
}

/// The best worth of each place over the regions, with its weight.
fn best_worth(places: &[places::Place], rects: &[PixelRect]) -> Vec<(f64, f64)> {
    let of = |place: &places::Place, rect: &PixelRect| {
        let (b, r) = (place.box_px, rect.to_box());
        let inside = b[0] >= f64::from(r.x0)
            && b[1] >= f64::from(r.y0)
            && b[2] <= f64::from(r.x1)
            && b[3] <= f64::from(r.y1);
        let scale = 416.0 / f64::from(rect.width.max(rect.height));
        if inside { worth(b[3] - b[1], scale) } else { 0.0 }
    };
    places.iter().map(|p| (p.weight, rects.iter().map(|r| of(p, r)).fold(0.0, f64::max))).collect()
}

fn mean(worths: &[(f64, f64)]) -> f64 {
    let total: f64 = worths.iter().map(|(weight, _)| weight).sum();
    worths.iter().map(|(weight, worth)| weight * worth).sum::<f64>() / total
}

#[test]
fn the_junction_is_covered() {
    let site = site(JUNCTION);
    let rects = regions(&site, "south", 416);
    check(&rects, 1280, 720);
    assert!((4..=6).contains(&rects.len()), "{rects:?}");
    let camera = site.camera_model("south").expect("the camera");
    let places = places::places(site.file(), camera);
    assert!(places.len() > 300, "{}", places.len());
    let tiled = best_worth(&places, &rects);
    let whole = PixelRect { x: 0, y: 0, width: 1280, height: 720 };
    let untiled = best_worth(&places, &[whole]);
    assert!(mean(&tiled) > 0.75, "{}", mean(&tiled));
    assert!(mean(&tiled) > mean(&untiled) + 0.2, "{} {}", mean(&tiled), mean(&untiled));
    let near_and_unseen = tiled.iter().filter(|(w, worth)| *w >= 3.0 && *worth < 0.2).count();
    let near = tiled.iter().filter(|(w, _)| *w >= 3.0).count();
    assert!(near_and_unseen * 10 <= near, "{near_and_unseen} of {near}");
}

#[test]
fn the_regions_of_the_junction_stay_what_they_are() {
    let rects = regions(&site(JUNCTION), "south", 416);
    let text: Vec<_> =
        rects.iter().map(|r| format!("{}x{} at {},{}", r.width, r.height, r.x, r.y)).collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    260x260 at 636,188
    930x720 at 0,0
    538x538 at 742,62
    448x448 at 0,242
    448x448 at 336,156
    "#);
}

#[test]
fn a_small_picture_gets_few_regions() {
    let rects = regions(&site(&scaled(JUNCTION, 0.5)), "south", 416);
    check(&rects, 640, 360);
    assert!((1..=2).contains(&rects.len()), "{rects:?}");
    let tiny = regions(&site(&scaled(JUNCTION, 0.25)), "south", 416);
    assert_eq!(tiny.len(), 1, "{tiny:?}");
    let large = regions(&site(&scaled(JUNCTION, 3.0)), "south", 416);
    check(&large, 3840, 2160);
    assert_eq!(large.len(), 6);
}

#[test]
fn without_road_the_whole_picture_is_looked_at() {
    let head = JUNCTION.split_once("[[signal_group]]").expect("a head").0;
    let whole = [PixelRect { x: 0, y: 0, width: 1280, height: 720 }];
    assert_eq!(regions(&site(head), "south", 416), whole);
}

#[test]
fn a_camera_that_is_not_there_has_no_regions() {
    assert_eq!(regions(&site(JUNCTION), "north", 416), []);
    assert_eq!(regions(&site(JUNCTION), "south", 0), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn regions_are_sound_for_any_size_and_more_of_them_see_more(
        factor in 0.2f64..2.0, input_px in 64u32..1000, count_max in 1usize..8,
    ) {
        let site = site(&scaled(JUNCTION, factor));
        let (width, height) = site.camera_model("south").expect("the camera").size_px();
        let options = RegionOptions { input_px, count_max, gain_min: 0.0 };
        let rects = regions_with(&site, "south", options);
        check(&rects, width, height);
        prop_assert!(!rects.is_empty() && rects.len() <= count_max);
        prop_assert_eq!(regions_with(&site, "south", options), rects);
    }
}
