//! Sections: what follows from them, and whether two files agree.

use wayside_proto::{MotorVehicleClass, SectionEnd};
use wayside_site::geometry::Vec2;
use wayside_site::{Site, sections_agree};

const JUNCTION: &str = include_str!("data/junction.toml");
const ENTRY: &str = include_str!("data/section_entry.toml");
const EXIT: &str = include_str!("data/section.toml");

fn site(id: &str, section: &str) -> Site {
    let text = JUNCTION.replacen("id = \"junction\"", &format!("id = \"{id}\""), 1);
    // The rule stands where the section ends.
    let rule =
        if section.contains("[section.exit]\ncamera") { "[rules.section_speed]" } else { "" };
    let text = format!("{text}\n{rule}\n\n{section}");
    Site::parse(&format!("{id}.toml"), &text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[test]
fn gates_know_their_way() {
    let (last, next) = (site("last", ENTRY), site("next", EXIT));
    assert_eq!((last.warnings(), next.warnings()), (&[][..], &[][..]));
    let entry = last.section_gate("A1", SectionEnd::Entry).expect("a gate");
    assert!((entry.direction - Vec2::new(0.0, -1.0)).norm() < 1e-9, "{entry:?}");
    assert_eq!(entry.lanes, ["Nin_1", "Nin_2"]);
    let exit = next.section_gate("A1", SectionEnd::Exit).expect("a gate");
    assert!((exit.direction - Vec2::new(0.0, -1.0)).norm() < 1e-9, "{exit:?}");
    assert!(exit.lanes.is_empty());
    assert_eq!(last.section_gate("A1", SectionEnd::Exit), None);
    assert_eq!(last.section_gate("A2", SectionEnd::Entry), None);
}

#[test]
fn defaults_follow_from_the_length() {
    let site = site("last", ENTRY);
    let section = site.section("A1").expect("a section");
    assert_eq!(section.length_sigma_m_or_default(), 1.2);
    // 1200 m at 10 km/h are 432 s; an expiry of 600 s allows 255.
    assert_eq!(section.travel_time_s_max_or_default(), 255.0);
    assert!((section.travel_time_s_min() - 1_196.4 / 250.0 * 3.6).abs() < 1e-9);
    assert_eq!(section.limit_kmh_of(MotorVehicleClass::Car), Some(80.0));
    assert_eq!(section.limit_kmh_of(MotorVehicleClass::Truck), Some(60.0));
    assert_eq!(section.limit_kmh_of(MotorVehicleClass::Bus), Some(80.0));
    assert_eq!(section.title(), "Main street, southbound");
}

#[test]
fn files_that_agree_say_nothing() {
    let (last, next) = (site("last", ENTRY), site("next", EXIT));
    assert_eq!(sections_agree(&last, &next), []);
    assert_eq!(sections_agree(&next, &last), []);
    let stranger = site("stranger", "");
    assert_eq!(sections_agree(&last, &stranger), []);
}

#[test]
fn files_that_disagree_say_where() {
    let told = |entry: &str, exit: &str| -> String {
        let (last, next) = (site("last", entry), site("next", exit));
        sections_agree(&last, &next).iter().map(|found| format!("{found}\n")).collect()
    };
    let changed = EXIT
        .replacen("1200.0", "1210.0", 1)
        .replacen("limit_truck_kmh = 60.0", "expiry_s = 700.0", 1)
        .replacen("site = \"last\"", "site = \"elsewhere\"", 1);
    let renamed = EXIT.replacen("\"A1\"", "\"A-1\"", 1);
    insta::assert_snapshot!([told(ENTRY, &changed), told(ENTRY, &renamed)].join("\n"));
}
