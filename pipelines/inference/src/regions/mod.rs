//! Where in a picture to look, as the site file implies.
//!
//! Vehicles are placed in thought along the lanes and projected into the picture (`places`). Each
//! region makes each of them so large in the model's input, and a model finds a vehicle the more
//! surely the larger it is there, up to a point (`worth`). Regions are then chosen one by one, each
//! where it adds most (`choose`): near things end up in a large region that is scaled down, far
//! things in small ones.

mod choose;
mod places;
mod worth;

use wayside_picture::PixelRect;
use wayside_site::Site;

use self::choose::choose;
use self::places::places;

/// How regions are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionOptions {
    /// The longer side of the model's input, pixels.
    pub input_px: u32,
    /// The most regions; fewer where more would add little. Each costs one run of the model.
    pub count_max: usize,
    /// What a region must add to be worth its run: share of all places, 0 to 1.
    pub gain_min: f64,
}

impl RegionOptions {
    /// The usual choice for a model with this input.
    #[must_use]
    pub fn new(input_px: u32) -> Self {
        Self { input_px, count_max: 6, gain_min: 0.012 }
    }
}

/// The regions of a camera for a model whose longer input side is `input_px`, at most six.
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
pub fn regions_with(site: &Site, camera: &str, options: RegionOptions) -> Vec<PixelRect> {
    let Some(model) = site.camera_model(camera) else { return Vec::new() };
    let (width, height) = model.size_px();
    let (width, height) = (width & !1, height & !1);
    if width == 0 || height == 0 || options.input_px == 0 || options.count_max == 0 {
        return Vec::new();
    }
    let inputs = f64::from(width) * f64::from(height) / f64::from(options.input_px).powi(2);
    let count = ((inputs * 1.2).round() as usize).clamp(1, options.count_max);
    let places = places(site.file(), model);
    let chosen = choose(&places, (width, height), RegionOptions { count_max: count, ..options });
    if chosen.is_empty() {
        return vec![PixelRect { x: 0, y: 0, width, height }];
    }
    chosen
}

#[cfg(test)]
mod tests;
