//! Names of sites and cameras.

/// Cameras of a site: one an arm.
pub const CAMERAS_PER_SITE: u32 = 4;

/// The arms, and the cameras that look at them.
pub(crate) const ARMS: [&str; 4] = ["north", "east", "south", "west"];

/// Signal groups of vehicles, by arm.
pub(crate) const VEHICLE_GROUPS: [&str; 4] = ["N", "E", "S", "W"];

/// Signal groups of people on foot, by arm.
pub(crate) const PEDESTRIAN_GROUPS: [&str; 4] = ["pN", "pE", "pS", "pW"];

/// Id of the site with this number: `city-0007`.
#[must_use]
pub fn site_name(number: u32) -> String {
    format!("city-{number:04}")
}

/// The first `count` cameras of a site, at most four.
#[must_use]
pub fn camera_names(count: u32) -> &'static [&'static str] {
    let count = (count as usize).min(ARMS.len());
    ARMS.get(..count).unwrap_or(&ARMS)
}

/// Name of the run of every camera of a seed.
pub(crate) fn run_name(seed: u64) -> String {
    format!("simulated-{seed}")
}
