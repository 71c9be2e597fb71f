//! Drawings of our own, the only pictures that a sign shows.

use wayside_proto::SignPictogram;

/// The drawing as SVG, 100 by 100, that stands on black. No script, no style, no text.
#[must_use]
pub fn pictogram_svg(pictogram: SignPictogram) -> &'static str {
    match pictogram {
        SignPictogram::PedestrianCrossing => include_str!("../pictograms/pedestrian_crossing.svg"),
        SignPictogram::RedLight => include_str!("../pictograms/red_light.svg"),
        SignPictogram::WrongWay => include_str!("../pictograms/wrong_way.svg"),
        SignPictogram::Queue => include_str!("../pictograms/queue.svg"),
        SignPictogram::Clock => include_str!("../pictograms/clock.svg"),
    }
}
