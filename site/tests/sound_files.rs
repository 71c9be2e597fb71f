//! The examples are sound, and what follows from them is right.

use wayside_proto::EventTime;
use wayside_site::Site;
use wayside_site::geometry::Vec2;

fn junction() -> Site {
    Site::parse("junction.toml", include_str!("data/junction.toml")).expect("sound")
}

#[test]
fn an_error_rate_is_the_rules_own_or_the_default() {
    let text = include_str!("data/junction.toml")
        .replace("grace_s = 0.3\nenter_s_max", "error_rate_max = 0.02\nenter_s_max");
    let site = Site::parse("junction.toml", &text).expect("sound");
    let default = wayside_site::model::ERROR_RATE_MAX;
    assert_eq!(default, 0.05);
    for (rule, expected) in [
        ("red_light", 0.02),
        ("illegal_turn", default),
        ("section_speed", default),
        ("no such rule", default),
    ] {
        assert_eq!(site.error_rate_max(rule), expected, "{rule}");
    }
}

#[test]
fn the_examples_are_sound_and_unremarkable() {
    assert_eq!(junction().warnings(), []);
    let minimal = Site::parse("m", include_str!("data/minimal.toml")).expect("sound");
    assert_eq!(minimal.warnings(), []);
}

#[test]
fn a_live_camera_may_set_every_key() {
    let keys = r#"
[camera.rtsp]
url = "rtsps://camera.example:322/stream1?profile=2"
transport = "udp"
user = "wayside"
password_file = "camera.password"
tls_ca = "ca.pem"
jitter_ms = 100
silence_s_max = 3.0
clock_error_ms_max = 250.0
clock_reference = "first_report"

[camera.watch]
reference = "south.png"
moved_share_max = 0.01
motion_gate = false

[camera.calibration]"#;
    let text = include_str!("data/junction.toml").replacen("\n[camera.calibration]", keys, 1);
    let site = Site::parse("junction.toml", &text).expect("sound");
    let camera = site.camera("south").expect("a camera");
    assert!(!camera.watch.motion_gate);
    assert_eq!(camera.rtsp.as_ref().map(|rtsp| rtsp.jitter_ms), Some(100));
}

#[test]
fn the_camera_hangs_where_it_was_placed() {
    let site = junction();
    let model = site.camera_model("south").expect("a camera");
    let [x, y, z] = model.position_m();
    assert!(
        (x - 229.5).abs() < 0.5 && (y - 168.0).abs() < 1.0 && (z - 9.0).abs() < 0.5,
        "{x} {y} {z}"
    );
    // 52 degrees across 1280 pixels.
    assert!((model.focal_px() - 1_312.2).abs() < 30.0, "{}", model.focal_px());
    assert!(model.homography().residual_m() < 0.02, "{}", model.homography().residual_m());
}

#[test]
fn a_camera_may_show_other_footage_than_the_site() {
    use wayside_site::model::Footage::{Real, Simulated};
    let text = include_str!("data/junction.toml");
    let of = |text: &str, camera: &str| {
        Site::parse("junction.toml", text).expect("sound").file().footage_of(camera)
    };
    assert_eq!(of(text, "south"), Simulated);
    assert_eq!(of(text, "nowhere"), Simulated);
    let silent = text.replacen("footage = \"simulated\"\n", "", 1);
    assert_eq!(of(&silent, "south"), Real);
    let own = silent.replacen("id = \"south\"\n", "id = \"south\"\nfootage = \"simulated\"\n", 1);
    assert_eq!((of(&own, "south"), of(&own, "nowhere")), (Simulated, Real));
}

#[test]
fn stop_lines_know_their_way_and_approach() {
    let site = junction();
    for (id, direction) in
        [("Nin", [0.0, -1.0]), ("Ein", [-1.0, 0.0]), ("Sin", [0.0, 1.0]), ("Win", [1.0, 0.0])]
    {
        let found = site.stop_line_direction(id).expect("a direction");
        assert!((found - Vec2::from(direction)).norm() < 1e-9, "{id}: {found}");
        assert_eq!(site.stop_line_approach(id), Some(id));
    }
    assert_eq!(site.stop_line_direction("nowhere"), None);
}

#[test]
fn polygons_follow_from_ids() {
    let site = junction();
    let middle = site.conflict_area_polygon("middle").expect("an area");
    assert!(middle.contains(Vec2::new(220.0, 220.0)));
    assert!(!middle.contains(Vec2::new(216.0, 229.0)), "a crossing on the way in is outside");
    let band = site.crossing_band("N").expect("a crossing");
    assert!((band.signed_area().abs() - 12.8 * 2.8).abs() < 1e-9);
    assert!(band.contains(Vec2::new(214.0, 227.1)) && !band.contains(Vec2::new(214.0, 226.9)));
    let zone = site.no_stopping_zone_polygon("Wout").expect("a zone");
    assert!(zone.contains(Vec2::new(162.9, 224.8)));
    assert!(!zone.contains(Vec2::new(149.0, 224.8)), "the bus stop begins here");
    assert_eq!(site.lane_polyline("Nin_1").expect("a lane").length_m(), 209.6);
}

#[test]
fn minutes_are_local() {
    let site = junction();
    assert_eq!(site.local_minute(site.start()), Some(9 * 60), "Vienna is two hours ahead in June");
    assert_eq!(site.local_minute(EventTime(0)), Some(60), "and one in winter");
    assert_eq!(site.local_minute(EventTime(i64::MAX)), None);
}
