//! The view without traffic: the median of a few pictures over some seconds.

use std::collections::VecDeque;

use crate::small::Small;

/// Pictures that a median is taken of.
pub(crate) const PICTURES: usize = 9;

/// Samples that are sorted together, a few vector registers.
const LANES: usize = 64;

/// Comparisons that leave the median of nine in the middle place. Source: N. Devillard, Fast median search
/// (1998), after Paeth.
const EXCHANGES: [(usize, usize); 19] = [
    (1, 2),
    (4, 5),
    (7, 8),
    (0, 1),
    (3, 4),
    (6, 7),
    (1, 2),
    (4, 5),
    (7, 8),
    (0, 3),
    (5, 8),
    (4, 7),
    (3, 6),
    (1, 4),
    (2, 5),
    (4, 7),
    (4, 2),
    (6, 4),
    (4, 2),
];

/// The last few pictures, all of one size.
#[derive(Debug, Default)]
pub(crate) struct Window {
    pictures: VecDeque<Small>,
}

impl Window {
    /// Takes a picture; the oldest goes when there are [`PICTURES`].
    pub(crate) fn push(&mut self, picture: Small) {
        let size = |p: &Small| (p.width, p.height);
        if self.pictures.front().is_some_and(|first| size(first) != size(&picture)) {
            self.pictures.clear();
        }
        if self.pictures.len() == PICTURES {
            self.pictures.pop_front();
        }
        self.pictures.push_back(picture);
    }

    pub(crate) fn clear(&mut self) {
        self.pictures.clear();
    }

    /// The median, sample by sample, once there are enough pictures.
    pub(crate) fn median(&self) -> Option<Small> {
        let first = self.pictures.front().filter(|_| self.pictures.len() == PICTURES)?;
        let mut luma = vec![0; first.luma.len()];
        for (index, out) in luma.chunks_mut(LANES).enumerate() {
            let mut lanes = [[0u8; LANES]; PICTURES];
            for (lane, picture) in lanes.iter_mut().zip(&self.pictures) {
                let part = &picture.luma[index * LANES..index * LANES + out.len()];
                lane[..out.len()].copy_from_slice(part);
            }
            for (low, high) in EXCHANGES {
                let (a, b) = (lanes[low], lanes[high]);
                for ((a, b), i) in a.iter().zip(&b).zip(0..) {
                    lanes[low][i] = *a.min(b);
                    lanes[high][i] = *a.max(b);
                }
            }
            out.copy_from_slice(&lanes[PICTURES / 2][..out.len()]);
        }
        Some(Small { width: first.width, height: first.height, luma })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_middle_value_comes_out(
            rows in prop::collection::vec(prop::collection::vec(any::<u8>(), 70), PICTURES),
        ) {
            let mut window = Window::default();
            for row in &rows {
                prop_assert!(window.median().is_none());
                window.push(Small { width: 35, height: 2, luma: row.clone() });
            }
            let median = window.median().unwrap();
            for (i, value) in median.luma.iter().enumerate() {
                let mut column: Vec<u8> = rows.iter().map(|row| row[i]).collect();
                column.sort_unstable();
                prop_assert_eq!(*value, column[PICTURES / 2]);
            }
        }
    }
}
