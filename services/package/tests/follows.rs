//! From every package the very violation follows again, and each quantity is explained.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{ROAD, User, draft_of, red_light, seal, site};
use wayside_package::{Draft, DraftError, Holds, Package, Part, observations_needed, replay};
use wayside_proto::RoadUserClass::{Car, Person};
use wayside_proto::{Content, Moment, Quantity, Unit, Verdict, VoidCause};

/// One violation of each rule that one camera judges.
fn each_rule() -> Vec<(&'static str, Draft)> {
    let car = |path: Vec<(f64, f64, f64)>| User(Car, path);
    let straight = |y: f64| vec![(0.0, -80.0, y), (20.0, 120.0, y)];
    // Early in the day, when the lane of buses is for buses.
    let morning = ROAD.replace("12:00:00Z", "05:30:00Z");
    let early = |path| vec![(0.0, -80.0, -1.75), path, (14.0, 60.0, -1.75)];
    vec![
        ("red_light", red_light()),
        (
            "stop_line",
            draft_of(
                ROAD,
                "stop_line",
                &[car(vec![
                    (0.0, -80.0, -1.75),
                    (8.0, 0.0, -1.75),
                    (8.3, 1.5, -1.75),
                    (40.0, 1.5, -1.75),
                    (41.0, 1.6, -1.75),
                ])],
                80.0,
            ),
        ),
        (
            "wrong_way",
            draft_of(
                ROAD,
                "wrong_way",
                &[car(vec![(0.0, 100.0, -1.75), (4.0, 60.0, -1.75)])],
                20.0,
            ),
        ),
        (
            "illegal_turn",
            draft_of(
                ROAD,
                "illegal_turn",
                &[car(vec![
                    (0.0, -30.0, -1.75),
                    (3.0, 0.0, -1.75),
                    (4.0, 10.0, -1.75),
                    (5.0, 10.0, -12.0),
                ])],
                20.0,
            ),
        ),
        (
            "box_junction",
            draft_of(
                ROAD,
                "box_junction",
                &[car(vec![
                    (0.0, -30.0, -1.75),
                    (4.2, 12.0, -1.75),
                    (19.2, 12.0, -1.75),
                    (25.0, 60.0, -1.75),
                ])],
                40.0,
            ),
        ),
        ("reserved_lane", draft_of(&morning, "reserved_lane", &[car(straight(-5.25))], 30.0)),
        (
            "no_stopping",
            draft_of(
                ROAD,
                "no_stopping",
                &[car(vec![
                    (0.0, 30.0, -3.0),
                    (4.0, 70.0, -3.0),
                    (60.0, 70.0, -3.0),
                    (64.0, 110.0, -3.0),
                ])],
                80.0,
            ),
        ),
        (
            "crossing_yield",
            draft_of(
                ROAD,
                "crossing_yield",
                &[
                    car(early((4.0, -40.0, -1.75))),
                    User(Person, vec![(3.0, 40.0, -7.5), (20.0, 40.0, 4.0)]),
                ],
                40.0,
            ),
        ),
    ]
}

#[test]
fn the_violation_of_every_rule_follows_from_its_package() {
    for (rule, draft) in each_rule() {
        let sealed = seal(&draft);
        assert!(sealed.follows, "{rule}");
        let package = Package::open(&sealed.bytes).unwrap();
        let replayed = replay(&package);
        assert_eq!(replayed.holds, Holds::Yes, "{rule}: {replayed:?}");
        assert_eq!(package.outcome().unwrap(), draft.outcome, "{rule}");
        let needed = observations_needed(&site(&draft.site_toml), rule);
        let kept = package.observations().unwrap();
        let event = draft.outcome.event_time;
        assert!(event.since_s(kept[0].time) <= needed.before_s, "{rule}");
        assert!(kept[kept.len() - 1].time.since_s(event) <= needed.after_s, "{rule}");
    }
}

#[test]
fn every_quantity_is_explained_in_words_and_numbers() {
    for (rule, draft) in each_rule() {
        let sealed = seal(&draft);
        let package = Package::open(&sealed.bytes).unwrap();
        let page = std::str::from_utf8(package.part(Part::Quantities)).unwrap();
        for quantity in &package.manifest().quantities {
            assert!(page.contains(&quantity.derivation));
            assert_ne!(quantity.formula, "as the rule defines it", "{rule} {}", quantity.name);
        }
        insta::assert_snapshot!(format!("quantities_{rule}"), page);
    }
}

#[test]
fn the_manifest_says_everything() {
    let sealed = seal(&red_light());
    let package = Package::open(&sealed.bytes).unwrap();
    let text = std::str::from_utf8(package.part(Part::Manifest)).unwrap();
    insta::assert_snapshot!("manifest", text);
    let track = std::str::from_utf8(package.part(Part::Track)).unwrap();
    insta::assert_snapshot!("track_begins", track.lines().take(3).collect::<Vec<_>>().join("\n"));
    let signals = std::str::from_utf8(package.part(Part::Signals)).unwrap();
    insta::assert_snapshot!("signals", signals);
}

