//! What people read when a site file is wrong: one snapshot a mistake.

use wayside_site::Site;

const MINIMAL: &str = include_str!("data/minimal.toml");
const JUNCTION: &str = include_str!("data/junction.toml");
const SIGNS: &str = include_str!("data/signs.toml");
const SECTION: &str = include_str!("data/section_entry.toml");

/// What `parse` says about the text, as `site check` prints it.
fn report(text: &str) -> String {
    match Site::parse("site.toml", text) {
        Ok(site) => site.warnings().iter().map(|warning| format!("{warning}\n")).collect(),
        Err(errors) => errors.iter().map(|error| format!("{error}\n")).collect(),
    }
}

/// A file with parts exchanged; each part has to be there.
fn with(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from:?}");
        text.replacen(from, to, 1)
    })
}

macro_rules! bad {
    ($($name:ident: $file:ident $changes:expr;)*) => {$(
        #[test]
        fn $name() {
            let text = with($file, &$changes);
            assert!(Site::parse("site.toml", &text).is_err(), "accepted");
            insta::assert_snapshot!(report(&text));
        }
    )*};
}

macro_rules! bad_section {
    ($($name:ident: $changes:expr;)*) => {$(
        #[test]
        fn $name() {
            let text = format!("{JUNCTION}\n{}", with(SECTION, &$changes));
            assert!(Site::parse("site.toml", &text).is_err(), "accepted");
            insta::assert_snapshot!(report(&text));
        }
    )*};
}

macro_rules! bad_sign {
    ($($name:ident: $changes:expr;)*) => {$(
        #[test]
        fn $name() {
            let text = format!("{JUNCTION}\n{}", with(SIGNS, &$changes));
            assert!(Site::parse("site.toml", &text).is_err(), "accepted");
            insta::assert_snapshot!(report(&text));
        }
    )*};
}

macro_rules! told {
    ($($name:ident: $file:ident $changes:expr;)*) => {$(
        #[test]
        fn $name() {
            let text = with($file, &$changes);
            let warnings = report(&text);
            assert!(warnings.contains("warning: "), "{warnings}");
            insta::assert_snapshot!(warnings);
        }
    )*};
}

