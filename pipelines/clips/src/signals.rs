//! Where the signal heads are in the picture.

use wayside_proto::BoxPx;
use wayside_site::model::Lamp;

/// A box around the lamps of each head of a camera's site file: they change as a road user does, and stay clear,
/// since an event on red is worth nothing without them.
#[must_use]
pub fn signals(lamps: &[Lamp]) -> Vec<BoxPx> {
    lamps.iter().map(head).collect()
}

fn head(lamp: &Lamp) -> BoxPx {
    let lamps = [Some(lamp.red_px), lamp.yellow_px, Some(lamp.green_px)];
    let empty = BoxPx { x0: f32::MAX, y0: f32::MAX, x1: f32::MIN, y1: f32::MIN };
    lamps.into_iter().flatten().fold(empty, |all, [left, top, right, bottom]| BoxPx {
        x0: all.x0.min(left as f32),
        y0: all.y0.min(top as f32),
        x1: all.x1.max(right as f32),
        y1: all.y1.max(bottom as f32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_holds_its_lamps() {
        let lamp = Lamp {
            group: "N".to_owned(),
            red_px: [10.0, 20.0, 14.0, 24.0],
            yellow_px: None,
            green_px: [11.0, 30.0, 15.0, 35.0],
        };
        assert_eq!(signals(&[lamp]), [BoxPx { x0: 10.0, y0: 20.0, x1: 15.0, y1: 35.0 }]);
    }
}
