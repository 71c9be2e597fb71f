//! How surely a model finds a road user of a size.

/// Share of vehicles that a small detector finds, by their height in its input (pixels, ascending),
/// measured with YOLOX-nano on rendered junctions: whole frames at 0.33 and crops at 0.9 to 1.3 of
/// the picture's scale. Above 200 pixels a vehicle fills so much of the input that parts of it are
/// taken for the whole. For models whose manifest has no curve of their own.
pub(super) const FOUND_USUALLY: [[f64; 2]; 9] = [
    [7.0, 0.0],
    [13.0, 0.25],
    [18.0, 0.54],
    [26.0, 0.80],
    [36.0, 0.92],
    [48.0, 0.96],
    [180.0, 0.96],
    [300.0, 0.75],
    [416.0, 0.40],
];

/// What enlarging is worth: a pixel that was interpolated tells less than one that was seen.
const ENLARGED: f64 = 0.6;

/// How high something counts as in a region that is scaled by `scale` to the input, pixels of the
/// input, when it is `height_px` high in the picture.
pub(super) fn effective_px(height_px: f64, scale: f64) -> f64 {
    height_px * if scale > 1.0 { 1.0 + (scale - 1.0) * ENLARGED } else { scale }
}

/// How surely a vehicle is found that is `height_px` high in the picture, in a region that is
/// scaled by `scale` to the input; 0 to 1. `found` is the model's curve: height in the input and
/// share found, heights ascending.
pub(super) fn worth(found: &[[f64; 2]], height_px: f64, scale: f64) -> f64 {
    let height = effective_px(height_px, scale);
    let after = found.partition_point(|&[at, _]| at <= height);
    let below = after.checked_sub(1).and_then(|index| found.get(index));
    match (below, found.get(after)) {
        (None, _) => 0.0,
        (Some(&[_, share]), None) => share,
        (Some(&[low, from]), Some(&[high, to])) => {
            from + (to - from) * (height - low) / (high - low)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_is_surer_until_it_is_too_large() {
        let worth = |height, scale| worth(&FOUND_USUALLY, height, scale);
        assert_eq!(worth(5.0, 1.0), 0.0);
        assert!(worth(60.0, 0.3) < worth(60.0, 0.8));
        assert!(worth(20.0, 2.0) > worth(20.0, 1.0) && worth(20.0, 2.0) < worth(40.0, 1.0));
        assert!(worth(400.0, 1.0) < worth(400.0, 0.3));
        assert_eq!(worth(1e9, 1.0), 0.40);
    }

    #[test]
    fn a_curve_of_ones_own_is_followed_between_its_points() {
        let found = [[10.0, 0.0], [20.0, 0.8]];
        assert_eq!(worth(&found, 15.0, 1.0), 0.4);
        assert_eq!(worth(&found, 90.0, 1.0), 0.8);
        assert_eq!(worth(&found, 9.0, 1.0), 0.0);
        assert_eq!(worth(&[], 50.0, 1.0), 0.0);
    }
}
