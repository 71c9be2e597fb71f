//! The ways of an arm.

use crate::road::{ARM_M, CROSSING_M, KERB_M, STOP_LINE_M};

/// A way, driven or walked from its begin to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Path {
    /// Towards the junction, next to the kerb.
    In1,
    /// Towards the junction, next to the middle.
    In2,
    /// Away from it, next to the kerb.
    Out1,
    /// Away from it, next to the middle.
    Out2,
    /// Along the kerb of the way out, where stopping is forbidden.
    Bay,
    /// Towards the junction in the kerb lane of the way out: the wrong way.
    Wrong,
    /// Over the crossing, from left to right as one looks outward.
    WalkRight,
    /// Over the crossing, from right to left.
    WalkLeft,
}

/// People come into view this far from the kerb, metres.
const WALK_FROM_M: f64 = 1.5;

impl Path {
    pub(crate) const COUNT: usize = 8;

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn walks(self) -> bool {
        matches!(self, Self::WalkRight | Self::WalkLeft)
    }

    /// Whether it leads to the stop line.
    pub(crate) fn enters(self) -> bool {
        matches!(self, Self::In1 | Self::In2)
    }

    /// Whether it is driven towards the middle of the junction.
    pub(crate) fn inward(self) -> bool {
        matches!(self, Self::In1 | Self::In2 | Self::Wrong)
    }

    /// Length, metres.
    pub(crate) fn length_m(self) -> f64 {
        match self {
            Self::In1 | Self::In2 => ARM_M + 16.0,
            Self::Out1 | Self::Out2 => ARM_M + 6.0,
            Self::Bay => 60.0,
            Self::Wrong => 78.0,
            Self::WalkRight | Self::WalkLeft => 2.0 * (KERB_M + WALK_FROM_M),
        }
    }

    /// The point `s` metres along the way, and `aside` metres to the left of it: across and out.
    pub(crate) fn at(self, s: f64, aside: f64) -> (f64, f64) {
        match self {
            Self::In1 => (-4.8 + aside, ARM_M - s),
            Self::In2 => (-1.6 + aside, ARM_M - s),
            Self::Out1 => (4.8 - aside, s - 6.0),
            Self::Out2 => (1.6 - aside, s - 6.0),
            Self::Bay => (8.0 - aside, s + 14.0),
            Self::Wrong => (4.8 + aside, ARM_M - 5.0 - s),
            Self::WalkRight => (s - KERB_M - WALK_FROM_M, CROSSING_M + aside),
            Self::WalkLeft => (KERB_M + WALK_FROM_M - s, CROSSING_M - aside),
        }
    }

    /// Where the stop line lies along a way in, metres.
    pub(crate) fn line_s() -> f64 {
        ARM_M - STOP_LINE_M
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_in_meets_the_stop_line_where_it_says() {
        assert_eq!(Path::In1.at(Path::line_s(), 0.0).1, STOP_LINE_M);
        assert_eq!(Path::In2.at(0.0, 0.0), (-1.6, ARM_M));
        assert_eq!(Path::WalkRight.at(Path::WalkRight.length_m(), 0.0), (7.9, CROSSING_M));
    }
}