bad! {
    syntax: MINIMAL [("id = \"N\"", "id = N\"")];
    duplicate_key: MINIMAL [("width_m = 3.2", "width_m = 3.2\nwidth_m = 3.4")];
    unclosed_table: MINIMAL [("[site]", "[site")];
    misspelt_key: MINIMAL [("width_px", "widht_px")];
    unknown_key: MINIMAL [("schema = 1", "schema = 1\ncolour = \"green\"")];
    unknown_key_beside_other_mistakes: MINIMAL [
        ("width_m = 3.2", "width_m = 0.2\nspeed_kmh = 50"),
        ("\"middle\"\n\n[[conf", "\"midle\"\n\n[[conf"),
    ];
    missing_keys: MINIMAL [("width_px = 1280\n", ""), ("id = \"minimal\"\n", "")];
    missing_site: MINIMAL [("[site]\nid = \"minimal\"\nstart = \"2026-06-01T07:00:00Z\"", "")];
    wrong_types: MINIMAL [
        ("1280", "\"1280\""),
        ("720", "720.5"),
        ("width_m = 3.2", "width_m = [3.2]"),
        ("lanes = [\"N_1\"]", "lanes = \"N_1\""),
        ("\"2026-06-01T07:00:00Z\"", "2026-06-01T07:00:00Z"),
        ("signal_group = \"N\"", "signal_group = 3"),
    ];
    not_finite: MINIMAL [("width_m = 3.2", "width_m = nan"), ("300.0]", "inf]")];
    bad_position: MINIMAL [("id = \"minimal\"\n",
        "id = \"minimal\"\nposition = { latitude_deg = 148.2, longitude_deg = -181 }\n")];
    half_a_position: MINIMAL [("id = \"minimal\"\n",
        "id = \"minimal\"\nposition = { latitude_deg = 48.2, lon = 16.4 }\n")];
    map_coordinates: MINIMAL [("300.0]", "5340000.0]")];
    three_coordinates: MINIMAL [("[218.4, 300.0]", "[218.4, 300.0, 0.0]")];
    negative_size: MINIMAL [("720", "-720")];
    wrong_choice: JUNCTION [("driving_side = \"right\"", "driving_side = \"rigth\"")];
    unknown_class: JUNCTION [("\"bicycle\"]", "\"bike\"]")];
    live_address_with_a_password: MINIMAL [("height_px = 720\n", "height_px = 720\nrtsp = { url = \"rtsp://me:secret@camera/1\" }\n")];
    live_without_an_address: MINIMAL [("height_px = 720\n", "height_px = 720\nrtsp = { url = \"camera/1\", jitter_ms = 60000, silence_s_max = 0.0 }\n")];
    live_secrets: MINIMAL [("height_px = 720\n", "height_px = 720\nrtsp = { url = \"rtsp://camera/1\", password_env = \"A\", password_file = \"b\", tls_ca = \"c\", clock_error_ms_max = 0.0 }\nwatch = { moved_share_max = 0.0 }\n")];
    live_user_without_a_password: MINIMAL [("height_px = 720\n", "height_px = 720\nrtsp = { url = \"rtsp://camera/1\", user = \"me\", transport = \"http\" }\n")];
    a_truth_in_quotes: MINIMAL [("height_px = 720\n", "height_px = 720\nwatch = { motion_gate = \"no\" }\n")];
    wrong_version: MINIMAL [("schema = 1", "schema = 2")];
    bad_start: MINIMAL [("2026-06-01T07:00:00Z", "2026-06-01 07:00")];
    bad_timezone: JUNCTION [("Europe/Vienna", "Europe/Viena")];
    bad_ids: JUNCTION [
        ("id = \"junction\"", "id = \"main street\""),
        ("id = \"Nin_2\"", "id = \"Nin_1\""),
        ("id = \"Ein_2\"", "id = \"\""),
        ("approach = \"Sin\"", "approach = \"S/in\""),
    ];
    picture_too_large: MINIMAL [("1280", "12800")];
    three_points: MINIMAL [
        ("    { image_px = [753.2, 287.4], ground_m = [220.0, 270.0] },\n", ""),
        ("    { image_px = [895.4, 376.5], ground_m = [230.4, 226.4] },\n", ""),
    ];
    collinear_points: MINIMAL [
        ("[226.4, 190.0]", "[220.0, 190.0]"),
        ("[213.6, 209.6]", "[220.0, 209.6]"),
        ("[209.6, 226.4]", "[220.0, 226.4]"),
        ("[230.4, 226.4]", "[220.01, 230.4]"),
    ];
    three_of_four_points_on_one_line: MINIMAL [
        ("    { image_px = [895.4, 376.5], ground_m = [230.4, 226.4] },\n", ""),
        ("[226.4, 190.0]", "[220.0, 190.0]"),
        ("[689.0, 683.8]", "[600.0, 700.0]"),
        ("[209.6, 226.4]", "[220.0, 226.4]"),
        ("[444.7, 364.2]", "[600.0, 400.0]"),
        ("[753.2, 287.4]", "[600.0, 300.0]"),
    ];
    points_coincide: MINIMAL [("ground_m = [209.6, 226.4]", "ground_m = [213.6, 209.6]")];
    point_outside_the_picture: MINIMAL [("[689.0, 683.8]", "[689.0, 1683.8]")];
    residual_over_the_limit: JUNCTION [("ground_m = [230.4, 213.6]", "ground_m = [236.4, 213.6]")];
    swapped_pairs: MINIMAL [
        ("[689.0, 683.8]", "[753.2, 287.4]"),
        ("[753.2, 287.4], ground_m = [220.0, 270.0]", "[689.0, 683.8], ground_m = [220.0, 270.0]"),
    ];
    mirrored_ground: MINIMAL [
        ("ground_m = [226.4, 190.0]", "ground_m = [190.0, 226.4]"),
        ("ground_m = [213.6, 209.6]", "ground_m = [209.6, 213.6]"),
        ("ground_m = [209.6, 226.4]", "ground_m = [226.4, 209.6]"),
        ("ground_m = [230.4, 226.4]", "ground_m = [226.4, 230.4]"),
        ("ground_m = [220.0, 270.0]", "ground_m = [270.0, 220.0]"),
    ];
    absurd_lens: MINIMAL [("points = [", "focal_px = 90.0\nresidual_m_max = 0.0\npoints = [")];
    camera_numbers: MINIMAL [("1280", "1280\nsource = \"\"\nsequence_fps = 0.0\nclock_uncertainty_ms = -1")];
    lamps: JUNCTION [(
        "[[signal_group]]",
        "[[camera.lamp]]\ngroup = \"M\"\nred_px = [10, 10, 20, 20]\ngreen_px = [10, 30, 5, 40]\n\
         [[camera.lamp]]\ngroup = \"N\"\nred_px = [1270, 10, 1290, 20]\n\
         green_px = [1270, 10, 1290, 20]\n\n[[signal_group]]",
    )];
    short_lane: MINIMAL [("[[218.4, 300.0], [218.4, 230.4]]", "[[218.4, 300.0]]")];
    repeated_point: MINIMAL [("[218.4, 300.0], ", "[218.4, 300.0], [218.4, 300.0], ")];
    wide_lane: MINIMAL [("width_m = 3.2", "width_m = 32")];
    bad_hours: JUNCTION [("\"06:00-08:30\"", "\"6-9\", \"06:00-06:00\"")];
    no_class: JUNCTION [("classes = [\"bus\", \"motorcycle\", \"bicycle\"]", "classes = []")];
    unknown_exit: JUNCTION [("exits = [\"Sout\", \"Wout\"]", "exits = [\"Sot\", \"Wout\", \"Wout\"]")];
    lane_outside_every_picture: MINIMAL [
        ("[[218.4, 300.0], [218.4, 230.4]]", "[[218.4, -300.0], [218.4, 0.0]]"),
        ("[[216.8, 230.4], [220.0, 230.4]]", "[[216.8, 0.0], [220.0, 0.0]]"),
    ];
    line_without_length: MINIMAL [("[220.0, 230.4]]\nlanes", "[216.8, 230.4]]\nlanes")];
    line_far_from_its_lane: MINIMAL [("[218.4, 230.4]]", "[218.4, 240.4]]")];
    line_along_its_lane: MINIMAL [("[[216.8, 230.4], [220.0, 230.4]]", "[[218.4, 231.4], [218.5, 240.4]]")];
    lane_turned_around: MINIMAL [("[[218.4, 300.0], [218.4, 230.4]]", "[[218.4, 230.4], [218.4, 300.0]]")];
    line_names: MINIMAL [
        ("lanes = [\"N_1\"]", "lanes = [\"N_1\", \"N_1\", \"N_2\"]"),
        ("signal_group = \"N\"", "signal_group = \"North\""),
        ("conflict_area = \"middle\"", "conflict_area = \"midlde\""),
    ];
    line_without_lanes: MINIMAL [("lanes = [\"N_1\"]", "lanes = []")];
    line_with_a_group_for_people: JUNCTION [("signal_group = \"N\"", "signal_group = \"pN\"")];
    area_before_the_line: MINIMAL [(
        "[[213.0, 213.0], [227.0, 213.0], [227.0, 227.0], [213.0, 227.0]]",
        "[[213.0, 240.0], [227.0, 240.0], [227.0, 250.0], [213.0, 250.0]]",
    )];
    two_corners: MINIMAL [("[227.0, 227.0], [213.0, 227.0]]", "]")];
    bow_tie: MINIMAL [("[227.0, 227.0], [213.0, 227.0]]", "[213.0, 227.0], [227.0, 227.0]]")];
    repeated_corner: MINIMAL [("[213.0, 227.0]]", "[213.0, 227.0], [213.0, 213.0]]")];
    tiny_area: MINIMAL [(
        "[[213.0, 213.0], [227.0, 213.0], [227.0, 227.0], [213.0, 227.0]]",
        "[[213.0, 213.0], [213.9, 213.0], [213.9, 213.9]]",
    )];
    bad_crossing: JUNCTION [
        ("axis_m = [[213.6, 228.4], [226.4, 228.4]]", "axis_m = [[213.6, 228.4], [213.6, 228.4]]"),
        ("width_m = 2.8\nsplit_at = 0.5\nsignal_group = \"pN\"",
         "width_m = 0\nsplit_at = 1.5\nsignal_group = \"N\""),
    ];
    bad_thresholds: JUNCTION [
        ("grace_s = 0.3", "grace_s = -0.3"),
        ("dwell_s_max = 30.0", "dwell_s_max = nan"),
        ("interval_s = 60.0", "interval_s = 0"),
        ("tolerance_s = 0.5", "tolerance_s = 0"),
    ];
    bad_thresholds_that_are_numbers: JUNCTION [
        ("grace_s = 0.3", "grace_s = -0.3"),
        ("interval_s = 60.0", "interval_s = 0"),
        ("tolerance_s = 0.5", "tolerance_s = 0"),
    ];
    bad_error_rates: JUNCTION [
        ("grace_s = 0.3", "grace_s = 0.3\nerror_rate_max = 1.5"),
        ("[rules.stop_line]", "[rules.stop_line]\nerror_rate_max = -0.05"),
        ("[rules.illegal_turn]", "[rules.illegal_turn]\nerror_rate_max = 5"),
    ];
    unknown_rule: MINIMAL [("[rules.red_light]", "[rules.red_lihgt]")];
    rules_that_can_never_fire: MINIMAL [
        ("conflict_area = \"middle\"\n", ""),
        ("[rules.red_light]", "[rules]\nred_light = {}\nstop_line = {}\nwrong_way = {}\n\
          illegal_turn = {}\nbox_junction = {}\nreserved_lane = {}\nno_stopping = {}\n\
          crossing_yield = {}\npedestrian_on_red = {}\nflow = {}"),
    ];
}