#[test]
fn a_package_takes_no_more_of_a_long_recording_than_it_needs() {
    let mut long = red_light();
    let car = User(Car, vec![(300.0, -80.0, -1.75), (320.0, 120.0, -1.75)]);
    let site = site(ROAD);
    long.observations = common::observations(&site, &[car], 600.0);
    for record in &mut long.signals {
        record.time = record.time.plus_s(300.0);
    }
    let mut found = common::violations(&site, &long.observations, &long.signals);
    found.retain(|outcome| outcome.rule == "red_light");
    long.outcome = found.remove(0);
    long.clip.violation = long.outcome.id.clone();
    let sealed = seal(&long);
    let package = Package::open(&sealed.bytes).unwrap();
    let kept = package.observations().unwrap();
    assert!(sealed.follows && kept.len() < 120, "{}", kept.len());
    assert_eq!(replay(&package).holds, Holds::Yes);
}

#[test]
fn what_does_not_follow_is_told() {
    // A draft whose outcome was made nicer than the rules found it.
    let mut nicer = red_light();
    nicer.outcome.quantities[0].value += 1e-9;
    let sealed = seal(&nicer);
    assert!(!sealed.follows);
    let replayed = replay(&Package::open(&sealed.bytes).unwrap());
    assert_eq!(replayed.holds, Holds::NotShown);
    insta::assert_snapshot!(replayed.sentence, @"The rules did not give this outcome again from the observations at hand: some were missing when it was sealed.");
    // Observations that begin too late.
    let mut late = red_light();
    late.observations.drain(..81);
    assert!(!seal(&late).follows);
}

/// What two cameras saw cannot follow from one: the package says so, and explains the quantities all the same.
#[test]
fn a_speed_over_a_section_is_explained_and_not_shown() {
    let mut draft = red_light();
    let quantity = |name, value: f64, by: f64, unit| Quantity {
        name,
        value,
        low: Some(value - by),
        high: Some(value + by),
        unit,
    };
    draft.outcome.rule = "section_speed";
    draft.outcome.signal = None;
    draft.outcome.place = "A1".to_owned();
    draft.outcome.quantities = vec![
        quantity("mean_speed", 25.0, 0.5, Unit::MetrePerSecond),
        quantity("travel_time", 40.0, 0.2, Unit::Second),
        quantity("distance", 1_000.0, 1.0, Unit::Metre),
        quantity("spot_speed_entry", 24.5, 1.0, Unit::MetrePerSecond),
        quantity("spot_speed_exit", 25.5, 1.0, Unit::MetrePerSecond),
    ];
    let section = r#"
[rules.section_speed]
tolerance_kmh = 5.0

[[section]]
id = "A1"
length_m = 1000.0
limit_kmh = 70.0
entry = { site = "elsewhere" }
exit = { camera = "camera", line_m = [[10.0, 0.0], [10.0, -7.0]], direction_deg = 90.0 }
"#;
    draft.site_toml = format!("{ROAD}{section}");
    let sealed = seal(&draft);
    assert!(!sealed.follows);
    let package = Package::open(&sealed.bytes).unwrap();
    let replayed = replay(&package);
    assert_eq!(replayed.holds, Holds::NotShown);
    insta::assert_snapshot!(replayed.sentence, @"A speed over a section follows from what two cameras saw; the observations of one do not show it.");
    let page = std::str::from_utf8(package.part(Part::Quantities)).unwrap();
    insta::assert_snapshot!("quantities_section_speed", page);
}

#[test]
fn drafts_that_are_no_evidence_are_refused() {
    let refused = |change: &dyn Fn(&mut Draft)| {
        let mut draft = red_light();
        change(&mut draft);
        let link = wayside_package::ChainLink::first();
        draft.seal(&common::key(7), &link, common::sealed_at()).expect_err("refused").to_string()
    };
    let said: Vec<String> = vec![
        refused(&|d| {
            d.outcome.verdict = Verdict::Void { cause: VoidCause::Gap, detail: String::new() }
        }),
        refused(&|d| d.clip.violation.0 = "of another".to_owned()),
        refused(&|d| d.site_toml = ROAD.replace("\"road\"", "\"other\"")),
        refused(&|d| d.site_toml = "schema = 1".to_owned()),
        refused(&|d| d.clip.stills.truncate(2)),
        refused(&|d| d.clip.stills.swap(0, 1)),
        refused(&|d| d.clip.stills[2].moment = Moment::Before),
        refused(&|d| d.clip.frames.clear()),
        refused(&|d| d.clip.frames.reverse()),
        refused(&|d| d.clip.mp4.clear()),
        refused(&|d| d.clip.stills[0].jpeg = vec![1; (16 << 20) + 1]),
        refused(&|d| d.observations.clear()),
        refused(&|d| {
            for observation in &mut d.observations {
                observation.content = Content::Tracks { tracks: Vec::new(), skipped_still: true };
            }
        }),
    ];
    insta::assert_snapshot!("drafts_refused", said.join("\n"));
    let mut draft = red_light();
    draft.outcome.verdict = Verdict::Void { cause: VoidCause::Gap, detail: String::new() };
    let error =
        draft.seal(&common::key(7), &wayside_package::ChainLink::first(), common::sealed_at());
    assert!(matches!(error, Err(DraftError::NotAViolation(_))));
}
