//! The site file of a junction.

use std::fmt::Write;

use wayside_proto::{EventTime, SiteId};

use crate::names::{PEDESTRIAN_GROUPS, VEHICLE_GROUPS, camera_names, site_name};
use crate::road::{
    AREA_M, ARM_M, BOX_S_MAX, CROSSING_M, CROSSING_WIDTH_M, ENTER_S_MAX, GRACE_S, KERB_M, LANE_M,
    NO_STOPPING_S_MAX, OVERRUN_M_MIN, STAND_S_MIN, STOP_LINE_M, WRONG_WAY_M_MIN, WRONG_WAY_S_MIN,
    ZONE_EDGE_M, ZONE_M, to_site,
};
use crate::section::{GATE_OUT_M, SectionPlan};
use crate::sensor::{HEIGHT_PX, View, WIDTH_PX};

/// Points of an arm that the calibration knows: across and out, metres.
const KNOWN_M: [(f64, f64); 5] =
    [(-KERB_M, STOP_LINE_M), (KERB_M, STOP_LINE_M), (-KERB_M, 60.0), (KERB_M, 60.0), (0.0, 30.0)];

/// The file of site `number` with its first `cameras` cameras, TOML.
pub(crate) fn text(
    number: u32,
    cameras: u32,
    start: EventTime,
    section: Option<&SectionPlan>,
) -> String {
    let mut toml = String::with_capacity(8 * 1024);
    // Writing into memory cannot fail.
    let _ = write(&mut toml, number, cameras, start, section);
    toml
}

fn write(
    toml: &mut String,
    number: u32,
    cameras: u32,
    start: EventTime,
    section: Option<&SectionPlan>,
) -> std::fmt::Result {
    let id = site_name(number);
    writeln!(toml, "# A simulated junction: four arms of {ARM_M} m, right-hand traffic.")?;
    writeln!(toml, "# x points east and y north, in metres, from the middle of the junction.")?;
    writeln!(toml, "schema = 1\n\n[site]\nid = \"{id}\"\nstart = \"{start}\"")?;
    writeln!(toml, "driving_side = \"right\"\nfootage = \"simulated\"")?;
    for (arm, camera) in camera_names(cameras).iter().enumerate() {
        write_camera(toml, arm, camera)?;
    }
    for group in VEHICLE_GROUPS {
        writeln!(toml, "\n[[signal_group]]\nid = \"{group}\"")?;
    }
    for group in PEDESTRIAN_GROUPS {
        writeln!(toml, "\n[[signal_group]]\nid = \"{group}\"\nkind = \"pedestrian\"")?;
    }
    for arm in 0..camera_names(cameras).len() {
        write_arm(toml, arm)?;
    }
    let area = [(-AREA_M, AREA_M), (AREA_M, AREA_M), (AREA_M, -AREA_M), (-AREA_M, -AREA_M)];
    writeln!(toml, "\n[[conflict_area]]\nid = \"middle\"\npolygon_m = {}", points(0, &area))?;
    if let Some(section) = section {
        write_section(toml, number, cameras, section)?;
    }
    write_rules(toml)?;
    // The rule is judged where vehicles leave.
    if section.is_some_and(|section| section.sites[1].as_str() == id) {
        writeln!(toml, "\n[rules.section_speed]")?;
    }
    Ok(())
}

fn write_camera(toml: &mut String, arm: usize, camera: &str) -> std::fmt::Result {
    let view = View::new();
    writeln!(toml, "\n[[camera]]\nid = \"{camera}\"")?;
    writeln!(toml, "width_px = {WIDTH_PX}\nheight_px = {HEIGHT_PX}")?;
    writeln!(toml, "\n[camera.calibration]\npoints = [")?;
    for (across, out) in KNOWN_M {
        let ([px, py], _) = view.pixel(across, out);
        let [x, y] = to_site(arm, across, out);
        writeln!(toml, "    {{ image_px = [{px:.3}, {py:.3}], ground_m = [{x:?}, {y:?}] }},")?;
    }
    writeln!(toml, "]")
}