bad_section! {
    section_lengths: [("length_m = 1200.0", "length_m = 12.0")];
    section_numbers: [
        ("length_m = 1200.0", "length_m = 1200.0\nlength_sigma_m = 90.0"),
        ("limit_kmh = 80.0", "limit_kmh = 300.0\nspeed_kmh_max = 1000.0"),
        ("limit_truck_kmh = 60.0", "limit_truck_kmh = 0.0\nexpiry_s = 60.0"),
    ];
    section_time_too_long: [("limit_kmh = 80.0", "limit_kmh = 80.0\ntravel_time_s_max = 400.0")];
    section_time_too_short: [("limit_kmh = 80.0", "limit_kmh = 80.0\ntravel_time_s_max = 20.0")];
    section_expires_before_the_other_end: [("length_m = 1200.0", "length_m = 12000.0")];
    section_limit_of_trucks_alone: [("limit_kmh = 80.0\n", "")];
    section_limit_beyond_the_fastest: [("limit_kmh = 80.0", "limit_kmh = 80.0\nspeed_kmh_max = 70.0")];
    section_unknown_key: [("limit_kmh = 80.0", "limit_khm = 80.0")];
    section_without_an_exit: [("[section.exit]\nsite = \"next\"", "")];
    section_of_this_site_elsewhere: [("site = \"next\"", "site = \"junction\"")];
    section_of_no_site: [("site = \"next\"", "site = \"the next one\"\ncamera = \"south\"")];
    section_of_others: [
        ("camera = \"south\"\nline_m = [[220.0, 232.0], [213.6, 232.0]]\nlanes = [\"Nin_1\", \"Nin_2\"]",
         "site = \"last\""),
    ];
    section_camera_unknown: [("camera = \"south\"", "camera = \"sout\"")];
    section_gate_without_keys: [
        ("camera = \"south\"\nline_m = [[220.0, 232.0], [213.6, 232.0]]\nlanes = [\"Nin_1\", \"Nin_2\"]", ""),
    ];
    section_gate_without_a_way: [("lanes = [\"Nin_1\", \"Nin_2\"]", "")];
    section_gate_with_two_ways: [("lanes = [", "direction_deg = 180.0\nlanes = [")];
    section_gate_along_its_direction: [("lanes = [\"Nin_1\", \"Nin_2\"]", "direction_deg = 92.0")];
    section_gate_lanes: [("\"Nin_2\"]", "\"Nin_1\", \"Nin_9\", \"Sin_1\"]")];
    section_gate_out_of_sight: [
        ("line_m = [[220.0, 232.0], [213.6, 232.0]]\nlanes = [\"Nin_1\", \"Nin_2\"]",
         "line_m = [[220.0, 630.6], [213.6, 630.6]]\ndirection_deg = 180.0"),
    ];
    section_twice: [("limit_kmh = 80.0", "limit_kmh = 80.0"), ("[section.exit]\nsite = \"next\"",
        "[section.exit]\nsite = \"next\"\n[[section]]\nid = \"A1\"\nlength_m = 500.0\nentry = { site = \"next\" }\nexit = { camera = \"south\", line_m = [[213.6, 232.0], [220.0, 232.0]], direction_deg = 180.0 }")];
    section_speed_thresholds: [("limit_kmh = 80.0", "limit_kmh = 80.0"), ("[section.exit]\nsite = \"next\"",
        "[section.exit]\nsite = \"next\"\n[rules.section_speed]\nsimilarity_min = 1.5\nmargin_min = -0.1\ntolerance_kmh = 3.0")];
}

