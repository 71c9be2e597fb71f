//! Small sites to change and break.

use std::path::{Path, PathBuf};

/// A lane that comes from the north, its stop line at y 230.4, and the way out beside it with a
/// no-stopping zone; seen by a camera of 320 x 180 pixels.
pub const SITE: &str = r#"schema = 1

[site]
id = "small"
start = "2026-06-01T07:00:00Z"
footage = "simulated"

[[camera]]
id = "pole"
source = "clip.mp4"
width_px = 320
height_px = 180

[camera.calibration]
points = [
    { image_px = [172.25, 170.95], ground_m = [226.4, 190.0] },
    { image_px = [99.425, 109.575], ground_m = [213.6, 209.6] },
    { image_px = [111.175, 91.05], ground_m = [209.6, 226.4] },
    { image_px = [223.85, 94.125], ground_m = [230.4, 226.4] },
    { image_px = [188.3, 71.85], ground_m = [220.0, 270.0] },
]

[signals]
log = "signals.csv"

[[signal_group]]
id = "N"

[[lane]]
id = "N_in"
approach = "N"
centreline_m = [[218.4, 300.0], [218.4, 230.4]]
width_m = 3.2

[[lane]]
id = "N_out"
approach = "N_out"
centreline_m = [[222.0, 230.4], [222.0, 300.0]]
width_m = 3.2

[[stop_line]]
id = "N"
line_m = [[216.8, 230.4], [220.0, 230.4]]
lanes = ["N_in"]
signal_group = "N"
conflict_area = "middle"

[[conflict_area]]
id = "middle"
polygon_m = [[213.0, 213.0], [227.0, 213.0], [227.0, 227.0], [213.0, 227.0]]

[[no_stopping_zone]]
id = "out"
polygon_m = [[220.4, 240.0], [223.6, 240.0], [223.6, 280.0], [220.4, 280.0]]

[rules.red_light]

[rules.wrong_way]

[rules.no_stopping]
dwell_s_max = 10.0
"#;

/// Red from second 5 to second 20.
pub const SIGNALS: &str = "time_s,group,state\n0,N,green\n2,N,yellow\n5,N,red\n20,N,green\n";

/// Head of a tracks file.
pub const TRACKS_HEAD: &str = "time_s,track,class,x_m,y_m,heading_deg,speed_ms,length_m,width_m\n";

/// Writes a site and its signals into `dir`.
pub fn write(dir: &Path, site: &str, signals: &str) -> PathBuf {
    let path = dir.join("site.toml");
    std::fs::write(&path, site).expect("a site file");
    std::fs::write(dir.join("signals.csv"), signals).expect("signals");
    path
}

/// A row of a tracks file: a car that drives south in the lane `N_in`.
pub fn southbound(time_s: f64, track: &str, y_m: f64, speed_ms: f64) -> String {
    format!("{time_s:.2},{track},car,218.4,{y_m:.3},180,{speed_ms},4.5,1.8\n")
}

/// Rows of a car that drives south at 12 m/s and crosses the stop line at `line_s`, 10 a second.
pub fn crossing(line_s: f64, track: &str) -> Vec<(f64, String)> {
    (-50..=30)
        .map(|step| {
            let after = f64::from(step) / 10.0;
            let y = 230.4 - 12.0 * after;
            (line_s + after, southbound(line_s + after, track, y, 12.0))
        })
        .collect()
}

/// A tracks file of these rows, in order of time.
pub fn tracks(mut rows: Vec<(f64, String)>) -> String {
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().fold(TRACKS_HEAD.to_owned(), |text, (_, row)| text + &row)
}
