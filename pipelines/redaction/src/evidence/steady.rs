//! Means of outlines over time: a vehicle keeps its place in its box, who passes it does not, and neither do errors of
//! the model and of the box.

use wayside_proto::{BoxPx, EventTime};

use super::outline::Outline;

/// Pictures up to this far away on each side are taken into a mean, microseconds.
const REACH_US: i64 = 170_000;

/// Each outline as the mean of those around it, place by place of the vehicle's box.
pub(super) fn steadied(
    times: &[EventTime],
    own: &[Option<BoxPx>],
    outlines: &[Option<Outline>],
) -> Vec<Option<Outline>> {
    (0..outlines.len())
        .map(|at| {
            let (here, b) = (outlines.get(at)?.as_ref()?, own.get(at)?.as_ref()?);
            let near = |other: usize| {
                let (there, time) = (times.get(other)?, times.get(at)?);
                let close = other != at && (there.0 - time.0).abs() <= REACH_US;
                let found = (outlines.get(other)?.as_ref()?, own.get(other)?.as_ref()?);
                close.then_some(found)
            };
            // A camera of 30 pictures a second has five in that time.
            let around: Vec<_> = (at.saturating_sub(8)..at + 9).filter_map(near).collect();
            Some(here.mean_with(b, &around))
        })
        .collect()
}

impl Outline {
    /// The mean of this and of the same places in others; of others only where they tell of that place.
    fn mean_with(&self, own: &BoxPx, around: &[(&Self, &BoxPx)]) -> Self {
        let mut mean = self.clone();
        let (w, h) = ((own.x1 - own.x0).max(1.0), (own.y1 - own.y0).max(1.0));
        for row in 0..self.rows {
            for column in 0..self.columns {
                let (x, y) = self.place(column, row);
                // Where that is in the vehicle's box.
                let (u, v) = ((x - own.x0) / w, (y - own.y0) / h);
                let at = row * self.columns + column;
                let (mut mine, mut others, mut count) =
                    (f32::from(self.own[at]), f32::from(self.other[at]), 1.0_f32);
                for (outline, b) in around {
                    let there = (b.x0 + u * (b.x1 - b.x0), b.y0 + v * (b.y1 - b.y0));
                    if let Some((o, t)) = outline.at(there.0, there.1) {
                        (mine, others, count) = (mine + o, others + t, count + 1.0);
                    }
                }
                // What this picture alone says of others is never averaged away by more than half.
                let others = (others / count).max(f32::from(self.other[at]) / 2.0);
                mean.own[at] = (mine / count).round() as u8;
                mean.other[at] = others.round() as u8;
            }
        }
        mean
    }
}

#[cfg(test)]
mod tests {
    use wayside_picture::PixelRect;

    use super::*;

    fn outline(x: u32, says: impl Fn(usize) -> (u8, u8)) -> Option<Outline> {
        let rect = PixelRect { x, y: 0, width: 80, height: 20 };
        let (own, other) = (0..40 * 10).map(|at| says(at % 40)).unzip();
        Outline::new(rect, (40, 10), own, other)
    }

    fn own(x: f32) -> Option<BoxPx> {
        Some(BoxPx { x0: x + 10.0, y0: 2.0, x1: x + 70.0, y1: 18.0 })
    }

    #[test]
    fn places_of_the_box_are_averaged_wherever_the_vehicle_is() {
        let times: Vec<EventTime> = (0..3).map(|n| EventTime(n * 80_000)).collect();
        let half = |at: usize| if at < 20 { (255, 0) } else { (0, 255) };
        let boxes = [own(0.0), own(30.0), own(60.0)];
        let steady = [outline(0, half), outline(30, half), outline(60, half)];
        assert_eq!(steadied(&times, &boxes, &steady), steady);
        // In the middle one, somebody shows for one picture.
        let passed = outline(30, |at| if (8..12).contains(&at) { (0, 255) } else { half(at) });
        let got = steadied(&times, &boxes, &[outline(0, half), passed, outline(60, half)]);
        let middle = got[1].as_ref().expect("one");
        assert_eq!(middle.at(50.0, 10.0), Some((170.0, 128.0)));
        assert_eq!(middle.at(36.0, 10.0), Some((255.0, 0.0)));
        assert_eq!(got[0].as_ref().and_then(|o| o.at(20.0, 10.0)), Some((170.0, 85.0)));
    }

    #[test]
    fn pictures_without_outline_or_far_away_say_nothing() {
        let far = [EventTime(0), EventTime(1_000_000), EventTime(1_080_000)];
        let all = |_| (255, 0);
        let none = |_| (0, 255);
        let given = [outline(0, all), outline(0, none), None];
        assert_eq!(steadied(&far, &[own(0.0), own(0.0), own(0.0)], &given), given);
        assert_eq!(steadied(&far, &[None, None, None], &given), [None, None, None]);
    }
}