bad_sign! {
    sign_sizes: [
        ("height_px = 24\n", ""),
        ("kind = \"billboard\"", "kind = \"billboard\"\nwidth_px = 1920"),
        ("columns = 16", "columns = 160"),
    ];
    sign_numbers: [
        ("pages_max = 2", "pages_max = 0"),
        ("language = \"de\"", "language = \"german\""),
        ("source_timeout_s = 20.0", "source_timeout_s = 1.0"),
        ("priority = 200", "priority = 256"),
        ("count_min = 2", "count_min = 0"),
        ("window_s = 30.0", "window_s = 0.0\nspeed_kmh_max = 0.0"),
    ];
    sign_messages: [
        ("hold_s = 90.0", "hold_s = 30.0"),
        ("places = [\"N\"]", "places = []"),
        ("\"middle\"]", "\"midle\"]\nsection = \"A1\"\nhold_s = 1.0"),
        ("\"22:00-05:00\"", "\"at night\""),
        ("template = \"wrong_way\"", "template = \"wrong way\""),
    ];
    sign_secrets: [
        ("auth_file = \"secrets/north_in.auth\"\n", "community_file = \"c\"\n"),
        ("community_file = \"secrets/old.community\"", "user = \"me\""),
        ("10.1.2.3:161", "udp://10.1.2.3"),
    ];
    sign_of_a_screen_with_snmp: [("kind = \"billboard\"", "kind = \"billboard\"\nsnmp = { address = \"a:161\", community_file = \"c\" }")];
    sign_twice: [("id = \"old\"", "id = \"square\"")];
    sign_kind: [("kind = \"billboard\"", "kind = \"bilboard\"")];
    sign_without_an_unknown_key: [("pages_max = 2", "page_max = 2")];
}

