//! What regions show of the road and of the places where people can stand, for people to read.

use wayside_picture::PixelRect;
use wayside_site::Site;

use super::people::people;
use super::places::{Kind, Place, places};
use super::window::Window;
use super::worth::worth;
use super::{RegionOptions, even_size};

/// Height in the model's input from which something counts as seen, pixels.
const SEEN_PX: f64 = 16.0;

/// Height in the model's input from which a car is seen well, pixels.
const CAR_LARGE_PX: f64 = 40.0;

/// Height in the model's input from which a person is seen well, pixels.
const PERSON_LARGE_PX: f64 = 24.0;

/// Share of cars left out at either end of a range of heights: those half behind an edge and those
/// at the camera's foot.
const TAIL: f64 = 0.05;

/// What regions show. Shares are of places in thought, every three metres or less, 0 to 1; none
/// where the site file has no such place in the camera's view. A road user counts where it is
/// wholly inside a region; what stands before it is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Each region, in the order given.
    pub regions: Vec<RegionSurvey>,
    /// Places of cars within 90 m of lines, areas and zones, at least 8 pixels high in the picture:
    /// share at which a car is at least 16 pixels high in the model's input.
    pub road: Option<f64>,
    /// Of the same places: share at which a car is at least 40 pixels high in the model's input.
    pub road_large: Option<f64>,
    /// Places where a person can stand, at least 16 pixels high in the picture: share at which the
    /// person is at least 16 pixels high in the model's input.
    pub people: Option<f64>,
    /// Of the same places: share at which the person is at least 24 pixels high in the model's
    /// input.
    pub people_large: Option<f64>,
}

/// What one region shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionSurvey {
    /// The region, pixels of the picture.
    pub rect: PixelRect,
    /// Pixels of the model's input for each pixel of the picture.
    pub scale: f64,
    /// Height of nearly all cars in the model's input, lowest and highest, pixels, at the places
    /// for which no other region is better; none where there is no such place.
    pub car_px: Option<[f64; 2]>,
    /// Share of the road, as [`Survey::road`].
    pub road: Option<f64>,
    /// Share of the places of people, as [`Survey::people`].
    pub people: Option<f64>,
}

/// What these regions show to a camera; none for a camera that the site does not know.
#[must_use]
pub fn survey(
    site: &Site,
    camera: &str,
    rects: &[PixelRect],
    options: RegionOptions<'_>,
) -> Option<Survey> {
    let model = site.camera_model(camera)?;
    let size = even_size(model);
    let windows: Vec<Window> =
        rects.iter().map(|&rect| Window::new(rect, size, options.input_px)).collect();
    let mut cars = places(site.file(), model);
    cars.retain(|place| place.kind == Kind::Car);
    let people = people(site.file(), model);
    let best: Vec<Option<usize>> =
        cars.iter().map(|car| best(car, &windows, options.found_by_height_px)).collect();
    let regions = windows.iter().enumerate().map(|(index, window)| RegionSurvey {
        rect: window.rect,
        scale: window.scale,
        car_px: range(
            cars.iter().zip(&best).filter(|(_, best)| **best == Some(index)).map(|(car, _)| car),
            window,
        ),
        road: share(&cars, std::slice::from_ref(window), SEEN_PX),
        people: share(&people, std::slice::from_ref(window), SEEN_PX),
    });
    Some(Survey {
        regions: regions.collect(),
        road: share(&cars, &windows, SEEN_PX),
        road_large: share(&cars, &windows, CAR_LARGE_PX),
        people: share(&people, &windows, SEEN_PX),
        people_large: share(&people, &windows, PERSON_LARGE_PX),
    })
}

/// Share of the places that are so large in one of the windows.
pub(super) fn share(places: &[Place], windows: &[Window], height_px_min: f64) -> Option<f64> {
    let seen = |place: &&Place| {
        let mut heights = windows.iter().filter_map(|window| window.input_px(place));
        heights.any(|height| height >= height_px_min)
    };
    let count = places.iter().filter(seen).count();
    (!places.is_empty()).then(|| count as f64 / places.len() as f64)
}

/// The window in which a car at the place is found most surely; the first of equals, none where it
/// is found in none.
fn best(car: &Place, windows: &[Window], found: &[[f64; 2]]) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (index, window) in windows.iter().enumerate().filter(|(_, window)| window.holds(car)) {
        let worth = worth(found, car.height_px(), window.scale);
        if worth > best.map_or(0.0, |(most, _)| most) {
            best = Some((worth, index));
        }
    }
    best.map(|(_, index)| index)
}

/// Lowest and highest of nearly all cars in the model's input, pixels.
fn range<'a>(cars: impl Iterator<Item = &'a Place>, window: &Window) -> Option<[f64; 2]> {
    let mut heights: Vec<f64> = cars.map(|car| car.height_px() * window.scale).collect();
    heights.sort_by(f64::total_cmp);
    let tail = (heights.len() as f64 * TAIL) as usize;
    let low = heights.get(tail)?;
    let high = heights.get(heights.len().checked_sub(1 + tail)?)?;
    Some([*low, *high])
}
