//! Where in a picture to look, as the site file implies.
//!
//! Vehicles are placed in thought along the lanes and projected into the picture (`places`). Each
//! region makes each of them so large in the model's input, and a model finds a vehicle the more
//! surely the larger it is there, up to a point (`worth`). Regions are then chosen one by one, each
//! where it adds most (`choose`): near things end up in a large region that is scaled down, far
//! things in small ones. People are placed wherever they can stand (`people`), and regions are
//! moved a little, and added, until each of those places is looked at (`cover`). `survey` says what
//! regions show.

mod choose;
mod cover;
mod people;
mod places;
mod survey;
mod window;
mod worth;

use wayside_picture::PixelRect;
use wayside_site::Site;
use wayside_site::geometry::CameraModel;

use self::choose::choose;
use self::cover::{Scene, cover};
use self::people::people;
use self::places::places;
pub use self::survey::{RegionSurvey, Survey, survey};
use self::window::windows;
use self::worth::FOUND_USUALLY;
use crate::Detector;

/// How regions are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionOptions<'a> {
    /// The longer side of the model's input, pixels.
    pub input_px: u32,
    /// The most regions for vehicles; fewer where more would add little. Each costs one run of the
    /// model.
    pub count_max: usize,
    /// The most regions that are added so that people are looked for wherever they can stand. Each
    /// costs one run of the model.
    pub people_count_max: usize,
    /// What vehicles may lose in all where regions are exchanged so that people are seen: share of
    /// all places, 0 to 1. At 0 regions are only added.
    pub people_loss_max: f64,
    /// What a region must add to be worth its run: share of all places, 0 to 1.
    pub gain_min: f64,
    /// Share of vehicles that the model finds, 0 to 1, by their height in its input, pixels:
    /// `[height, share]`, heights ascending. Below the first height it finds none.
    pub found_by_height_px: &'a [[f64; 2]],
}

impl RegionOptions<'static> {
    /// The usual choice for a model with this input, of which nothing else is known.
    #[must_use]
    pub fn new(input_px: u32) -> Self {
        Self {
            input_px,
            count_max: 6,
            people_count_max: 4,
            people_loss_max: 0.0,
            gain_min: 0.012,
            found_by_height_px: &FOUND_USUALLY,
        }
    }
}

impl<'a> RegionOptions<'a> {
    /// For a model with a curve of its own, as its manifest states it; as [`RegionOptions::new`]
    /// where it is empty.
    #[must_use]
    pub fn for_model(input_px: u32, found_by_height_px: &'a [[f64; 2]]) -> Self {
        let usual = RegionOptions::new(input_px);
        if found_by_height_px.is_empty() {
            return usual;
        }
        let (gain_min, people_loss_max) = (OWN_GAIN_MIN, OWN_LOSS_MAX);
        Self { found_by_height_px, gain_min, people_loss_max, ..usual }
    }

    /// For an open detector, with what its manifest states.
    #[must_use]
    pub fn of(detector: &'a Detector) -> Self {
        Self::for_model(detector.input_px(), &detector.layout().found_by_height_px)
    }
}

/// With a measured curve a region must add a little more: what a model that sees small still misses
/// is seldom worth one run more.
const OWN_GAIN_MIN: f64 = 0.015;

/// It also says what an exchange costs vehicles, which a region more would cost a run of the model
/// to spare. Without one the regions for vehicles stay those that were tried.
const OWN_LOSS_MAX: f64 = 0.004;

/// The regions of a camera for a model whose longer input side is `input_px`, of which nothing else
/// is known.
#[must_use]
pub fn regions(site: &Site, camera: &str, input_px: u32) -> Vec<PixelRect> {
    regions_with(site, camera, RegionOptions::new(input_px))
}

/// As [`regions`], with other limits. Where the site file has nothing of the road in this camera's
/// view, the whole picture is the one region; a camera that the site does not know has none.
///
/// A picture that is small for the model's input gets few regions: about as many as it takes to
/// look at each pixel once at its own size.
#[must_use]
pub fn regions_with(site: &Site, camera: &str, options: RegionOptions<'_>) -> Vec<PixelRect> {
    let Some(model) = site.camera_model(camera) else { return Vec::new() };
    let size = even_size(model);
    if size.0 == 0 || size.1 == 0 || options.input_px == 0 || options.count_max == 0 {
        return Vec::new();
    }
    let inputs = f64::from(size.0) * f64::from(size.1) / f64::from(options.input_px).powi(2);
    let count = ((inputs * 1.2).round() as usize).clamp(1, options.count_max);
    let windows = windows(size, options.input_px);
    let places = places(site.file(), model);
    let people = people(site.file(), model);
    let mut chosen = choose(&windows, &places, size, RegionOptions { count_max: count, ..options });
    if chosen.is_empty() {
        chosen.push(PixelRect { x: 0, y: 0, width: size.0, height: size.1 });
    }
    let scene =
        Scene { windows: &windows, places: &places, people: &people, size_px: size, options };
    cover(&scene, &chosen)
}

/// Width and height of the picture, rounded down to even numbers, as regions are.
fn even_size(model: &CameraModel) -> (u32, u32) {
    let (width, height) = model.size_px();
    (width & !1, height & !1)
}

#[cfg(test)]
mod tests;
