//! Which parts of a road user's box must be hidden.

use wayside_proto::{BoxPx, RoadUserClass};

/// A part of the picture to hide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zone {
    /// The part.
    pub box_px: BoxPx,
    /// Side of the blocks that replace it, pixels.
    pub block_px: u32,
}

/// How much a person's box grows on each side, as a share of its size: detectors cut off feet,
/// hands and bags.
const PERSON_MARGIN: f32 = 0.2;

/// A plate of 0.11 m height on a car of 1.5 m: blocks of an eighth of the box's height hold a whole
/// line of its characters.
const PLATE_BLOCKS_PER_HEIGHT: f32 = 8.0;

/// Plates hang in the lower part of a vehicle; boxes are cut at the bottom as often as not.
const PLATE_ZONE_FROM: f32 = 0.45;

/// Above this height of a vehicle's box, pixels, a face behind its windows has more than about a
/// dozen pixels.
const FACE_BOX_HEIGHT_PX_MIN: f32 = 96.0;

/// Smallest block, pixels.
const BLOCK_PX_MIN: f32 = 8.0;

/// The zones of one road user.
#[must_use]
pub fn zones(class: RoadUserClass, box_px: BoxPx) -> Vec<Zone> {
    let (width, height) = (box_px.x1 - box_px.x0, box_px.y1 - box_px.y0);
    if !(width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite()) {
        return Vec::new();
    }
    let block = |px: f32| px.clamp(BLOCK_PX_MIN, 256.0) as u32;
    match class {
        RoadUserClass::Person | RoadUserClass::Bicycle | RoadUserClass::Motorcycle => {
            let (dx, dy) = (width * PERSON_MARGIN, height * PERSON_MARGIN);
            let grown = BoxPx {
                x0: box_px.x0 - dx,
                y0: box_px.y0 - dy,
                x1: box_px.x1 + dx,
                y1: box_px.y1 + dy / 2.0,
            };
            // A head is a seventh of a person's height.
            vec![Zone { box_px: grown, block_px: block(height / 7.0) }]
        }
        RoadUserClass::Car | RoadUserClass::Truck | RoadUserClass::Bus => {
            let from = if height >= FACE_BOX_HEIGHT_PX_MIN { 0.0 } else { PLATE_ZONE_FROM };
            let zone =
                BoxPx { y0: box_px.y0 + from * height, y1: box_px.y1 + height / 16.0, ..box_px };
            vec![Zone { box_px: zone, block_px: block(height / PLATE_BLOCKS_PER_HEIGHT) }]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: BoxPx = BoxPx { x0: 100.0, y0: 100.0, x1: 180.0, y1: 160.0 };

    #[test]
    fn a_person_is_hidden_whole_and_a_little_more() {
        let zone = zones(RoadUserClass::Person, BOX)[0];
        assert!(zone.box_px.x0 < BOX.x0 && zone.box_px.y0 < BOX.y0 && zone.box_px.y1 > BOX.y1);
    }

    #[test]
    fn a_small_car_keeps_its_roof_and_a_near_one_does_not() {
        assert_eq!(zones(RoadUserClass::Car, BOX)[0].box_px.y0, 127.0);
        let near = BoxPx { y1: 220.0, ..BOX };
        assert_eq!(zones(RoadUserClass::Car, near)[0].box_px.y0, 100.0);
    }

    #[test]
    fn blocks_hold_a_line_of_plate_characters() {
        for height in [20.0, 60.0, 400.0_f32] {
            let box_px = BoxPx { y1: 100.0 + height, ..BOX };
            let block = zones(RoadUserClass::Truck, box_px)[0].block_px as f32;
            assert!(block >= height * 0.11 / 1.5, "{block} {height}");
        }
    }

    #[test]
    fn an_impossible_box_has_no_zone() {
        assert!(zones(RoadUserClass::Car, BoxPx { x1: f32::NAN, ..BOX }).is_empty());
        assert!(zones(RoadUserClass::Car, BoxPx { x1: 0.0, ..BOX }).is_empty());
    }
}
