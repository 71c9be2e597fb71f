//! Which parts of a picture are looked at so that nothing of it is left out.

use wayside_picture::PixelRect;

/// The most that neighbouring tiles are apart, as a share of their side: a road user of up to the rest of it
/// is whole in one of them.
const STEP: f64 = 0.8;
/// The largest factor between the scales at which a picture is looked at.
const FACTOR: u32 = 2;

/// Regions for a model whose input has `input_px` on its longer side: the whole picture of `width` x `height`
/// pixels at full scale in tiles, at half, and so on, down to one region that holds it all. At full scale
/// small road users are found, at the others large ones.
#[must_use]
pub fn tiles(width: u32, height: u32, input_px: u32) -> Vec<PixelRect> {
    let mut out = Vec::new();
    let longest = width.max(height);
    let mut side = input_px.max(32) & !1;
    // Beyond this one region does, with less than a fifth lost in scale.
    while f64::from(side) * 1.2 < f64::from(longest) {
        let (w, h) = (side.min(width) & !1, side.min(height) & !1);
        for y in starts(height, h) {
            out.extend(starts(width, w).into_iter().map(|x| PixelRect {
                x,
                y,
                width: w,
                height: h,
            }));
        }
        side = side.saturating_mul(FACTOR);
    }
    out.push(PixelRect { x: 0, y: 0, width, height });
    out
}

/// Where tiles of this length begin, evenly from one end to the other.
fn starts(whole: u32, length: u32) -> Vec<u32> {
    let room = whole.saturating_sub(length);
    let steps = (f64::from(room) / (f64::from(length.max(1)) * STEP)).ceil() as u32;
    (0..=steps)
        .map(|n| {
            (u64::from(room) * u64::from(n)).checked_div(steps.into()).unwrap_or(0) as u32 & !1
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_picture_of_720_lines_takes_eleven() {
        let got = tiles(1280, 720, 416);
        assert_eq!(got.len(), 11);
        assert_eq!(got[0], PixelRect { x: 0, y: 0, width: 416, height: 416 });
        assert_eq!(got[7], PixelRect { x: 864, y: 304, width: 416, height: 416 });
        assert_eq!(got[10], PixelRect { x: 0, y: 0, width: 1280, height: 720 });
    }

    proptest! {
        #[test]
        fn every_small_box_is_whole_in_a_tile_of_full_scale(
            half_w in 100u32..1000, half_h in 100u32..600, x in 0f64..1.0, y in 0f64..1.0,
        ) {
            let (w, h) = (2 * half_w, 2 * half_h);
            let side = 60u32;
            let (x, y) = ((x * f64::from(w - side)) as u32, (y * f64::from(h - side)) as u32);
            let all = tiles(w, h, 416);
            prop_assert!(all.iter().all(|t| t.x + t.width <= w && t.y + t.height <= h));
            let holds = |t: &&PixelRect| {
                t.x <= x && t.y <= y && t.x + t.width >= x + side && t.y + t.height >= y + side
            };
            let best = all.iter().filter(holds).map(|t| t.width.max(t.height)).min();
            // At least at the model's own scale, or nearly.
            prop_assert!(best.is_some_and(|side| side <= 416 * 6 / 5));
        }
    }
}
