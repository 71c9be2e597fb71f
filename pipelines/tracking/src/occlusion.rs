//! Which edges of a box are hidden behind a nearer road user or cut by the picture's border.

use crate::cuboid::Edges;
use crate::filter::EdgeUse;

/// An edge this near to the border of the picture is cut by it, pixels.
const BORDER_PX: f64 = 3.0;
/// An edge of which more than this share is covered counts as hidden.
const COVERED_SHARE: f64 = 0.4;
/// How far outside of an edge is looked: at least this, pixels, and this share of the box's size.
const MARGIN_PX: f64 = 3.0;
const MARGIN_SHARE: f64 = 0.08;
/// Places along an edge that are looked at.
const PROBES: usize = 8;

/// What may be used of a measured box. `predicted` are the boxes of other tracks that are nearer to
/// the camera than this one; an edge is hidden where they cover it or the strip just outside it.
pub(crate) fn usable(
    measured: &Edges,
    nearer: &[Edges],
    (width, height): (u32, u32),
) -> [EdgeUse; 4] {
    let border = [
        measured[0] <= BORDER_PX,
        measured[1] <= BORDER_PX,
        measured[2] >= f64::from(width) - BORDER_PX,
        measured[3] >= f64::from(height) - BORDER_PX,
    ];
    std::array::from_fn(|index| {
        if border[index] {
            EdgeUse::Border
        } else if covered_share(measured, index, nearer) > COVERED_SHARE {
            EdgeUse::Hidden
        } else {
            EdgeUse::Whole
        }
    })
}

/// Share of an edge that the boxes cover, looking just outside of it, since the detector's box ends
/// where the nearer road user begins.
fn covered_share(e: &Edges, index: usize, nearer: &[Edges]) -> f64 {
    let size = [e[2] - e[0], e[3] - e[1]];
    let margin = (MARGIN_SHARE * size[index % 2]).max(MARGIN_PX);
    let covered = (0..PROBES).filter(|&probe| {
        let share = (probe as f64 + 0.5) / PROBES as f64;
        let (across, down) = (e[0] + share * (e[2] - e[0]), e[1] + share * (e[3] - e[1]));
        let [x, y] = match index {
            0 => [e[0] - margin, down],
            1 => [across, e[1] - margin],
            2 => [e[2] + margin, down],
            _ => [across, e[3] + margin],
        };
        nearer.iter().any(|n| (n[0]..=n[2]).contains(&x) && (n[1]..=n[3]).contains(&y))
    });
    covered.count() as f64 / PROBES as f64
}

/// Share of a box's area that the most covering of the others covers.
pub(crate) fn hidden_share(e: &Edges, nearer: &[Edges]) -> f64 {
    let area = (e[2] - e[0]).max(0.0) * (e[3] - e[1]).max(0.0);
    let common = |n: &Edges| {
        (e[2].min(n[2]) - e[0].max(n[0])).max(0.0) * (e[3].min(n[3]) - e[1].max(n[1])).max(0.0)
    };
    nearer.iter().map(|n| common(n) / area.max(1e-9)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nearer_box_hides_the_edge_that_it_covers() {
        let far = [100.0, 100.0, 200.0, 160.0];
        let near = [80.0, 150.0, 220.0, 260.0];
        let edges = usable(&far, &[near], (1280, 720));
        assert_eq!(edges, [EdgeUse::Whole, EdgeUse::Whole, EdgeUse::Whole, EdgeUse::Hidden]);
        assert!((hidden_share(&far, &[near]) - 1.0 / 6.0).abs() < 1e-9);
    }

    #[test]
    fn the_border_cuts() {
        let edges = usable(&[0.0, 100.0, 200.0, 719.0], &[], (1280, 720));
        assert_eq!(edges, [EdgeUse::Border, EdgeUse::Whole, EdgeUse::Whole, EdgeUse::Border]);
    }
}
