//! Interval of a share.

/// 0.975 quantile of the normal distribution, for intervals of 95%.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A share with its 95% interval, all 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// Best estimate; 0 of none.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Share {
    /// Wilson's score interval (E. B. Wilson, JASA 22, 1927), which holds for small numbers and for
    /// shares near 0 and 1. Of none it is 0 to 1. A `count` above `of` counts as `of`.
    #[must_use]
    pub fn of(count: u64, of: u64) -> Self {
        let count = count.min(of);
        if of == 0 {
            return Self { count, of, share: 0.0, low: 0.0, high: 1.0 };
        }
        let n = of as f64;
        let share = count as f64 / n;
        let z2 = Z_95 * Z_95;
        let middle = share + z2 / (2.0 * n);
        let half = Z_95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z2 / n;
        // The ends are exact where the share is.
        let low = if count == 0 { 0.0 } else { ((middle - half) / whole).max(0.0) };
        let high = if count == of { 1.0 } else { ((middle + half) / whole).min(1.0) };
        Self { count, of, share, low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    /// Values of R's `binom::binom.wilson`, and of Newcombe, Statistics in Medicine 17, 1998, table I.
    #[test]
    fn agrees_with_published_values() {
        for (count, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (29, 29, 0.8830, 1.0),
        ] {
            let share = Share::of(count, of);
            assert!((share.low - low).abs() < 6e-5, "{count}/{of}: {share:?}");
            assert!((share.high - high).abs() < 6e-5, "{count}/{of}: {share:?}");
        }
    }

    #[test]
    fn nothing_decided_says_nothing() {
        let share = Share::of(0, 0);
        assert_eq!((share.low, share.high), (0.0, 1.0));
        assert_eq!(Share::of(9, 3), Share::of(3, 3));
    }
}