told! {
    worth_knowing_sign_without_messages: JUNCTION [("[[no_stopping_zone]]\nid = \"Nout\"", "[[sign]]\nid = \"s\"\nkind = \"billboard\"\n\n[[no_stopping_zone]]\nid = \"Nout\"")];
    worth_knowing_odd_size: MINIMAL [("720", "721")];
    worth_knowing_residual: JUNCTION [("ground_m = [230.4, 213.6]", "ground_m = [230.8, 213.6]")];
    worth_knowing_focal_length: MINIMAL [
        ("[689.0, 683.8], ground_m = [226.4, 190.0]", "[640.0, 700.0], ground_m = [220.0, 190.0]"),
        ("[397.7, 438.3], ground_m = [213.6, 209.6]", "[300.0, 400.0], ground_m = [190.0, 220.0]"),
        ("[444.7, 364.2], ground_m = [209.6, 226.4]", "[640.0, 100.0], ground_m = [220.0, 250.0]"),
        ("[895.4, 376.5], ground_m = [230.4, 226.4]", "[940.0, 400.0], ground_m = [250.0, 220.0]"),
        ("[753.2, 287.4], ground_m = [220.0, 270.0]", "[640.0, 400.0], ground_m = [220.0, 220.0]"),
    ];
    worth_knowing_rules: JUNCTION [
        ("signal_group = \"N\"\n", ""),
        ("lanes = [\"Sin_1\", \"Sin_2\"]", "lanes = [\"Sin_1\"]"),
        ("exits = [\"Wout\", \"Sout\"]\n", ""),
        ("classes = [\"bus\", \"motorcycle\", \"bicycle\"]\n", ""),
        ("[rules.reserved_lane]\ndistance_m_min = 30.0\n", ""),
        ("log = \"signals.csv\"\n", ""),
    ];
    worth_knowing_no_rules: MINIMAL [("[rules.red_light]", "")];
}

#[test]
fn an_empty_file_is_refused() {
    insta::assert_snapshot!(report(" \n\n"));
}

#[test]
fn a_huge_file_is_refused() {
    let text = "#".repeat(wayside_site::load::FILE_BYTES_MAX + 1);
    insta::assert_snapshot!(report(&text));
}

#[test]
fn a_huge_list_is_refused() {
    let groups: String =
        (0..1_001).map(|index| format!("[[signal_group]]\nid = \"g{index}\"\n")).collect();
    insta::assert_snapshot!(report(&format!("{MINIMAL}{groups}")));
}

#[test]
fn errors_come_in_the_order_of_the_file() {
    let text = with(
        JUNCTION,
        &[
            ("grace_s = 0.3", "grace_s = -1"),
            ("width_m = 3.2", "width_m = 99"),
            ("Europe/Vienna", "Mars/Olympus"),
            ("width_px", "width"),
        ],
    );
    let errors = Site::parse("site.toml", &text).expect_err("refused");
    assert!(errors.is_sorted_by_key(|error| error.line), "{errors:#?}");
}
