//! From what happened to what a sign says: the built-in templates, their triggers, and what is wrong with a
//! template or a sign of a site file.

use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, EventTime, MotorVehicleClass, Outcome, OutcomeId, RunId, SectionId, SignContent,
    SignMessage, SiteId, Spread, TrackId, TravelTime, Verdict, VoidCause,
};
use wayside_signs::{Composer, SignPlan, Stimulus, Template, Templates};
use wayside_site::Site;

const JUNCTION: &str = include_str!("../../../site/tests/data/junction.toml");
const SECTION: &str = include_str!("../../../site/tests/data/section_entry.toml");
const SIGNS: &str = r#"
[[sign]]
id = "matrix"
kind = "matrix"
width_px = 96
height_px = 24
language = "de"

[[sign.message]]
template = "pedestrians_crossing"
places = ["N"]

[[sign.message]]
template = "red_light"
places = ["Nin"]
count_min = 2
window_s = 60.0

[[sign.message]]
template = "wrong_way"
quiet_hours = ["22:00-05:00"]

[[sign]]
id = "page"
kind = "billboard"

[[sign.message]]
template = "travel_time"
section = "A1"

[[sign.message]]
template = "queue_ahead"
section = "A1"
speed_kmh_max = 15.0

[[sign.message]]
template = "red_light"
priority = 7
hold_s = 44.0
"#;

/// 2026-06-01T07:46:40Z; in Vienna 9:46.
const T0: EventTime = EventTime(1_780_300_000_400_000);

fn site(signs: &str) -> Site {
    Site::parse("site.toml", &format!("{JUNCTION}\n{SECTION}\n{signs}")).expect("a sound file")
}

fn composer() -> Composer {
    let templates = Templates::with(&[]).expect("the built-in ones");
    Composer::new(SignPlan::of_site(&site(SIGNS), &templates).expect("signs"))
}

fn outcome(rule: &'static str, place: &str, time: EventTime) -> Outcome {
    Outcome {
        id: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        rule,
        rule_version: 1,
        site: SiteId::from("junction"),
        camera: CameraId::from("south"),
        run: RunId::from("r"),
        track: TrackId(123_454_321),
        class: MotorVehicleClass::Car,
        event_time: time,
        quantities: Vec::new(),
        signal: None,
        place: place.to_owned(),
        approach: Some("north_arm".to_owned()),
        lane: Some("lane_5".to_owned()),
        verdict: Verdict::Violation,
    }
}

fn section(matched: u32, time_s: f64, speed_ms: f64) -> TravelTime {
    let spread = |median| Spread { median, lower_quartile: median, upper_quartile: median };
    TravelTime {
        section: SectionId::from("A1"),
        time: T0,
        window_s: 60,
        matched,
        entered: matched,
        left: matched,
        abstained: Vec::new(),
        travel_time_s: (matched >= 3).then(|| spread(time_s)),
        mean_speed_ms: (matched >= 3).then(|| spread(speed_ms)),
    }
}

/// What comes of it, a line a message.
fn said(composer: &mut Composer, stimulus: Option<Stimulus>) -> Vec<String> {
    let composed = stimulus.map(|stimulus| composer.take(&stimulus)).unwrap_or_default();
    composed
        .into_iter()
        .map(|composed| {
            let text = composed.text.clone();
            // Whatever is composed keeps the contract.
            SignMessage {
                site: composed.site,
                sign: composed.sign.clone(),
                source: "test".to_owned(),
                time: T0,
                content: SignContent::Text(composed.text),
            }
            .to_bytes()
            .expect("sound");
            let life_s = text.expires.since_s(text.not_before);
            format!(
                "{} {} {} {life_s} s {:?} {:?} {}",
                composed.sign,
                text.slot,
                text.priority,
                text.lines.join(" | "),
                text.pictogram,
                text.multi
            )
        })
        .collect()
}

#[test]
fn what_happened_becomes_what_is_said() {
    let mut composer = composer();
    let person = |crossing: &str| {
        Some(Stimulus::of_pedestrian(SiteId::from("junction"), crossing.to_owned(), T0))
    };
    let mut all = Vec::new();
    all.extend(said(&mut composer, person("N")));
    all.extend(said(&mut composer, Stimulus::of_outcome(&outcome("wrong_way", "Sin_1", T0))));
    all.extend(said(&mut composer, Stimulus::of_outcome(&outcome("red_light", "Nin", T0))));
    all.extend(said(&mut composer, Stimulus::of_travel_time(&section(3, 700.0, 20.0))));
    all.extend(said(&mut composer, Stimulus::of_travel_time(&section(9, 1_900.0, 4.0))));
    insta::assert_snapshot!(all.join("\n"));
    assert!(said(&mut composer, person("E")).is_empty(), "another crossing");
}

