use proptest::prelude::*;

use super::worth::{FOUND_USUALLY, worth};
use super::*;

const JUNCTION: &str = include_str!("../../../../site/tests/data/junction.toml");
const EXAMPLE: &str = include_str!("../../../../examples/junction/site.toml");

/// A model that sees small: usable from 16 pixels on, good from 32 to 160.
const SEES_SMALL: [[f64; 2]; 9] = [
    [8.0, 0.0],
    [12.0, 0.35],
    [16.0, 0.70],
    [24.0, 0.84],
    [32.0, 0.91],
    [48.0, 0.95],
    [160.0, 0.95],
    [240.0, 0.70],
    [416.0, 0.30],
];

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
        if inside { worth(&FOUND_USUALLY, b[3] - b[1], scale) } else { 0.0 }
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
    448x448 at 832,272
    "#);
}

#[test]
fn a_small_picture_gets_few_regions() {
    let rects = regions(&site(&scaled(JUNCTION, 0.5)), "south", 416);
    check(&rects, 640, 360);
    assert!((1..=3).contains(&rects.len()), "{rects:?}");
    let tiny = regions(&site(&scaled(JUNCTION, 0.25)), "south", 416);
    assert_eq!(tiny.len(), 1, "{tiny:?}");
    let large = regions(&site(&scaled(JUNCTION, 3.0)), "south", 416);
    check(&large, 3840, 2160);
    assert!((6..=10).contains(&large.len()), "{large:?}");
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

/// Regions without regard to people, for comparison.
fn for_vehicles(site: &Site, camera: &str, options: RegionOptions<'_>) -> Vec<PixelRect> {
    let model = site.camera_model(camera).expect("the camera");
    let (windows, places) = (windows(even_size(model), 416), places(site.file(), model));
    choose(&windows, &places, even_size(model), options)
}

/// What both junctions show to both kinds of model: number of regions, share of the places of
/// people at 16 and 24 pixels or more in the input, of those of cars near the lines at 16 and 40 or
/// more, and of those where a car is that large in the picture itself.
#[test]
fn people_are_looked_for_wherever_they_can_stand() {
    let mut table = String::from(
        "site, model: regions (without people), people 16 px, 24 px; cars 16 px, 40 px, 40 px of those that are\n",
    );
    for (name, text, camera) in [("example", EXAMPLE, "north"), ("sample", JUNCTION, "south")] {
        let site = site(text);
        let model = site.camera_model(camera).expect("the camera");
        let people = people(site.file(), model);
        let mut cars = places(site.file(), model);
        cars.retain(|place| place.kind == places::Kind::Car && place.weight > 1.0);
        let mut large = cars.clone();
        large.retain(|place| place.height_px() >= 40.0);
        assert!(people.len() > 900 && cars.len() > 250 && large.len() > 50);
        for (curve, found) in [("usual", &[][..]), ("sees small", &SEES_SMALL[..])] {
            let options = RegionOptions::for_model(416, found);
            let before = for_vehicles(&site, camera, options);
            let rects = regions_with(&site, camera, options);
            let windows: Vec<_> =
                rects.iter().map(|r| window::Window::new(*r, model.size_px(), 416)).collect();
            let share = |places: &[places::Place], height_px: f64| {
                survey::share(places, &windows, height_px).expect("places")
            };
            assert_eq!(share(&people, 16.0), 1.0, "{name} {curve}");
            assert!(share(&cars, 16.0) > 0.99, "{name} {curve}");
            let seen = [
                share(&people, 16.0),
                share(&people, 24.0),
                share(&cars, 16.0),
                share(&cars, 40.0),
                share(&large, 40.0),
            ];
            let seen = seen.map(|share| format!("{:.1} %", share * 100.0)).join(", ");
            table += &format!("{name}, {curve}: {} ({}), {seen}\n", rects.len(), before.len());
        }
    }
    insta::assert_snapshot!(table, @r#"
    site, model: regions (without people), people 16 px, 24 px; cars 16 px, 40 px, 40 px of those that are
    example, usual: 7 (6), 100.0 %, 91.3 %, 100.0 %, 31.8 %, 76.2 %
    example, sees small: 5 (5), 100.0 %, 81.3 %, 100.0 %, 21.8 %, 73.8 %
    sample, usual: 6 (5), 100.0 %, 91.2 %, 100.0 %, 44.2 %, 85.6 %
    sample, sees small: 4 (4), 100.0 %, 86.2 %, 100.0 %, 30.6 %, 51.7 %
    "#);
}

#[test]
fn a_model_that_sees_small_gets_fewer_and_larger_regions() {
    for (text, camera) in [(EXAMPLE, "north"), (JUNCTION, "south")] {
        let site = site(text);
        let usual = regions(&site, camera, 416);
        let small = regions_with(&site, camera, RegionOptions::for_model(416, &SEES_SMALL));
        assert!(small.len() < usual.len(), "{small:?} {usual:?}");
        let mean = |rects: &[PixelRect]| {
            rects.iter().map(|r| f64::from(r.width.max(r.height))).sum::<f64>() / rects.len() as f64
        };
        assert!(mean(&small) > mean(&usual), "{small:?} {usual:?}");
    }
}

#[test]
fn people_cost_vehicles_next_to_nothing() {
    for (text, camera) in [(EXAMPLE, "north"), (JUNCTION, "south")] {
        let site = site(text);
        let places = places(site.file(), site.camera_model(camera).expect("the camera"));
        let (usual, own) = (RegionOptions::new(416), RegionOptions::for_model(416, &SEES_SMALL));
        for options in [usual, own] {
            let (before, after) =
                (for_vehicles(&site, camera, options), regions_with(&site, camera, options));
            let worth = |rects: &[PixelRect]| mean(&best_worth(&places, rects));
            assert!(worth(&after) > worth(&before) - 0.01, "{after:?} {before:?}");
            if options == usual {
                assert_eq!(after[..before.len()], before, "regions are only added");
            }
        }
    }
}

#[test]
fn a_place_for_people_that_nothing_shows_gets_a_region_more() {
    // One region for vehicles cannot show all of a junction.
    let site = site(JUNCTION);
    let share = |people_count_max| {
        let options = RegionOptions { count_max: 1, people_count_max, ..RegionOptions::new(416) };
        let rects = regions_with(&site, "south", options);
        assert!(rects.len() <= 1 + people_count_max, "{rects:?}");
        survey(&site, "south", &rects, options).and_then(|s| s.people).expect("people")
    };
    let shares: Vec<f64> = (0..=4).map(share).collect();
    assert!(shares.is_sorted() && shares[0] < 0.95 && shares[4] > 0.99, "{shares:?}");
}

#[test]
fn a_survey_says_what_regions_show() {
    let site = site(JUNCTION);
    let options = RegionOptions::new(416);
    let rects = regions_with(&site, "south", options);
    let found = survey(&site, "south", &rects, options).expect("the camera");
    let percent =
        |share: Option<f64>| share.map_or("-".to_owned(), |s| format!("{:.0} %", s * 100.0));
    let mut text = format!(
        "road {} (large {}), people {} (large {})\n",
        percent(found.road),
        percent(found.road_large),
        percent(found.people),
        percent(found.people_large)
    );
    for region in &found.regions {
        let [low, high] = region.car_px.expect("cars");
        text += &format!(
            "{}x{}: {:.2}, cars {low:.0} to {high:.0} px, road {}, people {}\n",
            region.rect.width,
            region.rect.height,
            region.scale,
            percent(region.road),
            percent(region.people)
        );
    }
    insta::assert_snapshot!(text, @r#"
    road 94 % (large 36 %), people 100 % (large 91 %)
    260x260: 1.60, cars 18 to 66 px, road 60 %, people 53 %
    930x720: 0.45, cars 49 to 71 px, road 32 %, people 43 %
    538x538: 0.77, cars 39 to 51 px, road 20 %, people 27 %
    448x448: 0.93, cars 35 to 94 px, road 12 %, people 17 %
    448x448: 0.93, cars 29 to 90 px, road 29 %, people 45 %
    448x448: 0.93, cars 41 to 53 px, road 5 %, people 12 %
    "#);
    assert_eq!(survey(&site, "nowhere", &rects, options), None);
    let nothing = survey(&site, "south", &[], options).expect("the camera");
    assert_eq!((nothing.road, nothing.people), (Some(0.0), Some(0.0)));
    let head = JUNCTION.split_once("[[signal_group]]").expect("a head").0;
    let empty = Site::parse("site.toml", head).expect("a site");
    let whole = regions(&empty, "south", 416);
    let empty = survey(&empty, "south", &whole, options).expect("the camera");
    assert_eq!((empty.road, empty.people, empty.regions[0].car_px), (None, None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn regions_are_sound_for_any_size_and_more_of_them_see_more(
        factor in 0.2f64..2.0, input_px in 64u32..1000, count_max in 1usize..8,
    ) {
        let site = site(&scaled(JUNCTION, factor));
        let (width, height) = site.camera_model("south").expect("the camera").size_px();
        let options = RegionOptions { count_max, gain_min: 0.0, ..RegionOptions::new(input_px) };
        let rects = regions_with(&site, "south", options);
        check(&rects, width, height);
        let most = count_max + options.people_count_max;
        prop_assert!(!rects.is_empty() && rects.len() <= most);
        prop_assert_eq!(regions_with(&site, "south", options), rects);
    }
}
