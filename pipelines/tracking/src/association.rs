//! Which detection belongs to which track.
//!
//! Two rounds as in ByteTrack (Zhang et al., 2022): detections of a high score first, against every
//! track, then those of a low score, against the tracks that are left. Each round is an optimal
//! assignment (Kuhn and Munkres) over the pairs that pass the gate.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// A pair of a track and a detection that may belong together, with its worth in (0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub track: usize,
    pub detection: usize,
    pub worth: f64,
}

/// How a predicted box and a measured one compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Likeness {
    /// Intersection over union, 0 to 1.
    pub iou: f64,
    /// Squared Mahalanobis distance of the four edges; none where the filter cannot tell.
    pub distance2: Option<f64>,
    /// Cost of the classes' disagreement, 0 to 1.
    pub confusion: f64,
}

/// Overlap that is enough whatever the filter says (its own gate sorts out a wrong edge).
const IOU_ENOUGH: f64 = 0.35;
/// Mahalanobis gate: 99.9% of the chi-square distribution with 4 degrees of freedom, doubled since
/// boxes err more often by much than a normal distribution does.
const DISTANCE2_MAX: f64 = 37.0;

impl Likeness {
    /// Worth of the pair, or none where the gate is shut.
    pub fn worth(&self) -> Option<f64> {
        let near = self.distance2.is_some_and(|d2| d2 <= DISTANCE2_MAX);
        if !(near || self.iou >= IOU_ENOUGH) {
            return None;
        }
        let closeness = self.distance2.map_or(0.0, |d2| 1.0 / (1.0 + d2.max(0.0) / 8.0));
        let worth = 0.5 * self.iou + 0.5 * closeness - 0.5 * self.confusion;
        Some(worth.max(0.01))
    }
}

/// The assignment with the greatest sum of worths; a track or detection without a pair stays
/// alone. Equal sums are settled by the order of tracks and detections.
pub(crate) fn assign(tracks: usize, detections: usize, pairs: &[Pair]) -> Vec<(usize, usize)> {
    if tracks == 0 || detections == 0 || pairs.is_empty() {
        return Vec::new();
    }
    let turned = tracks > detections;
    let (rows, columns) = if turned { (detections, tracks) } else { (tracks, detections) };
    let mut weights = Matrix::new(rows, columns, 0_i64);
    for pair in pairs {
        let at = if turned { (pair.detection, pair.track) } else { (pair.track, pair.detection) };
        // A million steps are finer than any difference that means something.
        weights[at] = (pair.worth * 1e6) as i64 + 1;
    }
    let (_, chosen) = kuhn_munkres(&weights);
    let mut found: Vec<(usize, usize)> = chosen
        .into_iter()
        .enumerate()
        .filter(|&at| weights[at] > 0)
        .map(|(row, column)| if turned { (column, row) } else { (row, column) })
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_decides_not_the_best_single_pair() {
        let pairs = [
            Pair { track: 0, detection: 0, worth: 0.9 },
            Pair { track: 0, detection: 1, worth: 0.8 },
            Pair { track: 1, detection: 0, worth: 0.7 },
        ];
        assert_eq!(assign(2, 2, &pairs), [(0, 1), (1, 0)]);
        assert_eq!(assign(3, 2, &pairs), [(0, 1), (1, 0)]);
        assert_eq!(assign(2, 3, &pairs[..1]), [(0, 0)]);
    }

    #[test]
    fn the_gate_shuts_on_what_is_far_and_does_not_overlap() {
        let far = Likeness { iou: 0.0, distance2: Some(100.0), confusion: 0.0 };
        assert_eq!(far.worth(), None);
        let near = Likeness { distance2: Some(4.0), ..far };
        let overlapping = Likeness { iou: 0.6, ..far };
        assert!(near.worth().is_some() && overlapping.worth().is_some());
        let other_class = Likeness { confusion: 0.2, ..near };
        assert!(other_class.worth() < near.worth());
    }
}
