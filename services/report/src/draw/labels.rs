//! Where labels go, so that they cover neither each other nor the bars.

/// A rectangle in the picture, pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Area {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    fn inside(&self, other: &Self) -> bool {
        self.x >= other.x
            && self.y >= other.y
            && self.x + self.width <= other.x + other.width
            && self.y + self.height <= other.y + other.height
    }
}

/// A label that wants to be near a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// The middle of the label's lower edge, where there is room.
    pub(crate) anchor: [f32; 2],
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Shifts that are tried in turn, in widths and heights of the label.
const SHIFTS: [[f32; 2]; 14] = [
    [0.0, 0.0],
    [0.55, -0.1],
    [-0.55, -0.1],
    [0.0, -1.05],
    [0.0, 1.05],
    [0.6, -1.15],
    [-0.6, -1.15],
    [0.6, 1.05],
    [-0.6, 1.05],
    [0.0, -2.1],
    [1.05, 0.0],
    [-1.05, 0.0],
    [0.0, 2.1],
    [0.0, -3.15],
];

/// Places labels in order: the first come first. None where no shift leaves a label free of `taken`
/// and of those placed before, wholly inside `picture`.
pub(crate) fn place(picture: Area, taken: &[Area], wanted: &[Wanted]) -> Vec<Option<Area>> {
    let mut used = taken.to_vec();
    wanted
        .iter()
        .map(|label| {
            let [x, y] = label.anchor;
            let found = SHIFTS.iter().find_map(|[dx, dy]| {
                let area = Area {
                    x: x - label.width / 2.0 + dx * label.width,
                    y: y - label.height + dy * label.height,
                    width: label.width,
                    height: label.height,
                };
                let free = area.inside(&picture) && !used.iter().any(|other| other.overlaps(&area));
                free.then_some(area)
            });
            used.extend(found);
            found
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_stay_inside_and_apart(
            size in (1.0f32..2000.0, 1.0f32..2000.0),
            wanted in prop::collection::vec(
                ((-1e7f32..1e7, -1e7f32..1e7), (0.5f32..400.0, 0.5f32..60.0)), 0..40),
            near in prop::collection::vec(((0.0f32..800.0, 0.0f32..600.0), (5.0f32..90.0, 5.0f32..30.0)), 0..40),
        ) {
            let picture = Area { x: 0.0, y: 0.0, width: size.0, height: size.1 };
            let bar = Area { x: 0.0, y: 0.0, width: size.0, height: 20.0 };
            let wanted: Vec<_> = wanted.into_iter().chain(near)
                .map(|((x, y), (width, height))| Wanted { anchor: [x, y], width, height })
                .collect();
            let placed = place(picture, &[bar], &wanted);
            prop_assert_eq!(placed.len(), wanted.len());
            let placed: Vec<_> = placed.into_iter().flatten().collect();
            for (index, area) in placed.iter().enumerate() {
                prop_assert!(area.inside(&picture) && !area.overlaps(&bar));
                prop_assert!(!placed[..index].iter().any(|other| other.overlaps(area)));
            }
        }
    }

    #[test]
    fn odd_numbers_are_not_placed() {
        let picture = Area { x: 0.0, y: 0.0, width: 100.0, height: 100.0 };
        let odd = |x: f32| Wanted { anchor: [x, 50.0], width: 20.0, height: 10.0 };
        let placed =
            place(picture, &[], &[odd(f32::NAN), odd(f32::INFINITY), odd(50.0), odd(50.0)]);
        assert_eq!(
            placed.iter().map(Option::is_some).collect::<Vec<_>>(),
            [false, false, true, true]
        );
    }
}
