//! What the report shows of the parts of the picture that the detector looks at.

use wayside_inference::regions::{RegionOptions, survey};
use wayside_picture::PixelRect;
use wayside_report::{Tile, TilesView};
use wayside_site::Site;

/// The parts, and what they show of road and people.
pub fn view(
    site: &Site,
    camera: &str,
    (width, height): (u32, u32),
    rects: &[PixelRect],
    options: RegionOptions<'_>,
) -> TilesView {
    let found = survey(site, camera, rects, options);
    let tiles = found.iter().flat_map(|found| &found.regions).map(|region| Tile {
        rect: region.rect,
        scale: region.scale,
        car_px: region.car_px,
        road: region.road,
        people: region.people,
    });
    TilesView {
        width,
        height,
        tiles: tiles.collect(),
        road: found.as_ref().and_then(|found| found.road),
        road_large: found.as_ref().and_then(|found| found.road_large),
        people: found.as_ref().and_then(|found| found.people),
        people_large: found.as_ref().and_then(|found| found.people_large),
        still: None,
    }
}