#[test]
fn nothing_is_said_of_what_is_not_certain_or_not_many() {
    let mut composer = composer();
    let cause = VoidCause::ALL[0];
    let void = Outcome {
        verdict: Verdict::Void { cause, detail: String::new() },
        ..outcome("wrong_way", "Sin_1", T0)
    };
    assert_eq!(Stimulus::of_outcome(&void), None);
    for matched in 0..3 {
        assert_eq!(Stimulus::of_travel_time(&section(matched, 700.0, 20.0)), None);
    }
    // Figures that a writer should not have told for two vehicles are not shown either.
    let told = TravelTime { matched: 2, ..section(3, 700.0, 20.0) };
    assert_eq!(Stimulus::of_travel_time(&told), None);
    let elsewhere = Outcome { site: SiteId::from("next"), ..outcome("wrong_way", "Sin_1", T0) };
    assert!(said(&mut composer, Stimulus::of_outcome(&elsewhere)).is_empty());
    assert!(
        said(&mut composer, Stimulus::of_outcome(&outcome("no_stopping", "Nout", T0))).is_empty()
    );
}

#[test]
fn what_is_said_has_nothing_of_whoever_it_happened_to() {
    let mut composer = composer();
    let one = outcome("wrong_way", "Sin_1", T0);
    let other = Outcome {
        id: OutcomeId("f".repeat(32)),
        track: TrackId(1),
        class: MotorVehicleClass::Bus,
        run: RunId::from("other"),
        camera: CameraId::from("other"),
        ..one.clone()
    };
    let first = composer.take(&Stimulus::of_outcome(&one).expect("a violation"));
    let second = composer.take(&Stimulus::of_outcome(&other).expect("a violation"));
    assert_eq!(first, second);
    assert!(!format!("{first:?}").contains("123454321"));
}

#[test]
fn where_it_has_to_happen_twice_a_repetition_counts_once() {
    let mut composer = composer();
    let red = |seconds: f64| Stimulus::of_outcome(&outcome("red_light", "Nin", T0.plus_s(seconds)));
    let on_matrix =
        |said: Vec<String>| said.iter().filter(|line| line.starts_with("matrix")).count();
    assert_eq!(on_matrix(said(&mut composer, red(0.0))), 0);
    assert_eq!(on_matrix(said(&mut composer, red(0.0))), 0, "the same again");
    assert_eq!(on_matrix(said(&mut composer, red(61.0))), 0, "too long ago");
    assert_eq!(on_matrix(said(&mut composer, red(90.0))), 1);
}

#[test]
fn quiet_hours_are_local() {
    let mut composer = composer();
    let at = |text: &str| {
        let time = EventTime::parse(text).expect("an instant");
        Stimulus::of_outcome(&outcome("wrong_way", "Sin_1", time))
    };
    assert_eq!(said(&mut composer, at("2026-06-01T19:59:59Z")).len(), 1);
    assert_eq!(said(&mut composer, at("2026-06-01T20:00:00Z")).len(), 0, "22:00 in Vienna");
    assert_eq!(said(&mut composer, at("2026-06-02T02:59:59Z")).len(), 0);
    assert_eq!(said(&mut composer, at("2026-06-02T03:00:00Z")).len(), 1);
}