fn write_arm(toml: &mut String, arm: usize) -> std::fmt::Result {
    let name = VEHICLE_GROUPS.get(arm).copied().unwrap_or("N");
    for (lane, across) in [(1, 4.8), (2, 1.6)] {
        let way_in = points(arm, &[(-across, ARM_M), (-across, STOP_LINE_M)]);
        let way_out = points(arm, &[(across, STOP_LINE_M), (across, ARM_M)]);
        for (way, line) in [("in", way_in), ("out", way_out)] {
            writeln!(toml, "\n[[lane]]\nid = \"{name}{way}_{lane}\"\napproach = \"{name}{way}\"")?;
            writeln!(toml, "centreline_m = {line}\nwidth_m = {LANE_M}")?;
        }
    }
    let line = points(arm, &[(-KERB_M, STOP_LINE_M), (0.0, STOP_LINE_M)]);
    writeln!(toml, "\n[[stop_line]]\nid = \"{name}in\"\nline_m = {line}")?;
    writeln!(toml, "lanes = [\"{name}in_1\", \"{name}in_2\"]\nsignal_group = \"{name}\"")?;
    writeln!(toml, "conflict_area = \"middle\"")?;
    let axis = points(arm, &[(-KERB_M, CROSSING_M), (KERB_M, CROSSING_M)]);
    writeln!(toml, "\n[[crossing]]\nid = \"{name}\"\naxis_m = {axis}")?;
    writeln!(toml, "width_m = {CROSSING_WIDTH_M}\nsplit_at = 0.5\nsignal_group = \"p{name}\"")?;
    let (from, to) = ZONE_M;
    let zone = [(KERB_M, from), (KERB_M, to), (ZONE_EDGE_M, to), (ZONE_EDGE_M, from)];
    writeln!(
        toml,
        "\n[[no_stopping_zone]]\nid = \"{name}kerb\"\npolygon_m = {}",
        points(arm, &zone)
    )
}

fn write_section(
    toml: &mut String,
    number: u32,
    cameras: u32,
    section: &SectionPlan,
) -> std::fmt::Result {
    let [first, second] = &section.sites;
    writeln!(toml, "\n[[section]]\nid = \"{}\"\nlength_m = {:?}", section.id, section.length_m)?;
    writeln!(toml, "limit_kmh = {:?}\nexpiry_s = {:?}", section.limit_kmh, section.expiry_s)?;
    writeln!(toml, "travel_time_s_max = {:?}", section.travel_time_s_max)?;
    let (here, there) = (site_name(number), |other: &SiteId| format!("site = \"{other}\""));
    let camera = camera_names(cameras).first().copied().unwrap_or_default();
    for (end, site, way, side) in [("entry", first, "Nout", 1.0), ("exit", second, "Nin", -1.0)] {
        writeln!(toml, "\n[section.{end}]")?;
        if site.as_str() != here {
            writeln!(toml, "{}", there(site))?;
            continue;
        }
        let line = points(0, &[(0.0, GATE_OUT_M), (side * KERB_M, GATE_OUT_M)]);
        writeln!(toml, "camera = \"{camera}\"\nline_m = {line}")?;
        writeln!(toml, "lanes = [\"{way}_1\", \"{way}_2\"]")?;
    }
    Ok(())
}

fn write_rules(toml: &mut String) -> std::fmt::Result {
    writeln!(toml, "\n[rules.red_light]\ngrace_s = {GRACE_S:?}\nenter_s_max = {ENTER_S_MAX:?}")?;
    writeln!(toml, "\n[rules.stop_line]\noverrun_m_min = {OVERRUN_M_MIN:?}")?;
    writeln!(toml, "stand_s_min = {STAND_S_MIN:?}")?;
    writeln!(toml, "\n[rules.wrong_way]\ndistance_m_min = {WRONG_WAY_M_MIN:?}")?;
    writeln!(toml, "duration_s_min = {WRONG_WAY_S_MIN:?}")?;
    writeln!(toml, "\n[rules.box_junction]\ndwell_s_max = {BOX_S_MAX:?}")?;
    writeln!(toml, "\n[rules.no_stopping]\ndwell_s_max = {NO_STOPPING_S_MAX:?}")?;
    writeln!(toml, "\n[rules.pedestrian_on_red]\n\n[rules.flow]")
}

/// Points of an arm as TOML.
fn points(arm: usize, across_out: &[(f64, f64)]) -> String {
    let each: Vec<String> = across_out
        .iter()
        .map(|(across, out)| {
            // Adding nothing turns -0.0 into 0.0.
            let [x, y] = to_site(arm, *across, *out).map(|number| number + 0.0);
            format!("[{x:?}, {y:?}]")
        })
        .collect();
    format!("[{}]", each.join(", "))
}