#[test]
fn the_same_stimuli_give_the_same_messages() {
    let stimuli: Vec<Stimulus> = (0..40)
        .filter_map(|second| {
            let time = T0.plus_s(f64::from(second) / 4.0);
            Stimulus::of_outcome(&outcome("red_light", "Nin", time))
        })
        .collect();
    let run = || {
        let mut composer = composer();
        stimuli.iter().flat_map(|stimulus| composer.take(stimulus)).collect::<Vec<_>>()
    };
    let messages = run();
    assert_eq!(messages, run());
    // Four in a second are one message, with one id.
    let mut ids: Vec<_> = messages.iter().map(|composed| composed.text.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert!(ids.len() < messages.len() / 2, "{} ids of {} messages", ids.len(), messages.len());
}

#[test]
fn every_built_in_template_has_both_languages_and_fits_a_usual_sign() {
    let templates = Templates::with(&[]).expect("the built-in ones");
    for (name, _) in Templates::BUILT_IN {
        let template = templates.get(name).expect("built in");
        assert_eq!(template.texts.keys().collect::<Vec<_>>(), ["de", "en"], "{name}");
        let section = if template.trigger.needs_section() { "section = \"A1\"" } else { "" };
        for language in ["de", "en"] {
            for size in ["width_px = 96\nheight_px = 24", "columns = 16\nrows = 3"] {
                let sign = format!(
                    "[[sign]]\nid = \"s\"\nkind = \"matrix\"\n{size}\nlanguage = \"{language}\"\n\
                     [[sign.message]]\ntemplate = \"{name}\"\n{section}\n"
                );
                let plan = SignPlan::of_site(&site(&sign), &templates);
                assert!(plan.is_ok(), "{name} {language}: {plan:?}");
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_sign_is_said() {
    let templates = Templates::with(&[]).expect("the built-in ones");
    let page = |rest: &str| format!("[[sign]]\nid = \"s\"\nkind = \"billboard\"\n{rest}");
    let matrix = |rest: &str| {
        format!(
            "[[sign]]\nid = \"s\"\nkind = \"matrix\"\ncolumns = 8\nrows = 1\npages_max = 1\n{rest}"
        )
    };
    let snmp = "snmp = { address = \"a:161\", community_file = \"c\" }\n";
    let wrong = [
        page("[[sign.message]]\ntemplate = \"red_lihgt\""),
        page("language = \"fr\"\n[[sign.message]]\ntemplate = \"red_light\""),
        page("[[sign.message]]\ntemplate = \"travel_time\""),
        page("[[sign.message]]\ntemplate = \"red_light\"\nsection = \"A1\""),
        page("[[sign.message]]\ntemplate = \"red_light\"\nspeed_kmh_max = 20.0"),
        matrix("[[sign.message]]\ntemplate = \"pedestrians_crossing\""),
        matrix("[[sign.message]]\ntemplate = \"wrong_way\""),
        matrix(&format!("{snmp}[[sign.message]]\ntemplate = \"red_light\"")),
    ];
    let said: Vec<String> = wrong
        .iter()
        .map(|signs| SignPlan::of_site(&site(signs), &templates).expect_err("refused").to_string())
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn what_is_wrong_with_a_template_is_said() {
    let sound = "on = \"slow\"\nspeed_kmh_max = 20\npriority = 5\nhold_s = 60\n[text]\nen = [\"{minutes} MIN\"]\n";
    assert!(Template::parse("own", sound).is_ok());
    let with = |from: &str, to: &str| {
        assert!(sound.contains(from), "{from}");
        Template::parse("own", &sound.replacen(from, to, 1)).expect_err("refused").to_string()
    };
    let said = [
        with("on = \"slow\"", "on = "),
        with("on = \"slow\"", "on = \"slow\"\ncolour = \"red\""),
        with("on = \"slow\"", "on = \"rain\""),
        with("on = \"slow\"\nspeed_kmh_max = 20", "on = \"violation\""),
        with("on = \"slow\"\nspeed_kmh_max = 20", "on = \"violation\"\nrules = [\"speeding\"]"),
        with(
            "on = \"slow\"\nspeed_kmh_max = 20",
            "on = \"pedestrian_on_red\"\nrules = [\"red_light\"]",
        ),
        with("on = \"slow\"", "on = \"travel_time\""),
        with("speed_kmh_max = 20\n", ""),
        with("priority = 5", "priority = 0"),
        with("priority = 5", "priority = 256"),
        with("hold_s = 60", "hold_s = 1"),
        with("hold_s = 60", "hold_s = 60\npictogram = \"cat\""),
        with("en =", "english ="),
        with("[\"{minutes} MIN\"]", "[]"),
        with("{minutes}", "{plate}"),
        with("{minutes}", "{minutes"),
        with("{minutes} MIN", " "),
        Template::parse("own", &"#".repeat(70_000)).expect_err("refused").to_string(),
    ];
    insta::assert_snapshot!(said.join("\n"));
    let own = Templates::with(&[("red_light".to_owned(), sound.to_owned())]).expect("sound");
    assert_eq!(own.get("red_light").map(|template| template.priority), Some(5), "takes the place");
}
